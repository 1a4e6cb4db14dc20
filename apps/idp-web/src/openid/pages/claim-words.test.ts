import { expect, test } from 'vitest'
import { wordsOf } from './claim-words.ts'

test('the day of a proofing is said as the partner is told it, in UTC', () => {
  const verified_at = Date.UTC(2026, 10, 23) / 1000

  expect(wordsOf('proofing', { verified_at }, 'en-US')).toBe('November 23, 2026')
})

test('a date of birth is said in words', () => {
  expect(wordsOf('birthdate', { birthdate: '1986-04-12' }, 'en-US')).toBe('April 12, 1986')
})
