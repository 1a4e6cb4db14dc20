import { seededRandom } from '@anteroom/infra/specimens/random.ts'

/** A sequence that a seed repeats. */
export interface Random {
  /** At least 0, below 1. */
  next(): number
  between(low: number, high: number): number
  pick<Item>(items: readonly Item[]): Item
}

export function createRandom(seed: number): Random {
  const next = seededRandom(seed)
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
