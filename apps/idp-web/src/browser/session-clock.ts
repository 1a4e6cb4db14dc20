export const warnBeforeSeconds = 120

export type TimeLeft = 'twoMinutes' | 'oneMinute' | 'halfMinute'

/** What is said of the time left: three steps, so that a screen reader is not made to count. */
export function timeLeftStep(secondsLeft: number): TimeLeft {
  if (secondsLeft > 75) return 'twoMinutes'
  return secondsLeft > 30 ? 'oneMinute' : 'halfMinute'
}

export interface SessionEnd {
  /** Milliseconds since the epoch, in the browser's own time. */
  readonly at: number
  /** Whether staying is possible: an idle session can go on, one that reached its longest time cannot. */
  readonly canStay: boolean
}

export interface Deadlines {
  readonly idleAt: number
  readonly absoluteAt: number
}

/** Whichever end comes first. Staying is not offered if it would win less than the time of the warning itself. */
export function sessionEnd({ idleAt, absoluteAt }: Deadlines): SessionEnd {
  const canStay = absoluteAt - idleAt > warnBeforeSeconds * 1_000
  return { at: Math.min(idleAt, absoluteAt), canStay }
}
