export const vendorNames = ['resolution', 'state-id', 'address', 'documents', 'registry'] as const

export type VendorName = (typeof vendorNames)[number]

/** What a vendor does with a request that carries one of the values below. */
export type Effect =
  | 'match'
  | 'no-match'
  | 'unreachable'
  | 'error'
  | 'silence'
  | 'busy'
  | 'refused'
  | 'slow'
  | 'not-json'
  | 'wrong-schema'
  | 'too-large'
  | 'gzip-bomb'
  | 'redirect'
  | 'drip'

export interface Scenario {
  readonly field: 'ssn' | 'first_name' | 'state_id_number' | 'phone' | 'vendor'
  /** As a person types it. */
  readonly input: string
  /** The same as the vendor receives it. */
  readonly pattern: RegExp
  readonly vendors: readonly VendorName[]
  readonly effect: Effect
  /** In plain words. */
  readonly description: string
  readonly group:
    | 'Social Security number'
    | 'First name'
    | 'License number'
    | 'Phone'
    | 'Document file'
    | 'Developers'
}

/**
 * The magic values, in the order in which they are tried: the first that fits decides. `Slow` alone lets the next
 * ones decide after it has waited. A request in which none fits matches, but for the Social Security number, where
 * only these match.
 */
export const scenarios: readonly Scenario[] = [
  firstName(
    'Slow 5',
    {
      pattern: /\bslow (?:120|1[01]\d|\d{1,2})\b/i,
      effect: 'slow',
      description:
        'Every vendor takes 5 seconds, then goes on as usual. Any number from 0 to 120 works.',
    },
    vendorNames,
  ),
  firstName('Fail', {
    pattern: /fail/i,
    effect: 'error',
    description: 'The resolution vendor answers with an error of its own.',
  }),
  firstName('Time', {
    pattern: /time/i,
    effect: 'silence',
    description: 'The resolution vendor never answers.',
  }),
  ofRegistry(
    'Busy',
    'busy',
    'The registry asks everybody to wait for 5 seconds, then goes on as usual.',
  ),
  ofRegistry('Deny', 'refused', 'The registry refuses to enter this person.'),
  ofRegistry('Broken', 'error', 'The registry answers with an error of its own.'),
  ofRegistry('Away', 'unreachable', 'The registry cannot be reached.'),
  ofRegistry('Mute', 'silence', 'The registry never answers.'),
  forDevelopers('Garble', 'not-json', 'The reply is not JSON.'),
  forDevelopers('Misfit', 'wrong-schema', 'The reply is JSON of another shape.'),
  forDevelopers('Huge', 'too-large', 'The reply is larger than 2 MB.'),
  forDevelopers('Bomb', 'gzip-bomb', 'The reply is small and unpacks to 1 GB.'),
  forDevelopers('Redirect', 'redirect', 'The reply leads to another address.'),
  forDevelopers('Drip', 'drip', 'The reply comes byte by byte and never ends.'),
  {
    group: 'Social Security number',
    field: 'ssn',
    input: '000-00-0000',
    pattern: /^0{9}$/,
    vendors: ['resolution'],
    effect: 'unreachable',
    description: 'The resolution vendor cannot be reached.',
  },
  {
    group: 'Social Security number',
    field: 'ssn',
    input: '900-12-3456',
    pattern: /^(?:900|666)/,
    vendors: ['resolution'],
    effect: 'match',
    description: 'Matches. So does every number that starts with 900 or 666.',
  },
  {
    group: 'Social Security number',
    field: 'ssn',
    input: '987-65-4321',
    pattern: /./,
    vendors: ['resolution'],
    effect: 'no-match',
    description:
      'Does not match, like every other number that nobody has. A number that somebody could have is refused: never type a real one.',
  },
  {
    group: 'License number',
    field: 'state_id_number',
    input: 'mvatimeout',
    pattern: /mvatimeout/i,
    vendors: ['state-id'],
    effect: 'silence',
    description: 'The state never answers.',
  },
  {
    group: 'License number',
    field: 'state_id_number',
    input: 'mvafail',
    pattern: /mvafail/i,
    vendors: ['state-id'],
    effect: 'unreachable',
    description: 'The state cannot be reached.',
  },
  {
    group: 'License number',
    field: 'state_id_number',
    input: 'mvanomatch',
    pattern: /mvanomatch/i,
    vendors: ['state-id'],
    effect: 'no-match',
    description: 'Does not match.',
  },
  phone('703-555-5888', 'silence', 'The address vendor never answers.'),
  phone('703-555-5999', 'unreachable', 'The address vendor cannot be reached.'),
  phone('703-555-5777', 'no-match', 'Does not match.'),
  documentFile('vendor: time', 'silence', 'The document vendor never answers.'),
  documentFile('vendor: fail', 'error', 'The document vendor answers with an error of its own.'),
  documentFile('vendor: unreachable', 'unreachable', 'The document vendor cannot be reached.'),
]

/** How long a first name such as `Slow 5` makes the vendor wait, in milliseconds. */
export function slowMs(name: string): number {
  const seconds = /\bslow (\d{1,3})\b/i.exec(name)?.[1] ?? '0'
  return Number(seconds) * 1000
}

/**
 * Whether the Social Security Administration could have given the number to somebody: no area 000, 666 or 9xx, no
 * group 00, no serial 0000.
 */
export function couldBeReal(ssn: string): boolean {
  return /^(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}$/.test(ssn)
}

interface Magic {
  readonly pattern: RegExp
  readonly effect: Effect
  readonly description: string
}

function firstName(
  input: string,
  magic: Magic,
  vendors: readonly VendorName[] = ['resolution'],
): Scenario {
  return { group: 'First name', field: 'first_name', input, vendors, ...magic }
}

/** Lets the checks before it pass. */
function ofRegistry(input: string, effect: Effect, description: string): Scenario {
  const pattern = new RegExp(`^${input}$`, 'i')
  return firstName(input, { pattern, effect, description }, ['registry'])
}

function forDevelopers(input: string, effect: Effect, description: string): Scenario {
  const pattern = new RegExp(`^${input}$`, 'i')
  const vendors = vendorNames
  return { group: 'Developers', field: 'first_name', input, pattern, vendors, effect, description }
}

/** A line of the YAML file that is uploaded instead of a photo. */
function documentFile(input: string, effect: Effect, description: string): Scenario {
  const pattern = new RegExp(`^${input.replace('vendor: ', '')}$`, 'i')
  const vendors = ['documents'] as const
  return { group: 'Document file', field: 'vendor', input, pattern, vendors, effect, description }
}

function phone(input: string, effect: Effect, description: string): Scenario {
  const pattern = new RegExp(`^\\+1${input.replaceAll('-', '')}$`)
  return {
    group: 'Phone',
    field: 'phone',
    input,
    pattern,
    vendors: ['address'],
    effect,
    description,
  }
}
