import { applicant, type DetailsFields } from '../../support/applicant.ts'
import type { Verdict } from '../history.ts'
import type { Random } from './random.ts'

/** Somebody to be verified, and what the vendors say of them. */
export interface Applicant {
  readonly nonce: string
  readonly details: DetailsFields
  /** Absent if the vendors give no answer that a verdict could be made of. */
  readonly truth: Verdict | undefined
}

interface Kind {
  readonly weight: number
  readonly firstName: (random: Random) => string
  readonly changes?: DetailsFields
  readonly truth: Verdict | undefined
}

const quick = () => 'Maria'
const slow = (random: Random) => `Slow ${Math.ceil(random.between(0, 3))}`
const named = (name: string) => () => name
// Numbers that begin with 9, but not with 900, are nobody's, and the sandbox has no match for them.
const noMatch = { ssn: 'no match' }

const usual: readonly Kind[] = [
  { weight: 20, firstName: quick, truth: 'verified' },
  { weight: 10, firstName: quick, changes: noMatch, truth: 'not-verified' },
  { weight: 35, firstName: slow, truth: 'verified' },
  { weight: 25, firstName: slow, changes: noMatch, truth: 'not-verified' },
  {
    weight: 6,
    firstName: slow,
    changes: { stateIdNumber: 'mvanomatch' },
    truth: 'not-verified',
  },
  { weight: 4, firstName: named('Fail'), truth: undefined },
]

/** People whose vendors fail in every way the sandbox knows. */
const troubled: readonly Kind[] = [
  ...['Fail', 'Time', 'Garble', 'Misfit', 'Huge', 'Redirect', 'Drip'].map((name) => ({
    weight: 7,
    firstName: named(name),
    truth: undefined,
  })),
  { weight: 1, firstName: named('Bomb'), truth: undefined },
  { weight: 7, firstName: quick, changes: { ssn: '000-00-0000' }, truth: undefined },
  { weight: 7, firstName: slow, changes: { stateIdNumber: 'mvatimeout' }, truth: undefined },
  { weight: 7, firstName: slow, changes: { stateIdNumber: 'mvafail' }, truth: undefined },
]

export const mixes = { usual, troubled: [...usual, ...troubled] } as const

export type Mix = keyof typeof mixes

let count = 0

/** Each applicant has a name that nobody else in the run has. */
export function invite(mix: Mix, random: Random): Applicant {
  count += 1
  const nonce = lettersOf(count)
  const kind = choose(mixes[mix], random)
  const ssn =
    kind.changes?.ssn === noMatch.ssn ? `987-${digits(random, 2)}-${digits(random, 4)}` : undefined
  return {
    nonce,
    truth: kind.truth,
    details: applicant({
      ...kind.changes,
      firstName: kind.firstName(random),
      lastName: `Okafor ${nonce}`,
      ...(ssn !== undefined && { ssn }),
    }),
  }
}

function choose(kinds: readonly Kind[], random: Random): Kind {
  let left = random.between(
    0,
    kinds.reduce((sum, { weight }) => sum + weight, 0),
  )
  const found = kinds.find(({ weight }) => {
    left -= weight
    return left < 0
  })
  if (!found) throw new Error('There are no kinds of people')
  return found
}

/** Names have letters and no digits. */
function lettersOf(number: number): string {
  const text = number.toString(26).padStart(5, '0')
  return [...text].map((digit) => alphabet[Number.parseInt(digit, 26)]).join('')
}

const alphabet = 'bcdfghjklmnpqrstvwxzaeiouy'

function digits(random: Random, length: number): string {
  return String(Math.floor(random.next() * 10 ** length)).padStart(length, '0')
}
