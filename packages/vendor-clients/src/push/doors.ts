import type https from 'node:https'
import { isDeepStrictEqual } from 'node:util'
import type { Guard } from '../guarded/guard.ts'
import { createGuardedAgent } from '../guarded/guarded-agent.ts'

/** What connections to one partner have in common. */
export interface Door {
  readonly ca: string | undefined
  readonly clientCertificate: { readonly cert: string; readonly key: string } | undefined
  readonly connectTimeoutMs: number
}

export interface Doors {
  /** The agent of a partner. A new one when its certificates have changed; the old one's connections run out. */
  agentOf(partner: string, door: Door): https.Agent
  close(): void
}

const maxIdleConnections = 16

/** One agent for each partner: nobody waits behind another, and certificates meant for one are shown to nobody else. */
export function createDoors(guard: Guard, proxyUrl: string): Doors {
  const kept = new Map<string, { readonly door: Door; readonly agent: https.Agent }>()

  return {
    agentOf(partner, door) {
      const known = kept.get(partner)
      if (known && isDeepStrictEqual(known.door, door)) return known.agent
      const agent = createGuardedAgent({ ...door, guard, proxyUrl, maxIdleConnections })
      kept.set(partner, { door, agent })
      return agent
    },
    close() {
      for (const { agent } of kept.values()) agent.destroy()
      kept.clear()
    },
  }
}
