import { expect, test } from 'vitest'
import { newTotpSecret, stepOfCode, totpAddress, totpCode, typedSecret } from './totp.ts'

const rfcSecret = Buffer.from('12345678901234567890').toString('base64url')

// RFC 6238 appendix B, SHA-1; of its eight digits the last six.
test.each([
  [59, '287082'],
  [1_111_111_109, '081804'],
  [1_111_111_111, '050471'],
  [1_234_567_890, '005924'],
  [2_000_000_000, '279037'],
  [20_000_000_000, '353130'],
])('at second %i the code is that of RFC 6238', (second, code) => {
  expect(totpCode(rfcSecret, Math.floor(second / 30))).toBe(code)
  expect(stepOfCode(rfcSecret, code, second * 1_000)).toBe(Math.floor(second / 30))
})

test('a code is good in its own step, the one before and the one after, and in no other', () => {
  const step = 1_000
  const code = totpCode(rfcSecret, step)

  const found = [-2, -1, 0, 1, 2].map((away) => stepOfCode(rfcSecret, code, (step + away) * 30_000))

  expect(found).toEqual([undefined, step, step, step, undefined])
})

test.each(['', '28708', '2870822', '28708a', '287083'])('“%s” is no code', (code) => {
  expect(stepOfCode(rfcSecret, code, 59_000)).toBeUndefined()
})

test('a secret has 160 bits and is typed as base32', () => {
  const secret = newTotpSecret()

  expect(Buffer.from(secret, 'base64url')).toHaveLength(20)
  expect(typedSecret(secret)).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/)
  expect(typedSecret(rfcSecret)).toBe('GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ')
})

test('an app is told whose account it is, whatever characters the address has', () => {
  const address = totpAddress(rfcSecret, { issuer: 'id.example', address: 'a&b:c@example.test' })

  const url = new URL(address)
  expect(address).toMatch(/^otpauth:\/\/totp\/id\.example:a%26b%3Ac%40example\.test\?/)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
    issuer: 'id.example',
  })
})
