import { createMetrics, type Metrics } from '@anteroom/runtime'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { measureQueue } from '../../apps/worker/src/queue-figures.ts'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'
import { metricOf } from '../support/metric-of.ts'

let database: TestDatabase
let metrics: Metrics
beforeAll(async () => {
  database = await startTestDatabase()
})
beforeEach(async () => {
  await database.pool('admin').query('delete from graphile_worker._private_jobs')
  metrics = createMetrics('worker')
})
afterAll(() => database.stop())

const task = 'email-delivery'

function add(key: string, runAt: string): Promise<unknown> {
  return database
    .pool('admin')
    .query(
      `select graphile_worker.add_job($1, '{}', job_key => $2, run_at => now() + $3::interval)`,
      [task, key, runAt],
    )
}

async function figures() {
  await measureQueue({ pool: database.pool('worker'), metrics })
  const count = (state: string) => metricOf(metrics, 'queue_jobs', { task, state })
  return {
    ready: await count('ready'),
    running: await count('running'),
    scheduled: await count('scheduled'),
    oldest: await metricOf(metrics, 'queue_oldest_seconds', { task }),
  }
}

test('an empty queue is told as such', async () => {
  expect(await figures()).toEqual({ ready: 0, running: 0, scheduled: 0, oldest: 0 })
})

test('jobs are counted by what they wait for, and the oldest that nobody takes is aged', async () => {
  await add('a', '-90 seconds')
  await add('b', '-5 seconds')
  await add('c', '1 hour')
  await add('d', '-1 hour')
  await database
    .pool('admin')
    .query(
      `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'w' where key = 'd'`,
    )

  const { oldest, ...counts } = await figures()

  expect(counts).toEqual({ ready: 2, running: 1, scheduled: 1 })
  expect(oldest).toBeGreaterThanOrEqual(90)
  expect(oldest).toBeLessThan(120)
})

test('what has gone is not told any more', async () => {
  await add('a', '-90 seconds')
  await figures()
  await database.pool('admin').query('delete from graphile_worker._private_jobs')

  expect(await figures()).toEqual({ ready: 0, running: 0, scheduled: 0, oldest: 0 })
})

test('jobs that failed and are kept are counted until an operator has dealt with them', async () => {
  const admin = database.pool('admin')
  const kept = async () => {
    await measureQueue({ pool: database.pool('worker'), metrics })
    return metricOf(metrics, 'dead_letters_kept', { task: 'risc-delivery' })
  }

  const before = await kept()
  await admin.query(
    `insert into worker.dead_letters (job_id, job, wire, reason, code, facts, purge_at)
     values ('a', 'risc-delivery', '{}', 'rejected-input', 'PUSH_GONE', '{}', now() + interval '1 day')`,
  )
  const meanwhile = await kept()
  await admin.query('delete from worker.dead_letters')

  expect([before, meanwhile, await kept()]).toEqual([0, 1, 0])
})
