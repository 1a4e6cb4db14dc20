import { setTimeout as pause } from 'node:timers/promises'
import type { OpsDeps } from './deps.ts'
import { type ExitCode, exitCodes } from './exit-code.ts'
import { accountOrder } from './statements.ts'

const lookEveryMs = 100

export interface FollowingAccount {
  readonly orderId: string
  readonly waitSeconds: number
  /** What is so once the web has done it. */
  readonly effect: string
}

/** Looks until the web has ended an order about an account or the time is up, and says what it came to. */
export async function followAccountOrder(
  { db, say, note }: OpsDeps,
  { orderId, waitSeconds, effect }: FollowingAccount,
): Promise<ExitCode> {
  note(`Taken. Waiting up to ${waitSeconds} s for it to be in effect.`)
  const until = performance.now() + waitSeconds * 1_000
  for (;;) {
    // It is taken in any case: who cannot look does not know, and must not say that it failed.
    const seen = await accountOrder(db, orderId).catch(() => undefined)
    if (seen?.outcome === 'done') {
      say(`In effect: account ${seen.account}: ${effect}`)
      return exitCodes.inEffect
    }
    if (seen?.outcome === 'unknown') {
      say('Failed: there is no such account.')
      return exitCodes.failed
    }
    if (performance.now() >= until) break
    await pause(lookEveryMs)
  }
  say('Taken, but not known to be in effect: the web has not done it. It does once it runs.')
  note(`order ${orderId}`)
  return exitCodes.notKnown
}
