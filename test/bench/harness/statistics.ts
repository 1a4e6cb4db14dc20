export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

/** The nearest-rank percentile; NaN of nothing. */
export function percentile(values: readonly number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = Math.max(1, Math.ceil((percent / 100) * sorted.length))
  const middle = sorted[rank - 1] ?? Number.NaN
  const isBetween = percent === 50 && sorted.length % 2 === 0
  return isBetween ? (middle + (sorted[rank] ?? middle)) / 2 : middle
}
