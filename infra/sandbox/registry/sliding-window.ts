export interface Quota {
  readonly calls: number
  readonly windowMs: number
}

export interface SlidingWindow {
  /** 0 if a request at this moment is taken, or in how many milliseconds one will be. What is not taken does not count. */
  take(at: number, quota: Quota): number
}

/** The strictest way to count: of no stretch of time as long as the window may more be taken, wherever it begins. */
export function createSlidingWindow(): SlidingWindow {
  let taken: number[] = []

  return {
    take(at, { calls, windowMs }) {
      taken = taken.filter((before) => before > at - windowMs)
      const inTheWay = taken.at(-calls)
      if (inTheWay !== undefined) return inTheWay + windowMs - at
      taken.push(at)
      return 0
    },
  }
}
