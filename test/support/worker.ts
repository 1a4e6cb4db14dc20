import { signingKey, signingKeyFrom } from '@anteroom/credential'
import { openTextFor, sealTextFor } from '@anteroom/crypto'
import { startRedis } from '@anteroom/infra/local/redis.ts'
import { enqueueJobs, newJobId, startDatabaseClock, toJobRider } from '@anteroom/job-channel'
import {
  type Job,
  jobs,
  type Outcome,
  outcome,
  packJob,
  type Report,
  report,
} from '@anteroom/job-contracts'
import { createLog, createMetrics } from '@anteroom/runtime'
import { runTaskListOnce, type TaskList } from 'graphile-worker'
import { Redis } from 'ioredis'
import type { z } from 'zod'
import { admissionsBy } from '../../apps/worker/src/admissions.ts'
import { createAnswers } from '../../apps/worker/src/answers.ts'
import { createCredentials } from '../../apps/worker/src/credentials/create-credentials.ts'
import type { Credentials } from '../../apps/worker/src/credentials/credentials.ts'
import { createPrinter } from '../../apps/worker/src/credentials/paper/make-paper.ts'
import type { JobDeps, TaskDeps } from '../../apps/worker/src/job-deps.ts'
import { createOrderedJobs } from '../../apps/worker/src/ledger/job-order.ts'
import { createLedger } from '../../apps/worker/src/ledger/ledger.ts'
import { createVendorCalls } from '../../apps/worker/src/ledger/vendor-calls.ts'
import type { ReceiversDeps } from '../../apps/worker/src/partners/create-receivers.ts'
import type { Receivers } from '../../apps/worker/src/partners/receivers.ts'
import { createQueueLogger } from '../../apps/worker/src/queue-log.ts'
import { createQuotas } from '../../apps/worker/src/quota/quotas.ts'
import { createReports } from '../../apps/worker/src/reports.ts'
import { createTaskList } from '../../apps/worker/src/tasks/index.ts'
import { createTransferSteps } from '../../apps/worker/src/transfers/transfer-steps.ts'
import type { Transfers } from '../../apps/worker/src/transfers/transfers.ts'
import type { Vendors } from '../../apps/worker/src/vendors.ts'
import type { Webhooks } from '../../apps/worker/src/webhooks/webhooks.ts'
import { startTestDatabase, type TestDatabase } from './database.ts'
import { fixedSealer, openFixed } from './fixed-keys.ts'
import { noWebhooks } from './no-webhooks.ts'
import { cacheDirectory } from './root.ts'

/** The worker's tasks in this process, on a real Postgres and a real Redis; only the vendors are the test's. */
export interface TestWorker {
  readonly database: TestDatabase
  readonly redis: Redis
  /** Of Redis, as the worker. */
  readonly redisUrl: string
  readonly logLines: string[]
  readonly credentials: Credentials
  /** The tasks, with these instead of what they work with otherwise. */
  tasks(instead?: Partial<JobDeps & TaskDeps>): TaskList
  readonly around: ReceiversAround
  /** With an administrator's connection: some jobs are the web's, some are operators'. */
  enqueue<J extends Job>(job: J, payload: z.input<J['payload']>): Promise<string>
  /** Puts a row into the queue as nobody should. */
  enqueueRaw(name: string, payload: unknown): Promise<void>
  /** Runs what is due until nothing is. */
  runDue(vendors?: Vendors, abortSignal?: AbortSignal, credentials?: Credentials): Promise<void>
  outcomeOf(jobId: string): Promise<Outcome | undefined>
  openResult(name: string, jobId: string): Promise<unknown>
  reports(): Promise<Report[]>
  stop(): Promise<void>
}

const answering = { check: async () => ({ match: true, reference: 'ref' }) }
const budgeted = { client: answering, timeoutMs: 1_000 }

/** The key that signs a test worker's credentials. */
export const testSigningKey = signingKey.parse(signingKeyFrom(new Uint8Array(32).fill(7)))

/** Vendors that know everybody. */
export const friendlyVendors: Vendors = {
  resolution: budgeted,
  stateId: budgeted,
  address: budgeted,
  registry: {
    client: {
      enter: async () => ({
        number: 'K7Q2-4821-9930',
        validFrom: '2026-11-23',
        validUntil: '2028-11-22',
        reference: 'ref',
      }),
    },
    timeoutMs: 1_000,
  },
}

/** What partners' receivers are made of. */
type ReceiversAround = Pick<ReceiversDeps, 'openSetting' | 'log' | 'metrics'> & {
  readonly redis: Redis
}

export interface TestWorkerOptions {
  /** Makes the partners that are told of security events, if the test needs any. */
  readonly receiversFor?: (around: ReceiversAround) => Receivers | undefined
  /** Makes the consumers that are told how transfers ended, if the test needs any. */
  readonly webhooksFor?: (around: ReceiversAround) => Webhooks
  readonly transfers?: Transfers
}

export async function startTestWorker({
  receiversFor = () => undefined,
  webhooksFor = () => noWebhooks,
  transfers,
}: TestWorkerOptions = {}): Promise<TestWorker> {
  const database = await startTestDatabase()
  const redisServer = await startRedis({
    port: 0,
    cacheDirectory,
    passwords: { web: 'web', worker: 'worker', ops: 'ops', admin: 'admin' },
  })
  const redis = new Redis(redisServer.urls.admin)
  const workerRedis = new Redis(redisServer.urls.worker, { maxRetriesPerRequest: 1 })
  workerRedis.on('error', () => undefined)
  const pool = database.pool('worker')
  const clock = await startDatabaseClock(pool)
  const logLines: string[] = []
  const log = createLog({
    service: 'worker',
    level: 'debug',
    output: { write: (line) => logLines.push(line) },
  })
  const ledger = createLedger(pool)
  const seal = sealTextFor(fixedSealer, 'payload')

  const ownCredentials = await createCredentials({
    key: testSigningKey,
    issuer: 'https://id.example.gov',
    print: createPrinter('Commonwealth of Atlantis'),
    pool,
    now: clock.now,
  })

  const stepSeals = {
    sealStep: sealTextFor(fixedSealer, 'step'),
    openStep: openTextFor(fixedSealer, 'step'),
  }
  const metrics = createMetrics('worker')
  const openSetting = openTextFor(fixedSealer, 'settings')
  const openPayload = openTextFor(fixedSealer, 'payload')
  const around = { openSetting, log, metrics, redis: workerRedis }
  const receivers = receiversFor(around)
  const webhooks = webhooksFor(around)
  const deps = (vendors: Vendors, credentials: Credentials): JobDeps & TaskDeps => ({
    ledger,
    atOnce: {},
    gates: {},
    admissions: admissionsBy({ receivers, webhooks, transfers }),
    receivers,
    webhooks,
    order: createOrderedJobs(pool),
    wakeLater: () => undefined,
    quotas: createQuotas({ pool, metrics }, {}),
    calls: createVendorCalls({ db: pool, ...stepSeals }),
    transferSteps: createTransferSteps({ db: pool, ...stepSeals }),
    transfers,
    answers: createAnswers({ redis: workerRedis, ledger, clock }),
    reports: createReports(pool, workerRedis),
    openPayload,
    sealResult: sealTextFor(fixedSealer, 'result'),
    sealCredential: sealTextFor(fixedSealer, 'credential'),
    now: clock.now,
    random: () => 0,
    vendors,
    credentials,
    log,
    metrics,
  })

  async function outcomeOf(jobId: string): Promise<Outcome | undefined> {
    const text = await redis.get(`outcome:${jobId}`)
    return text === null ? undefined : outcome.parse(JSON.parse(text))
  }

  return {
    database,
    redis,
    redisUrl: redisServer.urls.worker,
    logLines,
    credentials: ownCredentials,
    around,
    tasks: (instead = {}) =>
      createTaskList({ ...deps(friendlyVendors, ownCredentials), ...instead }),
    outcomeOf,
    async enqueue(job, payload) {
      const id = newJobId()
      const wire = await packJob(job, payload, {
        id,
        traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
        seal,
      })
      await enqueueJobs(database.pool('admin'), [toJobRider(job, wire)])
      return id
    },
    async enqueueRaw(name, payload) {
      await database
        .pool('admin')
        .query('select graphile_worker.add_job($1, $2)', [name, JSON.stringify(payload)])
    },
    async runDue(vendors = friendlyVendors, abortSignal, credentials = ownCredentials) {
      const client = await pool.connect()
      try {
        const tasks = createTaskList(deps(vendors, credentials))
        const bound = abortSignal ? withSignal(tasks, abortSignal) : tasks
        await runTaskListOnce(
          { noPreparedStatements: true, logger: createQueueLogger(log) },
          bound,
          client,
        )
      } finally {
        client.release()
      }
    },
    async openResult(name, jobId) {
      const found = await outcomeOf(jobId)
      if (found?.state !== 'done') return undefined
      const { resultPurpose = 'result' } = jobNamed(name)
      return JSON.parse(await openFixed(resultPurpose, { name, id: jobId }, found.sealed))
    },
    async reports() {
      const entries = await redis.xrange('reports', '-', '+')
      return entries.map(([, fields]) => report.parse(JSON.parse(fields[1] ?? '')))
    },
    async stop() {
      clock.stop()
      redis.disconnect()
      workerRedis.disconnect()
      await redisServer.stop()
      await database.stop()
    },
  }
}

function jobNamed(name: string): Job {
  const found = Object.values<Job>(jobs).find((job) => job.name === name)
  if (!found) throw new Error(`There is no job ${name}`)
  return found
}

/** Tasks that see this signal as the worker's shutdown. */
function withSignal(tasks: ReturnType<typeof createTaskList>, abortSignal: AbortSignal) {
  return Object.fromEntries(
    Object.entries(tasks).map(([name, task]) => [
      name,
      (payload: unknown, helpers: object) => task?.(payload, { ...helpers, abortSignal } as never),
    ]),
  )
}
