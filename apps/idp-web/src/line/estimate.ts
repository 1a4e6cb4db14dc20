import type { WaitRange } from './standing.ts'

/** What is known of how fast the line moves. */
export interface Pace {
  /** Jobs that were given their turn, and in how many seconds; counted while people waited and nothing was paused. */
  readonly starts: number
  readonly seconds: number
  /** What share of those who wait leaves in a second. Undefined while it is not known. */
  readonly leavingPerSecond: number | undefined
  /** No more than this many are given their turn in a second. */
  readonly quotaPerSecond: number
}

const fewestStarts = 5
/** Few leave so soon, in seconds: a shorter wait can be told before it is known how many do. */
const soonSeconds = 30
/** Of a normal distribution, what nine of ten cases lie within. */
const ninetyPercent = 1.64
/** How much the pace itself is taken to change while somebody waits. */
const drift = 0.1

/**
 * How long somebody waits with so many people in front. With n people, each leaving at rate θ, and μ turns a second the
 * line has emptied after ln(1 + θn/μ)/θ seconds. n and the number of starts are counts, so that each is uncertain by
 * its square root. Undefined while too little is known.
 */
export function estimateWait(ahead: number, pace: Pace): WaitRange | undefined {
  const { starts, seconds, leavingPerSecond, quotaPerSecond } = pace
  if (starts < fewestStarts || seconds <= 0) return undefined
  const turns = Math.min(starts / seconds, quotaPerSecond)
  const people = ahead + 1
  if (leavingPerSecond === undefined && people / turns > soonSeconds) return undefined
  const leaving = leavingPerSecond ?? 0
  const likely =
    leaving * people < turns * 1e-3
      ? people / turns
      : Math.log(1 + (leaving * people) / turns) / leaving
  const spread = ninetyPercent * Math.sqrt(1 / people + 1 / starts + drift ** 2)
  return { low: likely * Math.max(0, 1 - spread), likely, high: likely * (1 + spread) }
}
