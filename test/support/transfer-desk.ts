import { hash, randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { openTextFor } from '@anteroom/crypto'
import { pushOutcome, pushReport } from '@anteroom/job-channel'
import {
  jobs,
  type PayloadOf,
  type Report,
  readWire,
  unpackJob,
  type WireJob,
} from '@anteroom/job-contracts'
import type { LightMyRequestResponse } from 'fastify'
import { fixedSealer } from './fixed-keys.ts'
import { localDirectory } from './root.ts'
import { startTestWeb, type TestWeb, type TestWebOptions } from './web.ts'

/** The API for transfers with consumers and keys, and a worker that reports what a test says. */
export interface TransferDesk {
  readonly web: TestWeb
  /** A consumer by this name with a good key; returns the key. */
  consumer(id: string, changes?: object): Promise<string>
  newKey(id: string, days?: number): Promise<string>
  /** Asks as a program does. */
  ask(key: string, request: Asking): Promise<LightMyRequestResponse>
  /** Asks for a good transfer, and returns its id. */
  transfer(key: string, changes?: object): Promise<string>
  queued(name: string): Promise<WireJob[]>
  payloadOf(wire: WireJob): Promise<PayloadOf<typeof jobs.documentTransfer>>
  /** As the worker would of this transfer's job, and waits until the web has taken it. */
  report(transferId: string, told: Partial<Report>): Promise<void>
  delivered(transferId: string, result?: object): Promise<void>
  /** As if a request of this name was being answered, until the function is called. */
  hold(consumer: string, name: string): Promise<() => Promise<void>>
  stop(): Promise<void>
}

export interface Asking {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

export const goodRequest = {
  source: { type: 'url', url: 'https://files.permits.example/a/quackenbush.pdf?signature=wS4T' },
  destination: { name: 'county-records', path: 'permits/2026', filename: 'quackenbush.pdf' },
}

const scopes = {
  sourceHosts: ['files.permits.example', '*.trees.example'],
  sourceBuckets: ['permits-out'],
  destinations: ['county-records'],
  pathPrefix: 'permits',
  maxBytes: 50_000_000,
  perMinute: 1_000,
}

const destinations = `
destinations:
  - name: county-records
    type: https
    url: https://records.county.example/in
    secret: sealed
  - name: archive
    type: s3
`

export async function startTransferDesk(
  settings: Record<string, string> = {},
  options: TestWebOptions = {},
): Promise<TransferDesk> {
  const folder = join(localDirectory, 'test', randomBytes(6).toString('hex'))
  await mkdir(folder, { recursive: true })
  const file = join(folder, 'destinations.yaml')
  await writeFile(file, destinations)
  const web = await startTestWeb(
    { ANTEROOM_TRANSFER_DESTINATIONS_FILE: file, ...settings },
    options,
  )
  web.startRecords()
  const ops = web.database.pool('ops')
  const admin = web.database.pool('admin')
  const seqs = new Map<string, number>()

  const jobOf = async (transferId: string): Promise<string> => {
    const { rows } = await admin.query<{ job_id: string }>(
      'select job_id from web.transfers where id = $1',
      [transferId],
    )
    return rows[0]?.job_id ?? ''
  }
  const desk: TransferDesk = {
    web,
    async consumer(id, changes = {}) {
      const wanted = JSON.stringify({ id, ...scopes, ...changes })
      await ops.query('select ops.save_transfer_consumer($1, $2, true)', ['ada', wanted])
      return desk.newKey(id)
    },
    async newKey(id, days = 90) {
      const keyId = randomBytes(8).toString('hex')
      const secret = randomBytes(32).toString('base64url')
      const secretHash = hash('sha256', secret, 'base64url')
      await ops.query('select ops.add_transfer_key($1, $2, $3, $4, $5)', [
        'ada',
        id,
        keyId,
        secretHash,
        days,
      ])
      return `at_${keyId}_${secret}`
    },
    ask: (key, { method = 'POST', path = '', body, headers = {} }) =>
      web.app.inject({
        method,
        url: `/api/transfers${path}`,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && {
          payload: typeof body === 'string' ? body : JSON.stringify(body),
        }),
      }),
    async transfer(key, changes = {}) {
      const answer = await desk.ask(key, { body: { ...goodRequest, ...changes } })
      if (answer.statusCode !== 202) throw new Error(`refused: ${answer.payload}`)
      return answer.json().id
    },
    async queued(name) {
      const { rows } = await admin.query<{ payload: unknown }>(
        `select payload from graphile_worker._private_jobs as job
         join graphile_worker._private_tasks as task on task.id = job.task_id where identifier = $1 order by job.id`,
        [name],
      )
      return rows.map(({ payload }) => readWire(payload))
    },
    payloadOf: (wire) =>
      unpackJob(jobs.documentTransfer, wire, openTextFor(fixedSealer, 'payload')),
    async report(transferId, told) {
      const jobId = await jobOf(transferId)
      const seq = (seqs.get(jobId) ?? 0) + 1
      seqs.set(jobId, seq)
      const report: Report = {
        v: 1,
        jobId,
        job: 'document-transfer',
        seq,
        state: 'running',
        reason: null,
        attempt: 1,
        nextTry: null,
        billed: 0,
        bytes: 0,
        ...told,
      }
      const pipeline = web.redis.pipeline()
      if (report.state === 'failed') {
        const outcome = { state: 'failed', reason: report.reason ?? 'internal' } as const
        pushOutcome(pipeline, { jobId, outcome, seconds: 60 })
      }
      await pushReport(pipeline, report).exec()
      await until(async () => {
        const { rows } = await admin.query<{ seq: number }>(
          'select report_seq as seq from web.transfers where id = $1',
          [transferId],
        )
        return (rows[0]?.seq ?? 0) >= report.seq
      })
    },
    async delivered(transferId, result = {}) {
      const sealed = await fixedSealer.seal(
        { purpose: 'result', name: 'document-transfer', id: await jobOf(transferId) },
        JSON.stringify({
          filename: 'quackenbush (1).pdf',
          sha256: '5e'.repeat(32),
          bytes: 48_213,
          mediaType: 'application/pdf',
          ...result,
        }),
      )
      await desk.report(transferId, { state: 'done', bytes: 48_213, sealed })
    },
    async hold(consumer, name) {
      const client = await admin.connect()
      const hashed = web.deps.fingerprints.transferRequest(`key:${consumer}:${name}`).at(-1)
      await client.query('begin')
      await client.query('select pg_advisory_xact_lock(hashtextextended($1, 0))', [
        `transfer-request/${consumer}/${hashed}`,
      ])
      return async () => {
        await client.query('rollback')
        client.release()
      }
    },
    async stop() {
      await web.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  return desk
}

/** Until something holds, for five seconds at most. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + 5_000
  while (!(await holds())) {
    if (performance.now() > end) throw new Error('it did not come to hold')
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
