/** How long the answers to one kind of question took, in milliseconds. */
export interface Times {
  readonly count: number
  readonly p50: number
  readonly p99: number
  readonly longest: number
}

export function timesOf(all: readonly number[]): Times {
  const sorted = Float64Array.from(all).sort()
  const at = (part: number) => sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), longest: at(1) }
}
