import { createSealerFromSettings, sealTextFor } from '@anteroom/crypto'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { cancelJobs, enqueueJobs, newJobId } from '@anteroom/job-channel'
import { type Job, type Outcome, outcome, type PackedJob, packJob } from '@anteroom/job-contracts'
import {
  createLog,
  createMetrics,
  createS3SettingsReader,
  createShutdown,
  loadSettings,
  type Metrics,
} from '@anteroom/runtime'
import { Redis } from 'ioredis'
import pg from 'pg'
import type { z } from 'zod'
import { workerSettings } from '../../apps/worker/src/config.ts'
import { createDeps } from '../../apps/worker/src/deps.ts'
import { startQuotaUpkeep } from '../../apps/worker/src/quota/quotas.ts'
import { createTaskList } from '../../apps/worker/src/tasks/index.ts'
import { startLeasedQueue } from '../bench/harness/leased-queue.ts'
import { startTestStack } from './stack.ts'

/** Workers that enter people at the sandbox's registry, in this process, and what stands in front of them. */
export interface IssuingWorkers {
  readonly stack: LocalStack
  readonly redis: Redis
  readonly logLines: string[]
  /** What the workers measure, all of them together. */
  readonly metrics: Metrics
  pack<J extends Job>(job: J, payload: z.input<J['payload']>): Promise<PackedJob>
  /** With an administrator's connection: some jobs are the web's, some are operators'. */
  enqueue<J extends Job>(
    job: J,
    payload: z.input<J['payload']>,
    deadlineSeconds?: number,
  ): Promise<string>
  /** Takes jobs out of the queue as the web does, and names those it took. */
  cancel(jobIds: readonly string[]): Promise<string[]>
  outcomeOf(jobId: string): Promise<Outcome | undefined>
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  stop(): Promise<void>
}

export async function startIssuingWorkers(
  count: number,
  settings: Readonly<Record<string, string>>,
): Promise<IssuingWorkers> {
  const stack = await startTestStack({ keys: 'local' })
  const env = { ...(await stack.environmentFor('worker')), ...settings }
  // The AWS SDK takes the worker's own credentials from here, as in production.
  for (const [name, value] of Object.entries(env)) {
    if (name.startsWith('AWS_')) process.env[name] = value
  }
  const config = await loadSettings(workerSettings, { env, readS3: createS3SettingsReader() })
  const shutdown = createShutdown(createLog({ service: 'test', level: 'error' }))
  const logLines: string[] = []
  const output = { write: (line: string) => logLines.push(line) }
  const log = createLog({ service: 'worker', level: 'debug', output })
  const metrics = createMetrics('worker')
  for (let worker = 0; worker < count; worker += 1) {
    const deps = await createDeps(config, { log, metrics, shutdown })
    const upkeep = startQuotaUpkeep(deps)
    shutdown.add('upkeep', upkeep.stop)
    const taskList = createTaskList(deps)
    const { concurrentJobs } = config
    const queue = await startLeasedQueue({ ...deps, config, taskList, concurrentJobs })
    shutdown.add('queue', queue.stop)
  }

  const web = new pg.Pool({ connectionString: stack.addresses.databaseUrls.web, max: 4 })
  const admin = new pg.Pool({ connectionString: stack.adminUrl, max: 4 })
  // A connection that says goodbye may hear first that its server stops.
  for (const pool of [web, admin]) pool.on('error', () => undefined)
  const redis = new Redis(stack.redis.urls.admin)
  const seal = sealTextFor(createSealerFromSettings(config, { keysWithinMs: 5_000 }), 'payload')
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const pack = <J extends Job>(job: J, payload: z.input<J['payload']>) =>
    packJob(job, payload, { id: newJobId(), traceparent, seal })
  return {
    stack,
    redis,
    logLines,
    metrics,
    pack,
    async enqueue(job, payload, deadlineSeconds = job.deadlineSeconds) {
      const wire = await pack(job, payload)
      await enqueueJobs(admin, [{ wire, deadlineSeconds }])
      return wire.id
    },
    cancel: (jobIds) => cancelJobs(web, jobIds),
    async outcomeOf(jobId) {
      const text = await redis.get(`outcome:${jobId}`)
      return text === null ? undefined : outcome.parse(JSON.parse(text))
    },
    async query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
      const { rows } = await admin.query<Row>(text, values)
      return rows
    },
    async stop() {
      await shutdown.run()
      redis.disconnect()
      await Promise.all([web.end(), admin.end()])
      await stack.stop()
    },
  }
}
