import type { Proofing } from '../account/accounts.ts'
import type { SignInMethod } from '../session/session.ts'

/** How sure a partner wants to be: of who somebody is (IAL), and that it is them who signs in (AAL). */

const ofIdentity = {
  'http://idmanagement.gov/ns/assurance/ial/1': 1,
  'urn:acr.login.gov:auth-only': 1,
  'http://idmanagement.gov/ns/assurance/ial/2': 2,
  'urn:acr.login.gov:verified': 2,
} as const satisfies Record<string, 1 | 2>

const ofSignIn = {
  'http://idmanagement.gov/ns/assurance/aal/1': 1,
  'http://idmanagement.gov/ns/assurance/aal/2': 2,
} as const satisfies Record<string, 1 | 2>

/** What `acr_values` may name. */
export const acrValues: string[] = [...Object.keys(ofIdentity), ...Object.keys(ofSignIn)]

/** The highest identity assurance among these values; undefined if none of them is about identity. */
export function identityAmong(values: readonly string[]): 1 | 2 | undefined {
  return highest(values, ofIdentity)
}

/** The highest sign-in assurance among these values; undefined if none of them is about signing in. */
export function signInAmong(values: readonly string[]): 1 | 2 | undefined {
  return highest(values, ofSignIn)
}

function highest(
  values: readonly string[],
  levels: Readonly<Record<string, 1 | 2>>,
): 1 | 2 | undefined {
  const found = values.map((value) => (Object.hasOwn(levels, value) ? levels[value] : undefined))
  if (found.includes(2)) return 2
  return found.includes(1) ? 1 : undefined
}

/**
 * What a proofing comes to. NIST SP 800-63A wants evidence for IAL2: answers that agree with records are not enough without
 * a document that was looked at.
 */
export function identityLevelOf(proofing: Proofing | undefined): 1 | 2 {
  return proofing?.documentType === undefined ? 1 : 2
}

/** The claim `ial`. */
export function ialOf(level: 1 | 2): string {
  return `http://idmanagement.gov/ns/assurance/ial/${level}`
}

/** The claim `acr`, which is about signing in alone. */
export function acrOf(methods: readonly SignInMethod[]): string {
  return `http://idmanagement.gov/ns/assurance/aal/${levelOf(methods)}`
}

/** A passkey that asks for a PIN or a finger is two things in one. */
export function levelOf(methods: readonly SignInMethod[]): 1 | 2 {
  if (methods.includes('passkey')) return 2
  const hasSecond = methods.includes('totp') || methods.includes('backup-code')
  return methods.includes('password') && hasSecond ? 2 : 1
}

/** RFC 8176. Where a passkey's key is kept is not known to us, so it is not called a hardware one. */
const amrOfMethod = {
  password: ['pwd'],
  passkey: ['swk', 'user'],
  totp: ['otp'],
  'backup-code': ['otp'],
} as const satisfies Record<SignInMethod, readonly string[]>

/** The claim `amr`. */
export function amrOf(methods: readonly SignInMethod[]): string[] {
  const named = methods.flatMap((method) => [...amrOfMethod[method]])
  return [...new Set([...named, ...(levelOf(methods) === 2 ? ['mfa'] : [])])]
}
