import type https from 'node:https'
import { isDeepStrictEqual } from 'node:util'
import type { Guard } from '../guarded/guard.ts'
import { createGuardedAgent } from '../guarded/guarded-agent.ts'

/** What connections to one receiver have in common. */
export interface Door {
  readonly ca: string | undefined
  readonly clientCertificate: { readonly cert: string; readonly key: string } | undefined
  readonly connectTimeoutMs: number
}

export interface Doors {
  /** The agent of a receiver. A new one when its certificates have changed; the old one's connections run out. */
  agentOf(receiver: string, door: Door): https.Agent
  close(): void
}

const maxIdleConnections = 16

/** One agent for each receiver: nobody waits behind another, and certificates meant for one are shown to nobody else. */
export function createDoors(guard: Guard, proxyUrl: string): Doors {
  const kept = new Map<string, { readonly door: Door; readonly agent: https.Agent }>()

  return {
    agentOf(receiver, door) {
      const known = kept.get(receiver)
      if (known && isDeepStrictEqual(known.door, door)) return known.agent
      const agent = createGuardedAgent({ ...door, guard, proxyUrl, maxIdleConnections })
      kept.set(receiver, { door, agent })
      return agent
    },
    close() {
      for (const { agent } of kept.values()) agent.destroy()
      kept.clear()
    },
  }
}
