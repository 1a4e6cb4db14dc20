import { applicant, type DetailsFields } from '../../support/applicant.ts'
import type { Verdict } from '../history.ts'
import type { Random } from './random.ts'

/** Somebody to be verified, and what the vendors say of them. */
export interface Applicant {
  readonly nonce: string
  readonly details: DetailsFields
  /** What they photograph, as a file that scripts the sandbox's reading; absent if they are not asked for a document. */
  readonly document: string | undefined
  /** Absent if the vendors give no answer that a verdict could be made of. */
  readonly truth: Verdict | undefined
}

interface Kind {
  readonly weight: number
  readonly firstName: (random: Random) => string
  readonly changes?: DetailsFields
  /** Shows a license that is good until then, instead of typing details. */
  readonly licenseUntil?: string
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

const good = { licenseUntil: '2099-12-31', truth: 'read' } as const
const expired = { licenseUntil: '2020-01-31', truth: 'refused' } as const

/** People who prove a document and are gone when they have their answer. */
const documents: readonly Kind[] = [
  { weight: 4, firstName: quick, ...good },
  { weight: 4, firstName: slow, ...good },
  { weight: 2, firstName: quick, ...expired },
  { weight: 2, firstName: slow, ...expired },
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

export const mixes = {
  usual: [...usual, ...documents],
  documents,
  troubled: [...usual, ...troubled],
} as const

export type Mix = keyof typeof mixes

let count = 0

/** Each applicant has a name that nobody else in the run has. */
export function invite(mix: Mix, random: Random): Applicant {
  count += 1
  const nonce = lettersOf(count)
  const kind = choose(mixes[mix], random)
  const ssn =
    kind.changes?.ssn === noMatch.ssn ? `987-${digits(random, 2)}-${digits(random, 4)}` : undefined
  const name = { firstName: kind.firstName(random), lastName: `Okafor ${nonce}` }
  return {
    nonce,
    truth: kind.truth,
    details: applicant({ ...kind.changes, ...name, ...(ssn !== undefined && { ssn }) }),
    document: kind.licenseUntil && licenseOf({ ...name, until: kind.licenseUntil }),
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

/** The cheapest specimen there is: the sandbox's vendor reads it, and nobody draws or decodes a photo. */
function licenseOf({ firstName, lastName, until }: Record<string, string>): string {
  return `document:
  first_name: ${firstName}
  last_name: ${lastName}
  dob: "1986-04-12"
  state_id_expiration: "${until}"
`
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
