import type { Visibility } from './line.ts'

/**
 * How long somebody is taken to be there after they were last heard of. A hidden page's timers run about once a minute
 * in browsers that save power, so it is given more than two of those.
 */
export const leaseMs = { visible: 45_000, hidden: 150_000 } as const satisfies Record<
  Visibility,
  number
>

/** What is left of a lease when the page closes: enough for it to load anew. */
export const closingLeaseMs = 15_000

/** How long the place of somebody absent is kept. */
export const keptMs = 5 * 60_000

/**
 * Only who was heard of within this is called: a page near the front asks every two seconds. Whoever is passed over loses
 * nothing, and is called as soon as they are heard of; a turn for somebody who is gone is lost for everybody.
 */
export const freshMs = 3_000

/**
 * All of this is counted on a clock that stands still while no process of ours sweeps: who could not be heard is not
 * absent. A sweep that is later than this stops it.
 */
export const clockRunsOnMs = 3_000
