import { expect, test } from 'vitest'
import { delayAfterFailures, delayAskedFor } from './next-ask.ts'

test('each failure in a row doubles the wait, up to a longest', () => {
  const delays = [1, 2, 3, 4, 50].map((failures) => delayAfterFailures(failures, () => 0.5))

  expect(delays).toEqual([2_000, 4_000, 8_000, 15_000, 15_000])
})

test('people who were cut off together do not come back together', () => {
  expect(delayAfterFailures(1, () => 0)).toBe(1_500)
  expect(delayAfterFailures(1, () => 1)).toBe(2_500)
})

test.each([
  [1.25, 1_250],
  [0, 200],
  [-5, 200],
  [9_999, 30_000],
  [undefined, 3_000],
  ['2', 3_000],
])('asked to wait %s seconds, it waits %d milliseconds', (asked, expected) => {
  expect(delayAskedFor(asked)).toBe(expected)
})
