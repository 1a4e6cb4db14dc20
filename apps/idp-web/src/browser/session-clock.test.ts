import { expect, test } from 'vitest'
import { sessionEnd, timeLeftStep } from './session-clock.ts'

test.each([
  [120, 'twoMinutes'],
  [76, 'twoMinutes'],
  [75, 'oneMinute'],
  [31, 'oneMinute'],
  [30, 'halfMinute'],
  [0, 'halfMinute'],
])('with %d seconds left it says %s', (seconds, expected) => {
  expect(timeLeftStep(seconds)).toBe(expected)
})

test('an idle session may go on', () => {
  expect(sessionEnd({ idleAt: 900_000, absoluteAt: 40_000_000 })).toEqual({
    at: 900_000,
    canStay: true,
  })
})

test('a session at its longest time may not', () => {
  expect(sessionEnd({ idleAt: 900_000, absoluteAt: 500_000 })).toEqual({
    at: 500_000,
    canStay: false,
  })
})

test('staying is not offered when there is hardly anything left to stay for', () => {
  expect(sessionEnd({ idleAt: 900_000, absoluteAt: 1_000_000 })).toEqual({
    at: 900_000,
    canStay: false,
  })
})
