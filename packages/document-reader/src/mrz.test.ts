import { expect, test } from 'vitest'
import { parseZone } from './mrz.ts'

const today = '2026-06-01'

const passport = [
  'P<USAVANDERBROOK<<HELENA<MARIE<<<<<<<<<<<<<<',
  'X841203759USA9008124F3501195<<<<<<<<<<<<<<08',
]

test('a passport says who it is of', () => {
  expect(parseZone(passport, today)).toEqual({
    kind: 'passport',
    firstName: 'HELENA MARIE',
    lastName: 'VANDERBROOK',
    dateOfBirth: '1990-08-12',
    expiresOn: '2035-01-19',
    number: 'X84120375',
    issuer: 'USA',
  })
})

test.each([
  ['a digit of the number', passport.map((line) => line.replace('X8412', 'X8413'))],
  ['a digit of the birthday', passport.map((line) => line.replace('900812', '900813'))],
  ['the last check digit', passport.map((line) => line.replace(/08$/, '09'))],
  ['a country that does not exist', passport.map((line) => line.replaceAll('USA', 'XQX'))],
])('a zone is not believed with another %s', (_what, lines) => {
  expect(parseZone(lines, today)).toBeUndefined()
})
