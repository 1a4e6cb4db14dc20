import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { jobs, type Report } from '@anteroom/job-contracts'
import { createMetrics } from '@anteroom/runtime'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { admissionsBy } from '../../apps/worker/src/admissions.ts'
import { createLedgerPool, createQueuePool } from '../../apps/worker/src/pools.ts'
import { createShares } from '../../apps/worker/src/transfers/shares.ts'
import type { Transfers } from '../../apps/worker/src/transfers/transfers.ts'
import { createWakeLater } from '../../apps/worker/src/wake-later.ts'
import { startLeasedQueue } from '../bench/harness/leased-queue.ts'
import { noWebhooks } from '../support/no-webhooks.ts'
import { localDirectory } from '../support/root.ts'
import { startTransferBed, type TransferBed } from '../support/transfer-bed.ts'
import { fileServer, order } from '../support/transfer-files.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

/** A real worker's queue with eight places for transfers. */

const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
const file = randomBytes(1_000)
const restMs = { first: 3_000, most: 6_000 }
let bed: TransferBed
let worker: TestWorker
let queue: { stop(): Promise<void> }

beforeAll(async () => {
  bed = await startTransferBed(directory)
  worker = await startTestWorker()
})
afterAll(async () => {
  await bed.stop()
  await worker.stop()
  await rm(directory, { recursive: true, force: true })
})
beforeEach(async () => {
  await worker.redis.flushall()
  await worker.database
    .pool('admin')
    .query('truncate worker.ledger, graphile_worker._private_jobs, worker.dead_letters')
  worker.logLines.length = 0
  queue = await startQueue()
})
afterEach(async () => {
  await queue.stop()
  bed.receiver.refuse = undefined
})

async function startQueue() {
  const { log } = worker.around
  const databaseUrl = worker.database.urls.worker
  const pool = createLedgerPool(databaseUrl, log)
  const queuePool = createQueuePool(databaseUrl, log)
  const metrics = createMetrics('worker')
  const transfers: Transfers = {
    shares: createShares({ ...{ places: 8, random: Math.random, log, metrics }, restMs }),
    sourceOf({ source }) {
      if (source.type !== 'url') throw new Error('The bed has URLs alone')
      return bed.door.urlSource(source)
    },
    destinationOf: async (name) =>
      bed.landings[name === 'court' || name === 'county' ? 'https' : 'sftp'].destination,
  }
  const taskList = worker.tasks({
    transfers,
    admissions: admissionsBy({ webhooks: noWebhooks, transfers }),
    wakeLater: createWakeLater(pool, log),
    random: Math.random,
  })
  const config = { databaseUrl, shutdownGraceMs: 500 }
  const leased = await startLeasedQueue({
    ...{ config, pool, queuePool, taskList, log },
    concurrentJobs: 16,
  })
  return {
    async stop() {
      await leased.stop()
      await queuePool.end()
      await pool.end()
    },
  }
}

const ask = (consumer: string, destination: string) =>
  worker.enqueue(
    jobs.documentTransfer,
    order({ consumer, destination, path: randomBytes(6).toString('hex') }),
  )

const askMany = async (count: number, consumer: string, destination: string) => {
  const ids: string[] = []
  for (let each = 0; each < count; each += 1) ids.push(await ask(consumer, destination))
  return ids
}

const lastReport = async (jobId: string): Promise<Report | undefined> =>
  (await worker.reports()).findLast((report) => report.jobId === jobId)

const isDone = async (jobId: string): Promise<boolean> =>
  (await lastReport(jobId))?.state === 'done'

const running = async (consumer: string): Promise<number> => {
  const { rows } = await worker.database.pool('admin').query<{ count: number }>(
    `select count(*)::integer as count from worker.ledger
     join graphile_worker._private_jobs as queued on queued.key = job_id
     where state = 'running' and payload #>> '{clear,consumer}' = $1`,
    [consumer],
  )
  return rows[0]?.count ?? 0
}

test('200 transfers to a destination that is silent hold up neither another consumer nor another destination', async () => {
  bed.serve(fileServer(file))
  bed.receiver.refuse = () => 'silent'
  await askMany(200, 'trees-office', 'court')
  await expect.poll(() => running('trees-office')).toBeGreaterThanOrEqual(4)
  const most = await running('trees-office')

  const begun = performance.now()
  const single = await ask('permits-office', 'clerk')
  await expect.poll(() => isDone(single), { interval: 50 }).toBe(true)
  const tookMs = performance.now() - begun

  expect(most).toBe(4)
  expect(tookMs).toBeLessThan(20_000)
})

test('one consumer’s single transfer to a destination that another keeps busy is delivered soon', async () => {
  bed.serve(fileServer(file))
  await askMany(200, 'trees-office', 'county')

  const single = await ask('permits-office', 'county')
  await expect.poll(() => isDone(single), { interval: 50 }).toBe(true)

  const done = (await worker.reports()).filter(({ state }) => state === 'done')
  expect(done.length).toBeLessThan(150)
})

test('a destination that cannot be reached rests, its transfers know until when, others go on, and so do they when it is back', async () => {
  bed.serve(fileServer(file))
  bed.receiver.refuse = () => ({ status: 500 })
  const waiting = await askMany(12, 'permits-office', 'court')
  const rests = () => worker.logLines.some((line) => line.includes('destination.rests'))
  await expect.poll(rests).toBe(true)

  const late = await ask('permits-office', 'court')
  const other = await ask('permits-office', 'clerk')

  await expect.poll(() => isDone(other)).toBe(true)
  await expect.poll(async () => (await lastReport(late))?.state).toBe('waiting')
  const told = await lastReport(late)
  expect(told).toMatchObject({ reason: 'vendor-unavailable', attempt: 0 })
  expect((told?.nextTry ?? 0) - Date.now()).toBeGreaterThan(1_000)
  const attempts = await Promise.all(waiting.map(async (id) => (await lastReport(id))?.attempt))
  expect(Math.max(...attempts.map((attempt) => attempt ?? 0))).toBeLessThanOrEqual(3)
  bed.receiver.refuse = undefined
  const isAllDone = async () => (await Promise.all([...waiting, late].map(isDone))).every(Boolean)
  await expect.poll(isAllDone, { timeout: 45_000, interval: 500 }).toBe(true)
  expect(worker.logLines.some((line) => line.includes('destination.reached'))).toBe(true)
})
