import type { Question } from './requests.ts'
import { type Effect, scenarios, slowMs, type VendorName } from './scenarios.ts'

export type FinalEffect = Exclude<Effect, 'slow'>

export interface Decision {
  readonly takesMs: number
  readonly effect: FinalEffect
}

/** Reads from the table what this vendor does with this question. */
export function decide(vendor: VendorName, question: Question): Decision {
  const effects = scenarios
    .filter(({ vendors, field, pattern }) => {
      return vendors.includes(vendor) && pattern.test(question[field] ?? '')
    })
    .map(({ effect }) => effect)
  return {
    takesMs: effects.includes('slow') ? slowMs(question.first_name ?? '') : 0,
    effect: effects.find((effect) => effect !== 'slow') ?? 'match',
  }
}

/** A vendor bills what it has worked on, even if the reply then goes wrong; not what never reached it. */
export function isBilled(effect: FinalEffect): boolean {
  return !['unreachable', 'error', 'silence'].includes(effect)
}
