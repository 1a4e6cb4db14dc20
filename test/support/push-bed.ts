import { randomBytes } from 'node:crypto'
import { startProxy } from '@anteroom/infra/local/proxy.ts'
import { enqueueJobs, newJobId, toJobRider } from '@anteroom/job-channel'
import { jobs, packJob } from '@anteroom/job-contracts'
import { receiverSchema } from '@anteroom/security-events'
import { createOutboundAgent, createPushClient } from '@anteroom/vendor-clients'
import type pg from 'pg'
import { admissionsBy } from '../../apps/worker/src/admissions.ts'
import { createReceivers } from '../../apps/worker/src/partners/create-receivers.ts'
import type { Receivers } from '../../apps/worker/src/partners/receivers.ts'
import { createLedgerPool, createQueuePool } from '../../apps/worker/src/pools.ts'
import { createPlaces } from '../../apps/worker/src/push/places.ts'
import { createPushLimit } from '../../apps/worker/src/push/push-limit.ts'
import { createWakeLater } from '../../apps/worker/src/wake-later.ts'
import { createWebhooks } from '../../apps/worker/src/webhooks/create-webhooks.ts'
import type { Webhooks } from '../../apps/worker/src/webhooks/webhooks.ts'
import { startLeasedQueue } from '../bench/harness/leased-queue.ts'
import { fixedSealer } from './fixed-keys.ts'
import { receiverHost, type ScriptedReceiver, startScriptedReceiver } from './scripted-receiver.ts'
import { startTestWorker, type TestWorker } from './worker.ts'

export interface PushBedOptions {
  /** What stands in the partners file of each partner, besides its address. */
  readonly partners?: Readonly<Record<string, object>>
  /** Instead of a minute. */
  readonly windowMs?: number
  /** Where names lead that are none of the receiver's. */
  readonly resolve?: (host: string) => Promise<readonly string[]>
}

/** The worker's tasks, a real queue, proxy and push client, and partners whose receivers do as the test says. */
export interface PushBed {
  readonly worker: TestWorker
  readonly receiver: ScriptedReceiver
  /** Events, in their order, in one transaction each as many as are given. Names their jobs. */
  announce(events: readonly BedEvent[]): Promise<string[]>
  /** Runs what is due; then makes all that was put off due, and runs on, until nothing is left. */
  runAll(): Promise<void>
  /** Runs what is due now. */
  runDue(): Promise<void>
  /** Everything put off is due now. */
  makeDue(): Promise<void>
  /** Real workers that go on until they are stopped. */
  startWorkers(count: number, concurrentJobs?: number): Promise<{ stop(): Promise<void> }>
  /** Tunnels that the proxy was asked for and that lead elsewhere than to the receiver. */
  refused(): number
  stopProxy(): Promise<void>
  startProxyAgain(): Promise<void>
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<Row[]>
  stop(): Promise<void>
}

export interface BedEvent {
  readonly partner: string
  readonly jti?: string
  readonly subject?: string
  /** Seconds since the epoch. */
  readonly exp?: number
}

const credentials = { username: 'worker', password: 'p' }

export async function startPushBed({
  partners = {},
  windowMs,
  resolve,
}: PushBedOptions): Promise<PushBed> {
  const receiver = await startScriptedReceiver()
  const here = { host: '127.0.0.1', port: receiver.port }
  const allow = { [`127.0.0.1:${receiver.port}`]: here }
  let proxy = await startProxy({ port: 0, credentials, allow })
  const { port: proxyPort, url: proxyUrl } = proxy
  const receivers = new Map(
    Object.entries(partners).map(([id, more]) => [
      id,
      receiverSchema.parse({ url: receiver.url(id), ...more }),
    ]),
  )
  const agent = createOutboundAgent({ proxyUrl, ca: receiver.ca })
  const allowPrivate = [receiverHost(receiver.port)]
  const client = createPushClient({ agent, allowPrivate, resolve })

  const turnsOf = ({ redis }: TestWorker['around']) => ({
    limit: createPushLimit({ redis, ...(windowMs && { windowMs }) }),
    places: createPlaces({ random: Math.random }),
  })
  const receiversFor: ReceiversFor = (around) =>
    createReceivers({ ...around, receivers, client, turns: turnsOf(around) })
  const webhooksFor: WebhooksFor = (around) =>
    createWebhooks({ ...around, client, turns: turnsOf(around) })
  const worker = await startTestWorker({ receiversFor, webhooksFor })
  const admin = worker.database.pool('admin')

  async function query<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
    const { rows } = await admin.query<Row>(text, values)
    return rows
  }

  const makeDue = async () => {
    await query(
      `update graphile_worker._private_jobs set run_at = now() - interval '1 second' where locked_at is null`,
    )
    await query(`update worker.ledger set next_try = now() where next_try is not null`)
  }

  return {
    worker,
    receiver,
    query,
    makeDue,
    runDue: () => worker.runDue(),
    async runAll() {
      for (let round = 0; round < 200; round += 1) {
        await worker.runDue()
        const [left] = await query<{ count: number }>(
          'select count(*)::integer as count from graphile_worker._private_jobs',
        )
        if (left?.count === 0) return
        await makeDue()
      }
      throw new Error('The queue does not become empty')
    },
    async announce(events) {
      const riders = await Promise.all(events.map(rider))
      await enqueueJobs(admin, riders)
      return riders.map(({ wire }) => wire.id)
    },
    async startWorkers(count, concurrentJobs = 40) {
      const started = await Promise.all(
        Array.from({ length: count }, () =>
          startWorker(worker, { receiversFor, webhooksFor, concurrentJobs }),
        ),
      )
      return {
        async stop() {
          for (const one of started) await one.stop()
        },
      }
    },
    refused: () => proxy.refused(),
    stopProxy: () => proxy.stop(),
    async startProxyAgain() {
      proxy = await startProxy({ port: proxyPort, credentials, allow })
    },
    async stop() {
      client.close()
      agent.close()
      await worker.stop()
      await proxy.stop()
      await receiver.stop()
    },
  }
}

type ReceiversFor = (around: TestWorker['around']) => Receivers
type WebhooksFor = (around: TestWorker['around']) => Webhooks

interface WorkerOptions {
  readonly receiversFor: ReceiversFor
  readonly webhooksFor: WebhooksFor
  readonly concurrentJobs: number
}

async function startWorker(
  worker: TestWorker,
  { receiversFor, webhooksFor, concurrentJobs }: WorkerOptions,
) {
  const { log } = worker.around
  const databaseUrl = worker.database.urls.worker
  const pool = createLedgerPool(databaseUrl, log)
  const queuePool = createQueuePool(databaseUrl, log)
  const receivers = receiversFor(worker.around)
  const webhooks = webhooksFor(worker.around)
  const taskList = worker.tasks({
    receivers,
    webhooks,
    admissions: admissionsBy({ receivers, webhooks }),
    wakeLater: createWakeLater(pool, log),
    random: Math.random,
  })
  const config = { databaseUrl, shutdownGraceMs: 2_000 }
  const queue = await startLeasedQueue({ config, pool, queuePool, taskList, concurrentJobs, log })
  return {
    async stop() {
      await queue.stop()
      await Promise.all([pool.end(), queuePool.end()])
    },
  }
}

export const newJti = (): string => randomBytes(24).toString('base64url')

async function rider({ partner, jti = newJti(), subject = 'somebody', exp }: BedEvent) {
  const set = tokenOf({ jti, ...(exp !== undefined && { exp }) })
  const stream = Buffer.from(`${partner}/${subject}`.padEnd(32, '.').slice(0, 32))
  const event = {
    partner,
    jti,
    set,
    event: 'password-reset',
    stream: stream.toString('base64url'),
  }
  const seal = (slot: { name: string; id: string }, text: string) =>
    fixedSealer.seal({ purpose: 'payload', ...slot }, text)
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`
  const packing = { id: newJobId(), traceparent, seal }
  return toJobRider(jobs.riscDelivery, await packJob(jobs.riscDelivery, event, packing))
}

/** Signed by nobody: the worker only carries it. */
export function tokenOf(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ typ: 'secevent+jwt', alg: 'RS256' })}.${part(claims)}.c2lnbmF0dXJl`
}

/** The `jti` in what a partner was sent. */
export function jtiIn(body: string): string {
  const { jti } = JSON.parse(Buffer.from(body.split('.')[1] ?? '', 'base64url').toString('utf8'))
  return jti
}
