import type { Log } from '@anteroom/runtime'
import type { TaskList } from 'graphile-worker'
import type pg from 'pg'
import type { WorkerConfig } from '../../../apps/worker/src/config.ts'
import { createLeaseHolder } from '../../../apps/worker/src/lease/lease-holder.ts'
import { startLeaseSweep } from '../../../apps/worker/src/lease/lease-sweep.ts'
import { startQueue } from '../../../apps/worker/src/queue.ts'

export interface LeasedQueueOptions {
  readonly config: Pick<WorkerConfig, 'databaseUrl' | 'shutdownGraceMs'>
  readonly pool: pg.Pool
  readonly queuePool: pg.Pool
  readonly taskList: TaskList
  readonly concurrentJobs: number
  readonly log: Log
}

/** The worker's queue as its `main.ts` runs it: under a lease, and with the sweep that looks for dead workers. */
export async function startLeasedQueue(
  options: LeasedQueueOptions,
): Promise<{ stop(): Promise<void> }> {
  const { config, pool, queuePool, log } = options
  const { databaseUrl, shutdownGraceMs } = config
  const onLost = () => process.exit(1)
  const lease = createLeaseHolder({ pool, databaseUrl, log, onLost })
  const sweep = startLeaseSweep({ pool, log, heldMs: lease.heldMs, random: Math.random })
  const queue = await startQueue({ ...options, pool: queuePool, shutdownGraceMs, lease })
  return {
    async stop() {
      await queue.stop()
      await sweep.stop()
      await lease.release()
    },
  }
}
