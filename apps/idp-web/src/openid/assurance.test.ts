import { expect, test } from 'vitest'
import { acrOf, amrOf, identityAmong, identityLevelOf, signInAmong } from './assurance.ts'

const aal = (level: number) => `http://idmanagement.gov/ns/assurance/aal/${level}`
const ial = (level: number) => `http://idmanagement.gov/ns/assurance/ial/${level}`

test.each([
  [['password'], aal(1), ['pwd']],
  [['password', 'totp'], aal(2), ['pwd', 'otp', 'mfa']],
  [['password', 'backup-code'], aal(2), ['pwd', 'otp', 'mfa']],
  [['passkey'], aal(2), ['swk', 'user', 'mfa']],
] as const)('who showed %j is told as %s, %j', (methods, acr, amr) => {
  expect(acrOf(methods)).toBe(acr)
  expect(amrOf(methods)).toEqual(amr)
})

test('of several values the highest counts, and others than ours do not', () => {
  expect(identityAmong([ial(1), 'urn:acr.login.gov:verified', 'toString'])).toBe(2)
  expect(identityAmong([aal(2), 'constructor'])).toBeUndefined()
  expect(signInAmong([aal(1), ial(2)])).toBe(1)
})

test('only whoever showed a document comes to IAL2, whatever else was checked', () => {
  const checks = [{ check: 'resolution-proofing' }, { check: 'address-proofing' }]

  expect(identityLevelOf({ at: 1, checks, documentType: 'passport' })).toBe(2)
  expect(identityLevelOf({ at: 1, checks })).toBe(1)
  expect(identityLevelOf(undefined)).toBe(1)
})
