import type { WebConfig } from '../config.ts'
import type { Check } from './answer.ts'

/** At most `max` uses in any window of this length. */
export interface Limit {
  /** What is limited, and for whom. Names nobody: people and numbers appear as keyed hashes. */
  readonly key: string
  readonly max: number
  readonly windowSeconds: number
  /** Its uses stay when an attempt is given back: trouble that is not the person's gives tries back, but not without end. */
  readonly lasting: boolean
}

export interface Limits {
  /** How often this person may ask for this check, under each of their hashes. */
  person(check: Check, hashes: readonly string[]): Limit[]
  /** How often anybody may ask for it about this Social Security number, under each of its hashes. */
  ssn(check: Check, hashes: readonly string[]): Limit[]
  /** How often a place in the line for a credential may be taken: by this person, and for this number by anybody. */
  credential(hashes: {
    readonly person: readonly string[]
    readonly ssn: readonly string[]
  }): Limit[]
}

/** How many times the allowed attempts may be used when attempts are given back again and again. */
const lastingFactor = 3

export function createLimits(config: WebConfig): Limits {
  const max = {
    'document-proofing': config.documentAttempts,
    'resolution-proofing': config.resolutionAttempts,
    'address-proofing': config.addressAttempts,
  } satisfies Record<Check, number>

  return {
    person: (check, hashes) =>
      hashes.flatMap((hash) =>
        withLasting(`${check}/person/${hash}`, max[check], config.attemptWindowSeconds),
      ),
    ssn: (check, hashes) =>
      hashes.flatMap((hash) =>
        withLasting(`${check}/ssn/${hash}`, config.ssnAttempts, config.ssnWindowSeconds),
      ),
    credential: ({ person, ssn }) =>
      [...person.map((hash) => `person/${hash}`), ...ssn.map((hash) => `ssn/${hash}`)].flatMap(
        (whose) =>
          withLasting(`credential/${whose}`, config.credentialJoins, config.attemptWindowSeconds),
      ),
  }
}

function withLasting(key: string, max: number, windowSeconds: number): Limit[] {
  return [
    { key, max, windowSeconds, lasting: false },
    { key: `${key}/lasting`, max: max * lastingFactor, windowSeconds, lasting: true },
  ]
}
