import { expect, test } from 'vitest'
import { pacingOf } from './pacing.ts'

test.each([
  [0, 2, true],
  [20, 2, true],
  [100, 10, true],
  [180, 18, true],
  [181, 18.1, false],
  [3_600, 30, false],
])('who waits for %i s asks again after %d s', (waitSeconds, nextPollSeconds, listen) => {
  expect(pacingOf(waitSeconds, () => 0.5)).toEqual({ nextPollSeconds, listen })
})

test('the next question is spread by a fifth either way', () => {
  expect(pacingOf(3_600, () => 0).nextPollSeconds).toBe(24)
  expect(pacingOf(3_600, () => 1).nextPollSeconds).toBe(36)
})
