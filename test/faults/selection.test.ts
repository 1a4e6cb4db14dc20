import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Fault } from './faults/fault.ts'
import { reset } from './faults/network.ts'
import { kill, stop, stopFor, strikeBusy } from './faults/processes.ts'
import { killAtStep, steps } from './faults/steps.ts'
import { postgresImmediate, redisRestart, s3Away, s3Outage } from './faults/stores.ts'
import { type Bed, startBed } from './harness/bed.ts'
import { closeBrowsers } from './harness/browser.ts'
import { createRandom } from './harness/random.ts'
import { run } from './run.ts'
import { type Summary, summarise } from './summary.ts'

// A short selection of what `pnpm faults` tries at length. One run for all tests: most of its time is waiting.
const stopLong: Fault = {
  ...stop,
  strikes: 1,
  strike: (bed, random) => strikeBusy(bed, random, (station) => stopFor(station, 13_000)),
}
const selection: readonly Fault[] = [
  { ...killAtStep, strikes: steps.length, pauseMs: [50, 100] },
  ...[redisRestart, kill, postgresImmediate, reset].map(
    (fault): Fault => ({ ...fault, strikes: 1, pauseMs: [1_500, 2_500] }),
  ),
  stopLong,
  {
    ...s3Outage,
    strikes: 1,
    strike: async ({ workers }) => [await s3Away(workers, 'refuse', 3_000)],
  },
]

let bed: Bed
let summary: Summary
beforeAll(async () => {
  bed = await startBed({ workers: 3, webs: 1 })
  const history = await run(bed, {
    faults: selection,
    totalMs: selection.length * 45_000,
    residueAfterMs: 7_000,
    overlap: true,
    perSecond: 5,
    random: createRandom(7),
    signal: new AbortController().signal,
    tell: () => undefined,
  })
  summary = summarise(history, selection)
}, 240_000)
afterAll(async () => {
  closeBrowsers()
  await bed.stop()
})

test('whatever is killed, stopped, restarted or cut, every promise is kept', () => {
  expect(summary.violations).toEqual([])
})

test.each(selection.map(({ name }) => name))('%s struck while people were being served', (name) => {
  const line = summary.lines.find(({ fault }) => fault === name)

  expect(line?.strikes).toBeGreaterThan(0)
  expect(line?.acknowledged).toBeGreaterThan(0)
})

test('what a killed or stopped worker had in hand is taken over by others', () => {
  const recoveries = summary.lines.map(({ fault, recoveries: count }) => [fault, count > 0])

  expect(Object.fromEntries(recoveries)).toMatchObject({ 'kill-at-step': true, stop: true })
})

test('whose photos could not be read while S3 was away asks again, and gets an answer', () => {
  const { retries, endings } = summary.lines.find(({ fault }) => fault === 's3-outage') ?? {}

  expect(retries).toBeGreaterThan(0)
  expect(endings).not.toHaveProperty('internal')
})
