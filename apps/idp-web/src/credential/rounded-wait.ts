/** A wait as people say it: "about 4 to 7 minutes". From 0 means: up to. */
export interface RoundedWait {
  readonly unit: 'minutes' | 'hours'
  readonly from: number
  readonly to: number
}

/**
 * Rounds outward, and coarser the longer it is: whole minutes up to 20, then steps of 5, then hours. Nobody is told
 * seconds that nobody knows.
 */
export function roundedWait({ low, high }: { low: number; high: number }): RoundedWait {
  if (high > 90 * 60) return { unit: 'hours', from: down(low / 3600, 1), to: up(high / 3600, 1) }
  const step = high > 20 * 60 ? 5 : 1
  return { unit: 'minutes', from: down(low / 60, step), to: Math.max(1, up(high / 60, step)) }
}

const down = (value: number, step: number): number => Math.floor(value / step) * step
const up = (value: number, step: number): number => Math.ceil(value / step) * step
