import type { Visibility } from './line.ts'

/**
 * How long somebody is taken to be there after they were last heard of. A hidden page's timers run about once a minute
 * in browsers that save power, so it is given more than two of those.
 */
export const leaseMs = {
  visible: 45_000,
  hidden: 150_000,
  unscripted: 180_000,
} as const satisfies Record<Visibility, number>

/** What is left of a lease when the page closes: enough for it to load anew. */
export const closingLeaseMs = 15_000

/** How long the place of somebody absent is kept. */
export const keptMs = 5 * 60_000

/**
 * Only who was heard of within this is called. A page near the front asks every two seconds; one that is hidden asks seldom,
 * but is woken when it is near. One without scripts is loaded anew every twenty seconds, and those with scripts would
 * overtake it by a smaller measure. Whoever is passed over loses nothing, and is called as soon as they are heard of; a turn
 * for somebody who is gone is lost for everybody.
 */
export const freshMs = {
  visible: 3_000,
  hidden: 10_000,
  unscripted: 25_000,
} as const satisfies Record<Visibility, number>

/**
 * All of this is counted on a clock that stands still while no process of ours sweeps: who could not be heard is not
 * absent. A sweep that is later than this stops it.
 */
export const clockRunsOnMs = 3_000

/**
 * Whoever has had no turn so long before the deadline of their job is put back into the line, if no worker has claimed it,
 * and called anew: while no worker runs, nobody's time is up.
 */
export const recallAheadMs = 60_000

/** So long after the deadline of a job nothing is heard of it any more that was not lost on its way. */
export const overdueMs = 30_000
