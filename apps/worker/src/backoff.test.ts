import { jobs } from '@anteroom/job-contracts'
import { expect, test } from 'vitest'
import { retryDelayMs } from './backoff.ts'

const { retry } = jobs.documentTransfer
const bounds = (random: number) =>
  Array.from({ length: 12 }, (_, before) => retryDelayMs(retry, before + 1, () => random) / 1_000)

test('the wait of a transfer is drawn evenly from nothing up to a bound that doubles, to an hour at most', () => {
  expect(bounds(1)).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 3_600, 3_600])
  expect(bounds(0.5)).toEqual(bounds(1).map((bound) => bound / 2))
  expect(bounds(0)).toEqual(bounds(1).map(() => 0))
})

test('a wait in a list is drawn from a fifth around it', () => {
  const listed = { attempts: 3, delaysSeconds: [10, 60] }

  expect([0, 0.5, 1].map((random) => retryDelayMs(listed, 2, () => random))).toEqual([
    48_000, 60_000, 72_000,
  ])
})
