import type { Proofing } from '../account/accounts.ts'

/**
 * The beginning of the day, UTC, on which somebody was proofed; milliseconds since the epoch. Two partners that were told
 * the moment could see by it that their subjects are one person.
 */
export function proofedOn({ at }: Proofing): number {
  return at - (at % dayMs)
}

const dayMs = 24 * 60 * 60 * 1000
