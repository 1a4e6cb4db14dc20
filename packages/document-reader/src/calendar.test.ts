import { expect, test } from 'vitest'
import { hasReachedAge, isRealDate } from './calendar.ts'

test.each(['1986-06-06', '2024-02-29', '1900-01-01'])('%s is a day', (date) => {
  expect(isRealDate(date)).toBe(true)
})

test.each(['1986-02-30', '2023-02-29', '1986-13-01', '1899-12-31', '0000-00-00', ''])(
  '%s is none',
  (date) => {
    expect(isRealDate(date)).toBe(false)
  },
)

test('a person has reached an age on the birthday, not the day before', () => {
  expect(hasReachedAge('2013-06-02', 13, '2026-06-01')).toBe(false)
  expect(hasReachedAge('2013-06-01', 13, '2026-06-01')).toBe(true)
})

test('a person born on 29 February has reached it on 1 March', () => {
  expect(hasReachedAge('2012-02-29', 13, '2025-02-28')).toBe(false)
  expect(hasReachedAge('2012-02-29', 13, '2025-03-01')).toBe(true)
})
