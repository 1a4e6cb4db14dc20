import {
  cancelJobs,
  enqueueJobs,
  inTransaction,
  type JobRider,
  newJobId,
} from '@anteroom/job-channel'
import { type Job, jobs } from '@anteroom/job-contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const web = () => database.pool('web')

function rider(): JobRider {
  const id = newJobId()
  return {
    deadlineSeconds: 60,
    wire: { v: 1, id, job: 'resolution-proofing', traceparent: '', clear: {}, sealed: 's' },
  }
}

/** Queue rows with this job's id. */
async function queued({ wire }: JobRider): Promise<{ payload: { deadlineAt: number } }[]> {
  const { rows } = await database
    .pool('admin')
    .query<{ payload: { deadlineAt: number } }>(
      'select payload from graphile_worker._private_jobs where key = $1',
      [wire.id],
    )
  return rows
}

/** A worker has started the job, and its row is gone. */
async function startAndForget({ wire }: JobRider): Promise<void> {
  const admin = database.pool('admin')
  await admin.query('delete from graphile_worker._private_jobs where key = $1', [wire.id])
  await admin.query(
    `insert into worker.ledger (job_id, job, state, attempt, starts, token, enqueued_at, deadline_at)
     values ($1, $2, 'running', 1, 1, 1, now(), now() + interval '60 seconds')`,
    [wire.id, wire.job],
  )
}

test('what a transaction enqueues and then takes back never was in the queue', async () => {
  const wanted = rider()

  const ended = inTransaction(web(), async (tx) => {
    await enqueueJobs(tx, [wanted])
    throw new Error('taken back')
  })

  await expect(ended).rejects.toThrow('taken back')
  expect(await queued(wanted)).toEqual([])
})

test('what a transaction enqueues is there once it commits, and for nobody before', async () => {
  const wanted = rider()

  const during = await inTransaction(web(), async (tx) => {
    await enqueueJobs(tx, [wanted])
    return queued(wanted)
  })

  expect(during).toEqual([])
  expect(await queued(wanted)).toHaveLength(1)
})

test('the deadline that the caller is told is the one that the worker reads', async () => {
  const wanted = rider()

  const [enqueued] = await enqueueJobs(web(), [wanted])

  const [row] = await queued(wanted)
  expect(enqueued?.jobId).toBe(wanted.wire.id)
  expect(row?.payload.deadlineAt).toBe(enqueued?.deadlineAt)
  expect((enqueued?.deadlineAt ?? 0) - (enqueued?.enqueuedAt ?? 0)).toBe(60_000)
})

test('a call that is repeated adds nothing and changes nothing', async () => {
  const wanted = rider()
  await enqueueJobs(web(), [wanted])
  const before = await queued(wanted)

  await enqueueJobs(web(), [{ ...wanted, deadlineSeconds: 600 }, rider()])

  expect(await queued(wanted)).toEqual(before)
})

test('a job that was ever started is not queued again', async () => {
  const wanted = rider()
  await enqueueJobs(web(), [wanted])
  await startAndForget(wanted)

  await enqueueJobs(web(), [wanted])

  expect(await queued(wanted)).toEqual([])
})

test('a job that a worker has started cannot be cancelled, one that nobody has started can', async () => {
  const [started, waiting] = [rider(), rider()]
  await enqueueJobs(web(), [started, waiting])
  await database.pool('admin').query(
    `insert into worker.ledger (job_id, job, state, attempt, starts, token, enqueued_at, deadline_at)
       values ($1, 'resolution-proofing', 'running', 1, 1, 1, now(), now() + interval '60 seconds')`,
    [started.wire.id],
  )

  const cancelled = await cancelJobs(web(), [started.wire.id, waiting.wire.id])

  expect(cancelled).toEqual([waiting.wire.id])
  expect(await queued(started)).toHaveLength(1)
  expect(await queued(waiting)).toEqual([])
})

test.each(Object.values<Job>(jobs))(
  '$name waits behind whom its contract says',
  async ({ name, priority = 0 }) => {
    const wanted = rider()
    const wire = { ...wanted.wire, job: name, clear: { numbers: [] } }

    await enqueueJobs(database.pool('admin'), [{ ...wanted, wire }])

    const { rows } = await database
      .pool('admin')
      .query('select priority from graphile_worker._private_jobs where key = $1', [wire.id])
    expect(rows).toEqual([{ priority }])
  },
)
