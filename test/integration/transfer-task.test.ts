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
