import type { NewerWire, WireJob } from '@anteroom/job-contracts'
import type { JobHelpers } from 'graphile-worker'
import type { JobDeps } from './job-deps.ts'

const leaveForMs = 1_000

/**
 * Puts a row back for a moment, before it counts as begun, so that it takes no place that another job could use and
 * whoever can may have it. From its deadline on there is nothing to wait for. Whether it was put back.
 */
export async function putBack(
  { now, log }: Pick<JobDeps, 'now' | 'log'>,
  { job, addJob }: JobHelpers,
  { wire, why, delayMs = leaveForMs }: Returned,
): Promise<boolean> {
  if (now() >= wire.deadlineAt) return false
  const { task_identifier: name, max_attempts: maxAttempts, priority } = job
  const runAt = new Date(now() + delayMs)
  await addJob(name, wire, { jobKey: wire.id, runAt, maxAttempts, priority })
  switch (why) {
    case 'full':
    case 'behind':
    case 'not-admitted':
    case 'no-turn':
      log.debug('job.put-back', { jobId: wire.id, job: name, delayMs })
      return true
    case 'newer':
      log.warn('job.left-for-newer', { jobId: wire.id, job: name })
      return true
  }
}

interface Returned {
  readonly wire: WireJob | NewerWire
  /**
   * `full`: as many jobs of this name run here as may. `behind`: others of its stream come first. `not-admitted`, `no-turn`:
   * whom it is for may not be called now. `newer`: only a newer worker can read the row.
   */
  readonly why: 'full' | 'behind' | 'not-admitted' | 'no-turn' | 'newer'
  readonly delayMs?: number
}
