import { expect, test } from 'vitest'
import { readingGrade } from './reading-grade.ts'

test('short words in short sentences are easy', () => {
  expect(readingGrade(['We ask you. You say yes.'])).toBeLessThan(2)
})

test('long words in long sentences are hard', () => {
  const text =
    'Verification of your identification information necessitates communication with authoritative organizations.'

  expect(readingGrade([text])).toBeGreaterThan(14)
})

test('nothing to read is grade 0', () => {
  expect(readingGrade([])).toBe(0)
})
