import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { GraphError } from '@anteroom/infra/sandbox/graph/graph-error.ts'
import { jobs, type Report } from '@anteroom/job-contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { purgeTransferSteps } from '../../apps/worker/src/transfers/transfer-steps.ts'
import type { TransferPayload } from '../../apps/worker/src/transfers/transfers.ts'
import { openFixed } from '../support/fixed-keys.ts'
import { localDirectory } from '../support/root.ts'
import { startTransferBed, type TransferBed } from '../support/transfer-bed.ts'
import type { Kind } from '../support/transfer-door.ts'
import { fileServer, order, sha256Of } from '../support/transfer-files.ts'
import { runTransfers } from '../support/transfer-runner.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
const file = randomBytes(6_000_000)
const logLines: string[] = []
let bed: TransferBed
let worker: TestWorker

beforeAll(async () => {
  bed = await startTransferBed(directory)
  worker = await startTestWorker()
})
beforeEach(async () => {
  await worker.redis.flushall()
  bed.serve(fileServer(file))
  bed.graphTrouble.refuse = undefined
  logLines.length = 0
})
afterAll(async () => {
  await bed.stop()
  await worker.stop()
  await rm(directory, { recursive: true, force: true })
})

const path = () => randomBytes(6).toString('hex')
const ask = (changes: Partial<TransferPayload> = {}) =>
  worker.enqueue(jobs.documentTransfer, order({ path: path(), ...changes }))

const run = (kind: Kind = 'graph') =>
  runTransfers({
    databaseUrl: worker.database.urls.worker,
    redisUrl: worker.redisUrl,
    facts: bed.facts,
    kind,
    logLines,
  })

async function reportsOf(jobId: string): Promise<Report[]> {
  return (await worker.reports()).filter((report) => report.jobId === jobId)
}

/** What is written down of transfers that may have ended. */
async function stepsKept(): Promise<number> {
  const { rowCount } = await worker.database
    .pool('admin')
    .query('select from worker.transfer_steps')
  return rowCount ?? 0
}

test('the web hears that it runs and how it ended, and can read what was delivered without the outcome', async () => {
  const jobId = await ask()

  await run()

  const reports = await reportsOf(jobId)
  expect(reports[0]).toMatchObject({ state: 'running', bytes: 0 })
  const last = reports.at(-1)
  expect(last).toMatchObject({ state: 'done', bytes: file.length })
  const slot = { name: 'document-transfer', id: jobId }
  expect(JSON.parse(await openFixed('result', slot, last?.sealed ?? ''))).toMatchObject({
    filename: 'permit.pdf',
    sha256: sha256Of(file),
  })
  const { rows } = await worker.database
    .pool('admin')
    .query('select outcome from worker.ledger where job_id = $1', [jobId])
  expect(rows[0]?.outcome).toBe(last?.sealed)
})

test('what is written down on the way is gone after the end', async () => {
  await ask()
  await run()
  expect(await stepsKept()).toBeGreaterThan(0)

  await purgeTransferSteps(worker.database.pool('worker'))

  expect(await stepsKept()).toBe(0)
})

test('a source that is gone fails at once, in words of its own', async () => {
  bed.serve((_request, response) => void response.writeHead(410).end())
  const jobId = await ask()

  await run()

  expect((await reportsOf(jobId)).at(-1)).toMatchObject({
    state: 'failed',
    reason: 'rejected-input',
    code: 'source-expired',
    attempt: 1,
  })
})

test('a source whose time is over is not asked at all', async () => {
  const asked = bed.asked()
  const jobId = await ask({ sourceExpiresAt: Date.now() - 1 })

  await run()

  expect((await reportsOf(jobId)).at(-1)).toMatchObject({
    ...{ state: 'failed', reason: 'rejected-input', code: 'source-expired' },
  })
  expect(bed.asked()).toBe(asked)
})

test('no try is begun after the moment until which the source can be fetched', async () => {
  const jobId = await ask()
  bed.graphTrouble.refuse = () => new GraphError(429, 'activityLimitReached', 3_600)
  await worker.database.pool('admin').query(
    `update graphile_worker._private_jobs set payload = jsonb_set(payload::jsonb, '{deadlineAt}', to_jsonb($2::bigint))::json
     where key = $1`,
    [jobId, Date.now() + 60_000],
  )

  await run()

  const last = (await reportsOf(jobId)).at(-1)
  expect(last).toMatchObject({ state: 'waiting', code: 'destination-busy' })
  expect(last?.nextTry ?? 0).toBeLessThan(Date.now() + 60_000)
})

test('a credential that cannot be delivered is kept nowhere', async () => {
  bed.graphTrouble.refuse = () => new GraphError(403, 'accessDenied')
  const pdf = Buffer.from(`%PDF-1.7 ${randomBytes(1_000).toString('hex')}`).toString('base64')
  const jobId = await ask({ source: { type: 'credential', pdf }, deadLetter: 'never' })

  await run()

  const last = (await reportsOf(jobId)).at(-1)
  expect(last).toMatchObject({ state: 'failed', code: 'destination-refused' })
  const { rows } = await worker.database.pool('admin').query(
    `select 'queue' as place from graphile_worker._private_jobs where key = $1
     union all select 'dead letter' from worker.dead_letters where job_id = $1`,
    [jobId],
  )
  expect(rows).toEqual([])
})

test('a credential that does not say that it is kept nowhere is not moved', async () => {
  const pdf = Buffer.from('%PDF-1.7 a credential').toString('base64')
  const jobId = await ask({ source: { type: 'credential', pdf } })

  await run()

  const last = (await reportsOf(jobId)).at(-1)
  expect(last).toMatchObject({ state: 'failed', reason: 'unreadable' })
})

test('a destination that asks us to come later is left alone for so long', async () => {
  bed.graphTrouble.refuse = () => new GraphError(429, 'activityLimitReached', 120)
  const jobId = await ask()
  const before = Date.now()

  await run()

  const last = (await reportsOf(jobId)).at(-1)
  expect(last).toMatchObject({ state: 'waiting', code: 'destination-busy' })
  expect((last?.nextTry ?? 0) - before).toBeGreaterThan(110_000)
})

test('whoever asked may stop it before the file stands there', async () => {
  const jobId = await ask()
  await worker.database
    .pool('admin')
    .query('insert into worker.stop_requests (job_id) values ($1)', [jobId])

  await run()

  expect((await reportsOf(jobId)).at(-1)).toMatchObject({
    state: 'failed',
    reason: 'cancelled',
    code: 'cancelled',
  })
  expect(bed.graph.openSessions()).toBe(0)
})

test('neither log nor reports name a file, a folder, a host or a link', async () => {
  await ask({ path: 'quackenbush' })
  bed.serve((_request, response) => void response.writeHead(500).end('quackenbush'))
  await ask({ path: 'quackenbush' })
  await run()

  const said = [...logLines, JSON.stringify(await worker.reports())].join('\n')

  expect(said).toContain('source-unreachable')
  expect(said).not.toMatch(/quackenbush|permit\.pdf|signature|agency\.example|vendors\.test/)
})
