import { canonicalAddress } from './address.ts'

/**
 * NIST SP 800-63B-4, section 3.1.1.2: a password that may be all that somebody shows has at least 15 characters, is
 * compared with those that others guess first, and is otherwise as its owner likes. One length for everybody: who has a
 * second factor today may remove it tomorrow.
 */
export const passwordLength = { min: 15, max: 128 } as const

export type PasswordProblem = 'missing' | 'too-short' | 'too-long' | 'common'

/** Passwords that may not be chosen, in small letters. */
export type Blocklist = Pick<ReadonlySet<string>, 'has'>

/** The same characters for the same keys, whichever device they are typed on. It is this that is counted and hashed. */
export function normalPassword(typed: string): string {
  return typed.normalize('NFKC')
}

/** Why this cannot be the password of the account with this address; undefined if it can. */
export function passwordProblem(
  typed: string,
  { address, blocklist }: { readonly address: string; readonly blocklist: Blocklist },
): PasswordProblem | undefined {
  const password = normalPassword(typed)
  const length = lengthOf(password)
  if (length === 0) return 'missing'
  if (length < passwordLength.min) return 'too-short'
  if (length > passwordLength.max) return 'too-long'
  const lower = password.toLowerCase()
  const isGuessedFirst = blocklist.has(lower) || isOwnAddress(lower, address) || isPattern(lower)
  return isGuessedFirst ? 'common' : undefined
}

/** In code points: what people take for one character. */
function lengthOf(text: string): number {
  return Array.from(text).length
}

function isOwnAddress(lower: string, address: string): boolean {
  const own = canonicalAddress(address)
  const [local] = own.split('@')
  return lower === own || lower === local
}

const longestPattern = 8

/** A few characters over and over again, or a row in which each follows the one before. */
function isPattern(lower: string): boolean {
  const points = Array.from(lower, (character) => character.codePointAt(0) ?? 0)
  const repeats = (every: number) =>
    points.every((point, index) => index < every || point === points[index - every])
  const rises = (step: number) =>
    points.every((point, index) => index === 0 || isNext(point, points[index - 1], step))
  return (
    Array.from({ length: longestPattern }, (_, index) => index + 1).some(repeats) ||
    rises(1) ||
    rises(-1)
  )
}

/** Of digits, 0 comes after 9, as on a keyboard. */
function isNext(point: number, before: number | undefined, step: number): boolean {
  if (before === undefined) return false
  if (isDigit(point) && isDigit(before)) return (point - before - step) % 10 === 0
  return point - before === step
}

const isDigit = (point: number): boolean => point >= 0x30 && point <= 0x39
