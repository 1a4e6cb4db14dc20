import type { WebConfig } from '../config.ts'
import type { Check } from './answer.ts'

/** At most `max` uses in any window of this length. */
export interface Limit {
  /** What is limited, and for whom. Names nobody: people and numbers appear as keyed hashes. */
  readonly key: string
  readonly max: number
  readonly windowSeconds: number
}

export interface Limits {
  /** How often this person may ask for this check, under each of their hashes. */
  person(check: Check, hashes: readonly string[]): Limit[]
  /** How often anybody may ask about this Social Security number, under each of its hashes. */
  ssn(hashes: readonly string[]): Limit[]
}

export function createLimits(config: WebConfig): Limits {
  const max = {
    'resolution-proofing': config.resolutionAttempts,
    'address-proofing': config.addressAttempts,
  } satisfies Record<Check, number>

  return {
    person: (check, hashes) =>
      hashes.map((hash) => ({
        key: `${check}/person/${hash}`,
        max: max[check],
        windowSeconds: config.attemptWindowSeconds,
      })),
    ssn: (hashes) =>
      hashes.map((hash) => ({
        key: `resolution-proofing/ssn/${hash}`,
        max: config.ssnAttempts,
        windowSeconds: config.ssnWindowSeconds,
      })),
  }
}
