/** A sequence that a seed repeats. */
export interface Random {
  /** At least 0, below 1. */
  next(): number
  between(low: number, high: number): number
  pick<Item>(items: readonly Item[]): Item
}

/** mulberry32: small, fast, and good enough to choose who is struck when. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  return {
    next,
    between: (low, high) => low + next() * (high - low),
    pick(items) {
      if (items.length === 0) throw new Error('There is nothing to pick from')
      // The index is below the length, checked above.
      return items[Math.floor(next() * items.length)] as (typeof items)[number]
    },
  }
}
