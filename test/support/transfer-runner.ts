import { openTextFor, sealTextFor } from '@anteroom/crypto'
import { startDatabaseClock } from '@anteroom/job-channel'
import { createLog, createMetrics } from '@anteroom/runtime'
import type { Destination, Source, Upload } from '@anteroom/vendor-clients'
import { runTaskListOnce } from 'graphile-worker'
import { Redis } from 'ioredis'
import pg from 'pg'
import { admissionsBy } from '../../apps/worker/src/admissions.ts'
import { createAnswers } from '../../apps/worker/src/answers.ts'
import { createOrderedJobs } from '../../apps/worker/src/ledger/job-order.ts'
import { createLedger } from '../../apps/worker/src/ledger/ledger.ts'
import { createVendorCalls } from '../../apps/worker/src/ledger/vendor-calls.ts'
import { createQueueLogger } from '../../apps/worker/src/queue-log.ts'
import { createQuotas } from '../../apps/worker/src/quota/quotas.ts'
import { createReports } from '../../apps/worker/src/reports.ts'
import { createTaskList } from '../../apps/worker/src/tasks/index.ts'
import { createShares } from '../../apps/worker/src/transfers/shares.ts'
import { createTransferSteps } from '../../apps/worker/src/transfers/transfer-steps.ts'
import type { Transfers } from '../../apps/worker/src/transfers/transfers.ts'
import { fixedSealer } from './fixed-keys.ts'
import { noWebhooks } from './no-webhooks.ts'
import { type DoorFacts, type Kind, openDoor } from './transfer-door.ts'
import { sourceOf } from './transfer-files.ts'
import { friendlyVendors } from './worker.ts'

export interface RunOptions {
  readonly databaseUrl: string
  readonly redisUrl: string
  readonly facts: DoorFacts
  readonly kind: Kind
  /** Told before and after each step of a transfer; the end of the process may be among what it does. */
  readonly tick?: (step: string) => void
  readonly logLines?: string[]
}

/** Runs the transfers that are due as a worker does, in this process. */
export async function runTransfers(options: RunOptions): Promise<void> {
  const { databaseUrl, redisUrl, facts, kind, tick = () => undefined, logLines = [] } = options
  const pool = new pg.Pool({ connectionString: databaseUrl })
  const redis = new Redis(redisUrl, { maxRetriesPerRequest: 1 })
  const clock = await startDatabaseClock(pool)
  const { door, destinations } = openDoor(facts)
  const log = createLog({
    service: 'worker',
    level: 'debug',
    output: { write: (line) => logLines.push(line) },
  })
  const metrics = createMetrics('worker')
  const ledger = createLedger(pool)
  const stepSeals = {
    sealStep: sealTextFor(fixedSealer, 'step'),
    openStep: openTextFor(fixedSealer, 'step'),
  }
  const transferSteps = createTransferSteps({ db: pool, ...stepSeals })
  const destination = destinations[kind]
  const transfers: Transfers = {
    shares: createShares({ places: 100, random: () => 0, log, metrics }),
    sourceOf: (payload) => ticking<Source>(sourceOf({ door, facts }, payload), 'source', tick),
    destinationOf: async () => ({
      ...ticking<Destination>(destination, 'destination', tick),
      open: async (plan, call) => {
        tick('before destination.open')
        const upload = await destination.open(plan, call)
        tick('after destination.open')
        return ticking<Upload>(upload, 'upload', tick)
      },
    }),
  }
  const tasks = createTaskList({
    ledger: ticking(ledger, 'ledger', tick),
    admissions: admissionsBy({ webhooks: noWebhooks, transfers }),
    order: createOrderedJobs(pool),
    answers: ticking(createAnswers({ redis, ledger, clock }), 'answers', tick),
    calls: createVendorCalls({ db: pool, ...stepSeals }),
    transferSteps: (attempt) => ticking(transferSteps(attempt), 'steps', tick),
    transfers,
    webhooks: noWebhooks,
    vendors: friendlyVendors,
    reports: createReports(pool, redis),
    quotas: createQuotas({ pool, metrics }, {}),
    atOnce: {},
    gates: {},
    wakeLater: () => undefined,
    openPayload: openTextFor(fixedSealer, 'payload'),
    sealResult: sealTextFor(fixedSealer, 'result'),
    sealCredential: sealTextFor(fixedSealer, 'credential'),
    now: clock.now,
    random: () => 0,
    log,
    metrics,
  })
  const client = await pool.connect()
  try {
    await runTaskListOnce(
      { noPreparedStatements: true, logger: createQueueLogger(log) },
      tasks,
      client,
    )
  } finally {
    client.release()
    clock.stop()
    door.close()
    redis.disconnect()
    await pool.end()
  }
}

const quiet = ['see', 'state', 'proof', 'mustStop', 'holds']

/** The same object, whose calls are told before and after. */
function ticking<T extends object>(object: T, name: string, tick: (step: string) => void): T {
  return new Proxy(object, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof value !== 'function' || quiet.includes(String(key))) return value
      return async (...given: unknown[]) => {
        tick(`before ${name}.${String(key)}`)
        const result: unknown = await value.apply(target, given)
        tick(`after ${name}.${String(key)}`)
        return result
      }
    },
  })
}
