import { expect, test } from 'vitest'
import { lineWords } from '../texts/en/line-words.ts'
import { roundedWait } from './rounded-wait.ts'

test.each([
  [2, 40, 'Your wait is less than a minute.'],
  [30, 150, 'Your wait is up to 3 minutes.'],
  [250, 410, 'Your wait is about 4 to 7 minutes.'],
  [180, 180, 'Your wait is about 3 minutes.'],
  [1_000, 1_500, 'Your wait is about 15 to 25 minutes.'],
  [3_000, 5_600, 'Your wait is up to 2 hours.'],
  [4_000, 9_000, 'Your wait is about 1 to 3 hours.'],
])('between %d and %d seconds is said as "%s"', (low, high, words) => {
  expect(lineWords.wait(roundedWait({ low, high }))).toBe(words)
})

test('what is not known is not made up', () => {
  expect(lineWords.wait(undefined)).toBe('We do not know yet how long it will take.')
})

test('what is said holds all that was meant', () => {
  const seconds = [0, 1, 59, 60, 61, 1_199, 1_200, 1_201, 5_399, 5_400, 5_401, 7_200, 200_000]
  const ranges = seconds.flatMap((low) =>
    seconds.filter((high) => high >= low).map((high) => ({ low, high })),
  )

  const outside = ranges.filter(({ low, high }) => {
    const { unit, from, to } = roundedWait({ low, high })
    const length = unit === 'hours' ? 3_600 : 60
    return from * length > low || to * length < high
  })

  expect(outside).toEqual([])
})
