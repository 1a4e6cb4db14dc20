import {
  actOnJob,
  jobCalls,
  jobFacts,
  jobsIn,
  queueFigures,
  workerFigures,
} from '@anteroom/operations'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'
import { canary, enterJob, holdJob, newId, putDeadLetter, putJob } from '../support/queued-jobs.ts'

let database: TestDatabase
let admin: pg.Pool
let db: pg.Pool
beforeAll(async () => {
  database = await startTestDatabase()
  admin = database.pool('admin')
  db = database.pool('ops')
})
afterAll(() => database.stop())
beforeEach(async () => {
  await admin.query(
    `truncate ops.audit, worker.ledger, worker.leases, worker.vendor_calls, worker.dead_letters, worker.ordered_jobs;
     delete from graphile_worker._private_jobs`,
  )
})

const actor = 'ada'

async function audited() {
  const { rows } = await admin.query('select actor, command, arguments from ops.audit order by id')
  return rows
}

async function rowOf(jobId: string) {
  const { rows } = await admin.query<{ waits: boolean; held: boolean; attempts: number }>(
    `select run_at > now() as waits, locked_at is not null as held, attempts
     from graphile_worker._private_jobs where key = $1`,
    [jobId],
  )
  return rows[0]
}

async function ledgerOf(jobId: string) {
  const { rows } = await admin.query(
    `select job, state, reason, code, seq, attempt, settled_at is not null as settled, pushed_at is not null as pushed
     from worker.ledger where job_id = $1`,
    [jobId],
  )
  return rows[0]
}

describe('retrying', () => {
  test('lets a job that was put off begin now, and says so in the audit', async () => {
    const jobId = await putJob(admin, { inSeconds: 3_600 })
    await enterJob(admin, jobId, { state: 'waiting' })

    const { answer } = await actOnJob(db, 'retry', { actor, jobId })

    expect(answer).toBe('retried')
    expect(await rowOf(jobId)).toMatchObject({ waits: false, held: false })
    expect(await audited()).toEqual([
      { actor, command: 'job retry', arguments: { job: jobId, task: 'risc-delivery' } },
    ])
  })

  test('gives one more start to a job that has used up those of the queue', async () => {
    const jobId = await putJob(admin)
    await admin.query('update graphile_worker._private_jobs set attempts = max_attempts')

    const { answer } = await actOnJob(db, 'retry', { actor, jobId })

    expect(answer).toBe('retried')
    expect(await rowOf(jobId)).toMatchObject({ attempts: 9 })
  })

  test('does nothing, and writes nothing down, where there is nothing to do', async () => {
    const ready = await putJob(admin)
    const held = await putJob(admin)
    await holdJob(admin, held, { worker: 'w', beats: true })

    const answers = await Promise.all(
      [ready, held, newId()].map((jobId) => actOnJob(db, 'retry', { actor, jobId })),
    )

    expect(answers.map(({ answer }) => answer)).toEqual(['ready', 'running', 'gone'])
    expect(answers.map(({ isInEffect }) => isInEffect)).toEqual([false, false, false])
    expect(await audited()).toEqual([])
  })
})

describe('discarding', () => {
  test('ends a job that nobody has begun as cancelled, and takes it out of the queue', async () => {
    const jobId = await putJob(admin)

    const { answer } = await actOnJob(db, 'discard', { actor, jobId })

    expect(answer).toBe('discarded')
    expect(await rowOf(jobId)).toBeUndefined()
    expect(await ledgerOf(jobId)).toEqual({
      job: 'risc-delivery',
      state: 'failed',
      reason: 'cancelled',
      code: 'JOB_DISCARDED',
      seq: 1,
      attempt: 0,
      settled: true,
      // The workers' sweep pushes it.
      pushed: false,
    })
    expect(await audited()).toEqual([
      { actor, command: 'job discard', arguments: { job: jobId, task: 'risc-delivery' } },
    ])
  })

  test('ends a job that waits for another try, whose reports go on', async () => {
    const jobId = await putJob(admin, { inSeconds: 60 })
    await enterJob(admin, jobId, { state: 'waiting' })
    await admin.query('update worker.ledger set seq = 4')

    await actOnJob(db, 'discard', { actor, jobId })

    expect(await ledgerOf(jobId)).toMatchObject({ state: 'failed', reason: 'cancelled', seq: 5 })
  })

  test('lets the next of its stream begin', async () => {
    const first = await putJob(admin, { inSeconds: 60 })
    const second = await putJob(admin, { inSeconds: 60 })
    await admin.query(
      `insert into worker.ordered_jobs (job_id, stream, deadline_at)
       values ($1, 's', now() + interval '1 hour'), ($2, 's', now() + interval '1 hour')`,
      [first, second],
    )

    await actOnJob(db, 'discard', { actor, jobId: first })

    expect(await rowOf(second)).toMatchObject({ waits: false })
  })

  test('takes nothing from a worker that is at it, and ends nothing twice', async () => {
    const held = await putJob(admin)
    await holdJob(admin, held, { worker: 'w', beats: true })
    const ended = newId()
    await enterJob(admin, ended, { state: 'done' })

    const answers = await Promise.all(
      [held, ended, newId()].map((jobId) => actOnJob(db, 'discard', { actor, jobId })),
    )

    expect(answers.map(({ answer }) => answer)).toEqual(['running', 'ended', 'gone'])
    expect(await audited()).toEqual([])
  })

  test('is told once, however often it is asked for at once', async () => {
    const jobId = await putJob(admin)

    const answers = await Promise.all(
      Array.from({ length: 5 }, () => actOnJob(db, 'discard', { actor, jobId })),
    )

    expect(answers.filter(({ answer }) => answer === 'discarded')).toHaveLength(1)
    expect(await audited()).toHaveLength(1)
  })
})

describe('releasing', () => {
  test.each([
    ['has no lease', `delete from worker.leases`],
    ['has not beaten for long', `update worker.leases set heartbeat_at = now() - interval '11 s'`],
    [
      'missed beats, and its lock is free',
      `update worker.leases set heartbeat_at = now() - interval '2 s'`,
    ],
  ])('frees a job whose worker %s', async (_what, statement) => {
    const jobId = await putJob(admin)
    await holdJob(admin, jobId, { worker: 'w', beats: true })
    await admin.query(statement)

    const { answer } = await actOnJob(db, 'release', { actor, jobId })

    expect(answer).toBe('released')
    expect(await rowOf(jobId)).toMatchObject({ held: false, waits: false })
    expect(await audited()).toEqual([
      { actor, command: 'job release', arguments: { job: jobId, task: 'risc-delivery' } },
    ])
  })

  test('takes nothing from a worker that lives, or is late and holds its lock', async () => {
    const living = await putJob(admin)
    const late = await putJob(admin)
    await holdJob(admin, living, { worker: 'living', beats: true })
    await holdJob(admin, late, { worker: 'late', beats: true })
    await admin.query(
      `update worker.leases set heartbeat_at = now() - interval '3 s' where worker_id = 'late'`,
    )
    const client = await database.pool('worker').connect()
    await client.query(`select pg_advisory_lock(hashtextextended('lease/late', 0))`)

    const answers = [
      await actOnJob(db, 'release', { actor, jobId: living }),
      await actOnJob(db, 'release', { actor, jobId: late }),
      await actOnJob(db, 'release', { actor, jobId: await putJob(admin) }),
      await actOnJob(db, 'release', { actor, jobId: newId() }),
    ]
    client.release(true)

    expect(answers.map(({ answer }) => answer)).toEqual(['alive', 'alive', 'free', 'gone'])
    expect(await audited()).toEqual([])
  })
})

describe('looking', () => {
  test('counts jobs by task and state, and names tasks that have none', async () => {
    await putJob(admin, { inSeconds: -30 })
    await putJob(admin, { inSeconds: 30 })
    await holdJob(admin, await putJob(admin), { worker: 'w', beats: true })
    await enterJob(admin, newId(), { state: 'done' })
    await putDeadLetter(admin)

    const figures = await queueFigures(db)

    expect(figures.find(({ job }) => job === 'risc-delivery')).toEqual({
      job: 'risc-delivery',
      ready: 1,
      oldest_seconds: expect.closeTo(30, -1),
      running: 1,
      scheduled: 1,
      done_lately: 1,
      failed_lately: 1,
      dead: 1,
    })
    expect(figures.find(({ job }) => job === 'address-proofing')).toMatchObject({ ready: 0 })
  })

  test.each(['scheduled', 'done'] as const)(
    'lists every job that is %s once, in pages',
    async (state) => {
      const ids = await Promise.all(
        Array.from({ length: 7 }, async () => {
          const id = await putJob(admin, { inSeconds: 60 })
          if (state === 'done') await enterJob(admin, id, { state })
          return id
        }),
      )
      // All at one moment, so that only their ids tell them apart.
      await admin.query(
        `update graphile_worker._private_jobs set run_at = '2030-01-01'; update worker.ledger set settled_at = '2026-01-01'`,
      )

      const seen: string[] = []
      let after: Awaited<ReturnType<typeof jobsIn>>['next']
      do {
        const { jobs, next } = await jobsIn(db, { state, job: 'risc-delivery', after, atMost: 3 })
        seen.push(...jobs.map(({ job_id: id }) => id))
        after = next
      } while (after)

      expect(seen).toHaveLength(7)
      expect([...seen].sort()).toEqual([...ids].sort())
    },
  )

  test('tells of a job, its vendors and its worker, and never what is in it', async () => {
    const jobId = await putJob(admin)
    await holdJob(admin, jobId, { worker: 'w', beats: true })
    await enterJob(admin, jobId, { state: 'running' })
    await admin.query(
      `insert into worker.vendor_calls (job_id, vendor, answered_at, reply) values ($1, 'registry', now(), $2)`,
      [jobId, canary],
    )

    const all = [
      await jobFacts(db, jobId),
      await jobCalls(db, jobId),
      await workerFigures(db),
      await jobsIn(db, { state: 'running', atMost: 10 }),
    ]

    expect(all[0]).toMatchObject({ state: 'running', queue_state: 'running', worker_id: 'w' })
    expect(all[1]).toEqual([
      { vendor: 'registry', asked_at: expect.any(Date), answered_at: expect.any(Date) },
    ])
    expect(all[2]).toMatchObject([{ worker_id: 'w', jobs: 1 }])
    expect(JSON.stringify(all)).not.toContain(canary)
  })
})
