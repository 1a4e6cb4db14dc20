import { setTimeout as pause } from 'node:timers/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { jtiIn, newJti, type PushBed, startPushBed } from '../support/push-bed.ts'

const windowMs = 10_000
const perMinute = 600

let bed: PushBed
let workers: { stop(): Promise<void> }
beforeAll(async () => {
  const silent = Array.from({ length: 3 }, (_, index) => [`silent-${index}`, { timeout_ms: 3_000 }])
  bed = await startPushBed({
    partners: {
      library: { per_minute: perMinute, timeout_ms: 3_000 },
      archive: { timeout_ms: 3_000 },
      slow: { timeout_ms: 3_000 },
      ...Object.fromEntries(silent),
    },
    windowMs,
  })
  workers = await bed.startWorkers(4)
})
afterAll(async () => {
  await workers.stop()
  await bed.stop()
})

const many = (count: number, partner: string) =>
  Array.from({ length: count }, () => ({ partner, subject: newJti(), jti: newJti() }))

const arrivalsAt = (partner: string) =>
  bed.receiver.received.filter(({ path }) => path === `/${partner}`)

const deliveredJobs = async () => {
  const [row] = await bed.query<{ done: number }>(
    `select count(*)::integer as done from worker.ledger where state = 'done'`,
  )
  return row?.done
}

/** The most that came in any window. */
function mostInAnyWindow(times: readonly number[]): number {
  const sorted = times.toSorted((one, other) => one - other)
  let from = 0
  return sorted.reduce((most, at, index) => {
    while (at - (sorted[from] ?? at) >= windowMs) from += 1
    return Math.max(most, index - from + 1)
  }, 0)
}

test('5,000 events reach a partner through four workers, never more in a window than it takes', async () => {
  const events = many(5_000, 'library')

  await bed.announce(events)

  await expect.poll(deliveredJobs, { timeout: 240_000, interval: 500 }).toBe(5_000)
  const arrivals = arrivalsAt('library')
  // At least once: a push whose answer was late on a busy machine is pushed again.
  expect(new Set(arrivals.map(({ body }) => jtiIn(body)))).toEqual(
    new Set(events.map(({ jti }) => jti)),
  )
  const most = mostInAnyWindow(arrivals.map(({ at }) => at))
  expect(most).toBeLessThanOrEqual(perMinute)
  expect(most).toBeGreaterThan(perMinute / 2)
  // Nothing but a push costs an attempt.
  const [attempts] = await bed.query<{ all: number }>(
    'select sum(attempt)::integer as all from worker.ledger',
  )
  const pushes = bed.worker.logLines.filter((line) => JSON.parse(line).msg === 'risc.push')
  expect(attempts?.all).toBe(pushes.length)
}, 270_000)

/** How long nine of ten events take to reach a partner that answers, one after the other. */
async function ninthDecileMs(): Promise<number> {
  const waits: number[] = []
  for (let round = 0; round < 40; round += 1) {
    const before = arrivalsAt('archive').length
    const startedAt = performance.now()
    await bed.announce(many(1, 'archive'))
    await expect
      .poll(() => arrivalsAt('archive').length, { timeout: 10_000, interval: 5 })
      .toBe(before + 1)
    waits.push(performance.now() - startedAt)
  }
  return waits.toSorted((one, other) => one - other)[36] ?? Number.POSITIVE_INFINITY
}

test('partners that never answer do not slow down others', async () => {
  bed.receiver.script = ({ path }) => (path.startsWith('/silent') ? 'silent' : { status: 202 })
  const alone = await ninthDecileMs()
  await bed.announce([0, 1, 2].flatMap((index) => many(100, `silent-${index}`)))
  await pause(8_000)

  const beside = await ninthDecileMs()

  expect(beside - alone).toBeLessThan(250)
}, 120_000)

test('a partner that takes events slowly, and has many to take, does not slow down others', async () => {
  bed.receiver.script = async ({ path }) => {
    if (path === '/slow') await pause(2_000)
    return { status: 202 }
  }
  const alone = await ninthDecileMs()
  await bed.announce(many(2_000, 'slow'))
  await pause(8_000)

  const beside = await ninthDecileMs()

  expect(beside - alone).toBeLessThan(500)
}, 120_000)
