import { expect, test } from 'vitest'
import { toReadDocument } from './to-read-document.ts'

const card = {
  type: 'drivers-license',
  firstName: 'Jane',
  lastName: 'Doe',
  dateOfBirth: '1980-01-01',
  number: 'S5939 7998',
  issuer: 'WA',
}

test.each([
  ['S5939-7998', 'S59397998'],
  ['DOE**J*123AB', 'DOEJ123AB'],
  ['a1234567', 'A1234567'],
])('the number of a card is given as AAMVA compares it: %s is %s', (number, compared) => {
  expect(toReadDocument({ ...card, number })).toMatchObject({ number: compared, issuer: 'WA' })
})

test.each([
  ['a number that AAMVA does not know', { number: 'ДОЕ123' }],
  ['a number of other signs alone', { number: '***' }],
  ['a number that is too long', { number: 'A'.repeat(26) }],
  ['a state that there is not', { issuer: 'XX' }],
  ['a country', { issuer: 'USA' }],
])('a card with %s is not whole: nobody may type what it should say', (_what, changes) => {
  expect(toReadDocument({ ...card, ...changes })).toBeUndefined()
})

test('a passport is of a country', () => {
  const passport = { ...card, type: 'passport', number: 'X84120375', issuer: 'USA' }

  expect(toReadDocument(passport)).toMatchObject({ number: 'X84120375', issuer: 'USA' })
})
