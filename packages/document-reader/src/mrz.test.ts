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
    code: 'P',
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

test.each([
  ['ran out in the last century', '991231', '1999-12-31'],
  ['ran out a while ago', '150101', '2015-01-01'],
  ['is good for ten more years', '360601', '2036-06-01'],
  ['says more years than any document is given', '470101', '1947-01-01'],
])('a passport that %s says so', (_what, expires, expiresOn) => {
  expect(parseZone(passportExpiring(expires), today)).toMatchObject({ expiresOn })
})

test.each(['I', 'ID', 'IP', 'AC'])('a card tells what it is by its code %s', (code) => {
  expect(parseZone(cardCoded(code), today)).toMatchObject({ kind: 'card', code })
})

test('an expired card says so, too', () => {
  expect(parseZone(cardCoded('I', '951231'), today)).toMatchObject({ expiresOn: '1995-12-31' })
})

function passportExpiring(expires: string): string[] {
  const [number, birth, personal] = [
    checked('X84120375'),
    checked('900812'),
    checked('<'.repeat(14)),
  ]
  const all = checkDigit(`${number}${birth}${checked(expires)}${personal}`)
  const [names = ''] = passport
  return [names, `${number}USA${birth}F${checked(expires)}${personal}${all}`]
}

function cardCoded(code: string, expires = '300101'): string[] {
  const first = `${code.padEnd(2, '<')}USA${checked('C12345678')}`.padEnd(30, '<')
  const [birth, rest] = [checked('900812'), '<'.repeat(11)]
  const all = checkDigit(`${first.slice(5)}${birth}${checked(expires)}${rest}`)
  return [
    first,
    `${birth}F${checked(expires)}USA${rest}${all}`,
    'VANDERBROOK<<HELENA'.padEnd(30, '<'),
  ]
}

const checked = (text: string): string => `${text}${checkDigit(text)}`

function checkDigit(text: string): number {
  const values = [...text].map((char) => (char === '<' ? 0 : Number.parseInt(char, 36)))
  return values.reduce((sum, value, index) => sum + value * ([7, 3, 1][index % 3] ?? 0), 0) % 10
}
