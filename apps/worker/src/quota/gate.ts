import type { Log, Metrics } from '@anteroom/runtime'
import type { VendorName } from '../vendors.ts'
import type { QuotaScripts } from './scripts.ts'
import { createTurn, type Turn } from './turn.ts'

export interface Gate {
  readonly turnFor: (jobId: string) => Turn
}

/** Vendors that take only so many calls. */
export type Gates = Partial<Readonly<Record<VendorName, Gate>>>

export interface GateDeps {
  readonly vendor: VendorName
  readonly scripts: QuotaScripts
  /** How unpunctual a call may be: half of it in leaving late, half on its way. */
  readonly slackMs: number
  /** Database time, in milliseconds since the epoch. */
  readonly now: () => number
  readonly log: Log
  readonly metrics: Metrics
}

/**
 * Lets calls through to one vendor, over all workers, so that the vendor never sees more than `calls` in any `window`.
 *
 * Redis gives moments away one at a time, `(window + slack) / calls` apart and never two at once. A call leaves between
 * its moment and half a slack later, or not at all: it then asks for another moment, and the first stays unused. Take
 * any `calls + 1` calls that follow each other. From the first one's moment to the last one's it is at least
 * `window + slack`. The first leaves up to `slack / 2` late, and its way may take up to `slack / 2` longer than the
 * last one's. So they arrive at least `window` apart, and no window holds them all. It does not matter how the vendor's
 * clock is set, which worker calls, or who dies with a moment in hand.
 *
 * A quota that is lowered holds for moments given away after that: those before it may lie 2.5 seconds ahead. If Redis
 * loses the last moment, or its clock is set back, nobody gets one that could lie before those given away earlier.
 */
export function createGate(deps: GateDeps): Gate {
  return { turnFor: (jobId) => createTurn(deps, jobId) }
}

/** The first of these vendors that takes only so many calls. */
export function turnAt(
  gates: Gates,
  vendors: readonly VendorName[],
  jobId: string,
): Turn | undefined {
  const limited = vendors.find((vendor) => gates[vendor] !== undefined)
  return limited && gates[limited]?.turnFor(jobId)
}
