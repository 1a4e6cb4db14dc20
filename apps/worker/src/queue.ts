import { EventEmitter } from 'node:events'
import type { Log } from '@anteroom/runtime'
import { type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker'
import type pg from 'pg'
import type { LeaseHolder } from './lease/lease-holder.ts'
import { createLeasePlugin } from './lease/lease-plugin.ts'
import { queuePoolSize } from './pools.ts'
import { createQueueLogger } from './queue-log.ts'

export interface QueueOptions {
  readonly pool: pg.Pool
  readonly taskList: TaskList
  readonly concurrentJobs: number
  readonly shutdownGraceMs: number
  readonly log: Log
  /** The lease under which this process claims jobs. */
  readonly lease: LeaseHolder
}

export interface Queue {
  /** Lets running jobs finish, hands the rest back, and claims no more. */
  stop(): Promise<void>
}

/**
 * A notification brings every new job at once; polling finds what was put off, and what a lost notification was about.
 * Each slot polls for itself, so that more slots must poll more seldom, or an idle process would keep Postgres busy.
 */
const pollIntervalMs = (slots: number) => Math.min(10_000, Math.max(1_000, slots * 50))

const startAgainAfterMs = 1_000

/**
 * Claims jobs and runs their tasks until it is stopped. graphile-worker gives up when the database is away for longer
 * than its patience: then what it had claimed is given back, and it is started anew.
 */
export async function startQueue(options: QueueOptions): Promise<Queue> {
  const { log, lease } = options
  let current = await startRun(options)
  let stopping = false

  async function keep(): Promise<void> {
    for (;;) {
      await current.ended
      if (stopping) return
      log.error('queue.ended')
      await lease.abandon()
      await startAnew()
    }
  }

  async function startAnew(): Promise<void> {
    while (!stopping) {
      await new Promise((resolve) => setTimeout(resolve, startAgainAfterMs))
      try {
        current = await startRun(options)
        if (stopping) await current.stop()
        return log.info('queue.started-anew')
      } catch {
        log.warn('queue.start-failed')
      }
    }
  }

  const kept = keep()
  return {
    async stop() {
      stopping = true
      await current.stop().catch(() => undefined)
      await kept
    },
  }
}

interface Run {
  /** The run claims nothing any more: it was stopped, or it has given up. */
  readonly ended: Promise<void>
  stop(): Promise<void>
}

/** graphile-worker says that it gives up, and may then wait for ever for what it cannot write to the database. */
const givesUpWithinMs = 3_000

async function startRun(options: QueueOptions): Promise<Run> {
  const events: WorkerEvents = new EventEmitter()
  const gaveUp = new Promise<void>((resolve) => {
    events.once('pool:gracefulShutdown', () => setTimeout(resolve, givesUpWithinMs).unref())
  })
  const runner = await startRunner(options, events)
  const ended = runner.promise.catch(() => undefined)
  return { ended: Promise.race([ended, gaveUp]), stop: () => runner.stop() }
}

/**
 * Completions are batched, which is safe because the ledger has committed before; graphile's local queue stays off,
 * because it would hoard jobs that another process could run at once.
 */
function startRunner(options: QueueOptions, events: WorkerEvents): Promise<Runner> {
  const { pool, taskList, concurrentJobs, shutdownGraceMs, log, lease } = options
  return run({
    pgPool: pool,
    taskList,
    events,
    noHandleSignals: true,
    logger: createQueueLogger(log),
    preset: {
      plugins: [createLeasePlugin(lease.take)],
      worker: {
        concurrentJobs,
        maxPoolSize: queuePoolSize,
        pollInterval: pollIntervalMs(concurrentJobs),
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        gracefulShutdownAbortTimeout: shutdownGraceMs,
      },
    },
  })
}
