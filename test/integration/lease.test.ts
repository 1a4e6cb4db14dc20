import { newJobId } from '@anteroom/job-channel'
import type pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  deleteSpentRows,
  endDeadLeases,
  freeForgotten,
  freeJobs,
  insertLease,
  lockLease,
  readOrphans,
} from '../../apps/worker/src/lease/lease-statements.ts'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
let worker: pg.Pool
beforeAll(async () => {
  database = await startTestDatabase()
  worker = database.pool('worker')
})
afterAll(() => database.stop())
beforeEach(async () => {
  await database.pool('admin').query('truncate worker.leases, worker.ledger cascade')
  await database.pool('admin').query('delete from graphile_worker._private_jobs')
})

/** A queue row as a claim leaves it. */
async function claimedRow(by: string, secondsAgo: number): Promise<string> {
  const key = newJobId()
  const admin = database.pool('admin')
  await admin.query(`select graphile_worker.add_job('a', '{}', job_key => $1)`, [key])
  await admin.query(
    `update graphile_worker._private_jobs
     set locked_by = $2, locked_at = now() - make_interval(secs => $3), attempts = 1 where key = $1`,
    [key, by, secondsAgo],
  )
  return key
}

async function begun(jobId: string, secondsAgo: number): Promise<void> {
  await database.pool('admin').query(
    `insert into worker.ledger (job_id, job, state, attempt, starts, token, enqueued_at, deadline_at, started_at)
     values ($1, 'a', 'running', 1, 1, 1, now(), now() + interval '1 minute', now() - make_interval(secs => $2))`,
    [jobId, secondsAgo],
  )
}

async function isFree(key: string): Promise<boolean> {
  const { rows } = await database
    .pool('admin')
    .query<{ locked_by: string | null }>(
      'select locked_by from graphile_worker._private_jobs where key = $1',
      [key],
    )
  return rows[0]?.locked_by === null
}

const setBeat = (workerId: string, secondsAgo: number) =>
  database
    .pool('admin')
    .query(
      'update worker.leases set heartbeat_at = clock_timestamp() - make_interval(secs => $2) where worker_id = $1',
      [workerId, secondsAgo],
    )

test('a worker whose lock is free and whose beat is missing is dead, and its jobs are freed', async () => {
  await insertLease(worker, 'gone')
  await setBeat('gone', 2)
  const key = await claimedRow('gone', 2)

  const dead = await endDeadLeases(worker)
  await freeJobs(worker, dead)

  expect(dead).toEqual(['gone'])
  expect(await isFree(key)).toBe(true)
})

test('a worker that holds its lock is alive while it beats, and dead when it has been silent for ten seconds', async () => {
  const connection = await worker.connect()
  await lockLease(connection, 'stuck')
  await insertLease(worker, 'stuck')
  await setBeat('stuck', 5)

  const early = await endDeadLeases(worker)
  await setBeat('stuck', 11)
  const late = await endDeadLeases(worker)
  connection.release(true)

  expect(early).toEqual([])
  expect(late).toEqual(['stuck'])
})

test('a worker that has just lost its connection and still beats is given time to come back', async () => {
  await insertLease(worker, 'blinking')

  expect(await endDeadLeases(worker)).toEqual([])
})

test('a row held by somebody without a lease is found once its holder has had time to take one', async () => {
  await insertLease(worker, 'known')
  await claimedRow('known', 60)
  await claimedRow('stranger', 60)
  await claimedRow('newcomer', 1)

  expect(await readOrphans(worker)).toEqual(['stranger'])
})

test('a row that was claimed and never begun is freed: the reply to the claim was lost', async () => {
  const lost = await claimedRow('alive', 20)
  const fresh = await claimedRow('alive', 1)
  const running = await claimedRow('alive', 20)
  await begun(running, 19)
  const again = await claimedRow('alive', 20)
  await begun(again, 40)

  const count = await freeForgotten(worker)

  expect(count).toBe(2)
  expect(await Promise.all([lost, fresh, running, again].map(isFree))).toEqual([
    true,
    false,
    false,
    true,
  ])
})

test('a row whose job has ended is freed: its completion was lost, and its worker lives', async () => {
  const ended = async (secondsAgo: number) => {
    const key = await claimedRow('alive', 20)
    await begun(key, 19)
    await database.pool('admin').query(
      `update worker.ledger set state = 'failed', reason = 'internal',
         settled_at = now() - make_interval(secs => $2) where job_id = $1`,
      [key, secondsAgo],
    )
    return key
  }
  const long = await ended(15)
  const justNow = await ended(1)

  const count = await freeForgotten(worker)

  expect(count).toBe(1)
  expect(await Promise.all([long, justNow].map(isFree))).toEqual([true, false])
})

test('rows that graphile-worker will never run again do not stay', async () => {
  const spent = await claimedRow('x', 1)
  await database.pool('admin').query(
    `update graphile_worker._private_jobs
     set locked_by = null, locked_at = null, attempts = max_attempts, updated_at = now() - interval '2 minutes'
     where key = $1`,
    [spent],
  )

  await deleteSpentRows(worker)

  const { rows } = await database.pool('admin').query('select 1 from graphile_worker._private_jobs')
  expect(rows).toEqual([])
})
