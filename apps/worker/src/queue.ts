import type { Log } from '@anteroom/runtime'
import { type Runner, run, type TaskList } from 'graphile-worker'
import pg from 'pg'
import { createLeasePlugin } from './lease/lease-plugin.ts'
import { createQueueLogger } from './queue-log.ts'

/**
 * The planner believes that an idle queue's table is empty, and reads all of it for each claim when a burst arrives.
 * These settings leave it only plans that stay fast. They are for the queue's connections alone.
 */
const planForBursts =
  '-c jit=off -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off'

const poolSize = 12

export function createQueuePool(databaseUrl: string): pg.Pool {
  return new pg.Pool({
    connectionString: databaseUrl,
    max: poolSize,
    options: planForBursts,
    keepAlive: true,
    connectionTimeoutMillis: 5_000,
  })
}

export interface QueueOptions {
  readonly pool: pg.Pool
  readonly taskList: TaskList
  readonly concurrentJobs: number
  readonly shutdownGraceMs: number
  readonly log: Log
  /** Takes the lease under which this process claims jobs. */
  readonly takeLease: (workerId: string) => Promise<void>
}

/**
 * Claims jobs and runs their tasks. Completions are batched, which is safe because the ledger has committed before;
 * graphile's local queue stays off, because it would hoard jobs that another process could run at once.
 */
export function startQueue(options: QueueOptions): Promise<Runner> {
  const { pool, taskList, concurrentJobs, shutdownGraceMs, log, takeLease } = options
  return run({
    pgPool: pool,
    taskList,
    noHandleSignals: true,
    logger: createQueueLogger(log),
    preset: {
      plugins: [createLeasePlugin(takeLease)],
      worker: {
        concurrentJobs,
        maxPoolSize: poolSize,
        pollInterval: 1_000,
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        gracefulShutdownAbortTimeout: shutdownGraceMs,
      },
    },
  })
}
