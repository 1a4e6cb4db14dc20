import { newJobId } from '@anteroom/job-channel'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type AttemptRider, createAttempts } from '../../apps/idp-web/src/proofing/attempts.ts'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'
import { reportOf } from '../support/report.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

interface Wish {
  readonly person?: string
  readonly max?: number
  readonly ssn?: string
}

function rider({ person = newJobId(), max = 5, ssn = newJobId() }: Wish = {}): AttemptRider {
  const id = newJobId()
  return {
    attemptId: newJobId(),
    person,
    deadlineSeconds: 60,
    limits: [
      { key: `person/${person}`, max, windowSeconds: 3600, lasting: false },
      { key: `person/${person}/lasting`, max: 3 * max, windowSeconds: 3600, lasting: true },
      { key: `ssn/${ssn}`, max: 10, windowSeconds: 3600, lasting: false },
    ],
    wire: { v: 1, id, job: 'resolution-proofing', traceparent: '', clear: {}, sealed: 's' },
  }
}

const attempts = () => createAttempts(database.pool('web'))

async function queued(jobId: string): Promise<number> {
  const { rows } = await database
    .pool('admin')
    .query<{ count: number }>(
      'select count(*)::integer as count from graphile_worker._private_jobs where key = $1',
      [jobId],
    )
  return rows[0]?.count ?? 0
}

test('an accepted attempt and its job come into being together, with a deadline in database time', async () => {
  const wanted = rider()

  const submitted = await attempts().submit(wanted)

  if (!submitted.accepted) return expect.unreachable()
  expect(submitted.deadlineAt - submitted.enqueuedAt).toBe(60_000)
  expect(await attempts().state(wanted.attemptId)).toEqual({ state: 'reserved', reason: null })
  expect(await queued(wanted.wire.id)).toBe(1)
})

test('fifty submits at once, in three processes, enqueue exactly what the limit allows', async () => {
  const processes = [attempts(), attempts(), attempts()]
  const riders = Array.from({ length: 50 }, () => rider({ person: 'crowd', max: 5 }))

  const submitted = await Promise.all(
    riders.map((wanted, index) => processes[index % 3]?.submit(wanted)),
  )

  expect(submitted.filter((answer) => answer?.accepted)).toHaveLength(5)
  const inQueue = await Promise.all(riders.map(({ wire }) => queued(wire.id)))
  expect(inQueue.reduce((sum, count) => sum + count, 0)).toBe(5)
})

test('who is refused learns when the next attempt is free', async () => {
  const store = attempts()
  await store.submit(rider({ person: 'early', max: 1 }))

  const refused = await store.submit(rider({ person: 'early', max: 1 }))

  if (refused.accepted) return expect.unreachable()
  const minutes = (refused.retryAt - Date.now()) / 60_000
  expect(minutes).toBeGreaterThan(59)
  expect(minutes).toBeLessThan(60.1)
})

test('a limit on the number holds whoever asks', async () => {
  const store = attempts()
  const ssn = 'shared'

  const submitted = await Promise.all(
    Array.from({ length: 12 }, () => store.submit(rider({ ssn }))),
  )

  expect(submitted.filter(({ accepted }) => accepted)).toHaveLength(10)
})

test('the same submit again gets the same answer and no second job', async () => {
  const store = attempts()
  const wanted = rider()

  const first = await store.submit(wanted)
  const [second, third] = await Promise.all([store.submit(wanted), store.submit(wanted)])

  expect(second).toEqual(first)
  expect(third).toEqual(first)
  expect(await queued(wanted.wire.id)).toBe(1)
  expect((await store.usesLeft(wanted.limits)).left).toBe(4)
})

test.each([
  ['timed-out', 5],
  ['vendor-unavailable', 5],
  ['internal', 5],
  ['rejected-input', 4],
] as const)('after a failure by %s the person has %i tries left', async (reason, left) => {
  const store = attempts()
  const wanted = rider()
  await store.submit(wanted)

  await store.applyReports([reportOf(wanted.wire.id, { state: 'failed', reason })])

  expect((await store.usesLeft(wanted.limits)).left).toBe(left)
  expect(await store.state(wanted.attemptId)).toEqual({ state: 'failed', reason })
})

test('attempts are given back, but not without end', async () => {
  const store = attempts()
  const accepted: boolean[] = []

  for (let attempt = 1; attempt <= 7; attempt += 1) {
    const wanted = rider({ person: 'unlucky', max: 2 })
    const submitted = await store.submit(wanted)
    accepted.push(submitted.accepted)
    await store.applyReports([
      reportOf(wanted.wire.id, { state: 'failed', reason: 'vendor-unavailable' }),
    ])
  }

  expect(accepted).toEqual([true, true, true, true, true, true, false])
})

test('a job that a worker has ever started cannot be called off, also while it waits for its next attempt', async () => {
  const store = attempts()
  const wanted = rider()
  await store.submit(wanted)
  await database.pool('admin').query(
    `insert into worker.ledger (job_id, job, state, attempt, starts, token, enqueued_at, deadline_at)
     values ($1, 'resolution-proofing', 'waiting', 1, 1, 1, now(), now())`,
    [wanted.wire.id],
  )

  expect(await store.cancel({ attemptId: wanted.attemptId, jobId: wanted.wire.id })).toBe(false)
})

test('a check that ended well stays counted', async () => {
  const store = attempts()
  const wanted = rider()
  await store.submit(wanted)

  await store.applyReports([reportOf(wanted.wire.id)])

  expect((await store.usesLeft(wanted.limits)).left).toBe(4)
})

test('reports count once, in their order, however they arrive', async () => {
  const store = attempts()
  const wanted = rider()
  await store.submit(wanted)
  const waiting = reportOf(wanted.wire.id, {
    seq: 1,
    state: 'waiting',
    reason: 'vendor-unavailable',
  })
  const done = reportOf(wanted.wire.id, { seq: 2 })

  const applied = [
    await store.applyReports([done, waiting]),
    await store.applyReports([waiting]),
    await store.applyReports([done]),
    await store.applyReports([reportOf(newJobId())]),
  ]

  expect(applied.map(({ length }) => length)).toEqual([1, 0, 0, 0])
  expect(await store.state(wanted.attemptId)).toEqual({ state: 'done', reason: null })
})

test('what no worker has claimed can be called off, and the attempt is given back', async () => {
  const store = attempts()
  const wanted = rider()
  await store.submit(wanted)
  const attempt = { attemptId: wanted.attemptId, jobId: wanted.wire.id }

  const cancelled = [await store.cancel(attempt), await store.cancel(attempt)]

  expect(cancelled).toEqual([true, false])
  expect(await queued(wanted.wire.id)).toBe(0)
  expect((await store.usesLeft(wanted.limits)).left).toBe(5)
})

test('what a worker has claimed cannot be called off', async () => {
  const store = attempts()
  const wanted = rider()
  await store.submit(wanted)
  await database
    .pool('admin')
    .query(
      `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'w', attempts = 1 where key = $1`,
      [wanted.wire.id],
    )

  const cancelled = await store.cancel({ attemptId: wanted.attemptId, jobId: wanted.wire.id })

  expect(cancelled).toBe(false)
  expect(await queued(wanted.wire.id)).toBe(1)
  expect((await store.usesLeft(wanted.limits)).left).toBe(4)
})

test('a person finds their open attempt by any of their hashes, until it is closed', async () => {
  const store = attempts()
  const wanted = rider({ person: 'older-hash' })
  await store.submit(wanted)

  const found = await store.openOf(['newer-hash', 'older-hash'])
  await store.close(wanted.attemptId)

  expect(found?.attemptId).toBe(wanted.attemptId)
  expect(await store.openOf(['newer-hash', 'older-hash'])).toBeUndefined()
})
