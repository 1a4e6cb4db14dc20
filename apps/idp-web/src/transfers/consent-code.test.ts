import { expect, test } from 'vitest'
import { consentHashOf, newConsentCode } from './consent-code.ts'
import { consentCode } from './schemas.ts'

test('a code has 140 random bits in groups that can be read out, and the API takes it', () => {
  const codes = Array.from({ length: 200 }, newConsentCode)

  expect(
    codes.filter((code) => !/^(?:[0-9A-HJKMNP-TV-Z]{4}-){6}[0-9A-HJKMNP-TV-Z]{4}$/.test(code)),
  ).toEqual([])
  expect(new Set(codes).size).toBe(200)
  expect(codes.filter((code) => !consentCode.safeParse(code).success)).toEqual([])
})

test.each([
  ['small letters and spaces', '0abc 1def 2ghj 3kmn 4pqr 5stv 6wxy'],
  ['no groups', '0ABC1DEF2GHJ3KMN4PQR5STV6WXY'],
  ['letters that look like digits', 'OABC-IDEF-2GHJ-3KMN-4PQR-5STV-6WXY'],
])('a code is the same with %s', (_name, typed) => {
  expect(consentHashOf(typed)).toBe(consentHashOf('0ABC-1DEF-2GHJ-3KMN-4PQR-5STV-6WXY'))
})
