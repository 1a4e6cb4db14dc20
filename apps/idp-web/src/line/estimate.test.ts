import { expect, test } from 'vitest'
import { estimateWait, type Pace } from './estimate.ts'

const pace = (changes: Partial<Pace> = {}): Pace => ({
  starts: 480,
  seconds: 60,
  leavingPerSecond: 0,
  quotaPerSecond: 10,
  ...changes,
})

test('where nobody leaves, people ahead are divided by turns a second', () => {
  const wait = estimateWait(799, pace())

  expect(wait?.likely).toBe(100)
})

test('people who leave in front make the wait shorter', () => {
  const wait = estimateWait(2_399, pace({ leavingPerSecond: 1 / 300 }))

  expect(wait?.likely).toBeCloseTo(300 * Math.log(2), 5)
})

test('the wait is never shorter than the quota allows', () => {
  const wait = estimateWait(799, pace({ quotaPerSecond: 4 }))

  expect(wait?.likely).toBe(200)
})

test('fewer than five turns say nothing yet', () => {
  expect(estimateWait(10, pace({ starts: 4 }))).toBeUndefined()
  expect(estimateWait(10, pace({ starts: 5 }))).toBeDefined()
})

test('a long wait is not told before it is known how many leave', () => {
  expect(estimateWait(799, pace({ leavingPerSecond: undefined }))).toBeUndefined()
  expect(estimateWait(199, pace({ leavingPerSecond: undefined }))?.likely).toBe(25)
})

test('the range is the wider the less is known, and never below nothing', () => {
  const little = estimateWait(800, pace({ starts: 5, seconds: 0.625 }))
  const much = estimateWait(800, pace())
  const next = estimateWait(0, pace())

  if (!little || !much) return expect.unreachable()
  expect(little.high - little.low).toBeGreaterThan(2 * (much.high - much.low))
  expect(next?.low).toBe(0)
})
