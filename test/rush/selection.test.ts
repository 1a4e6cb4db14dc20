import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkFiles } from './check/files.ts'
import { type RushBed, startRushBed } from './harness/bed.ts'
import { type Rush, run } from './run.ts'
import { type Summary, summarise } from './summary.ts'

// A small crowd of what `pnpm rush` sends at length. One run for all tests: most of its time is waiting.
const quota = 20
const people = 150
/** Ample, so that a busy machine makes the test slow and not red. */
const slackMs = 600

let bed: RushBed
let rush: Rush
let summary: Summary
beforeAll(async () => {
  bed = await startRushBed({ quota, slowMs: 400, slackMs, webs: 2, workers: 2 })
  rush = await run(bed, {
    ...{ people, quota, leave: 0.25, minutes: 0.05, maxMinutes: 3, seed: 3 },
    signal: new AbortController().signal,
    tell: () => undefined,
  })
  summary = summarise(rush.history, { quota, windowMs: 1_000 })
}, 240_000)
afterAll(() => bed.stop())

test('everybody joins, and either gets a credential or leaves', () => {
  const { issued = 0, left = 0 } = summary.endings

  expect(summary.joined).toBe(people)
  expect(issued + left).toBe(people)
  expect(summary.leftOnce).toBeGreaterThan(0)
})

test('nobody who is there and heard of sees a later number called', () => {
  expect(summary.order.inversions).toEqual([])
  expect(summary.order.calls).toBeGreaterThanOrEqual(summary.endings.issued ?? 0)
})

test('in no second does the registry get more calls than its quota', () => {
  const { calls, refused, mostInWindow } = summary.quota

  expect(refused).toBe(0)
  expect(mostInWindow).toBeLessThanOrEqual(quota)
  expect(calls).toBeGreaterThanOrEqual(summary.endings.issued ?? 0)
})

// How many leave without a word at the very front is chance in so short a line; who has said so is known.
test('the registry is not asked for people who had said that they leave', () => {
  expect(summary.quota.forGoneWhoSaid).toBe(0)
})

test('the files hold credentials that our key has signed, one each', async () => {
  const numbers = await checkFiles(bed.stack, rush.files.slice(0, 2))

  expect(new Set(numbers).size).toBe(2)
})
