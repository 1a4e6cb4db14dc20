import { isNewerWire } from '@anteroom/job-contracts'
import type { JobHelpers } from 'graphile-worker'
import type { JobDeps } from './job-deps.ts'

const leaveForMs = 1_000

/**
 * During a deploy the new web may write what only a new worker can read. Such a row is put back for a moment, for
 * whoever can; from its deadline on it is like any other that cannot be read. Whether it was put back.
 */
export async function leaveForNewerWorker(
  { now, log }: Pick<JobDeps, 'now' | 'log'>,
  { job, addJob }: JobHelpers,
  raw: unknown,
): Promise<boolean> {
  if (!isNewerWire(raw) || now() >= raw.deadlineAt) return false
  await addJob(job.task_identifier, raw, {
    jobKey: raw.id,
    runAt: new Date(now() + leaveForMs),
    maxAttempts: job.max_attempts,
  })
  log.warn('job.left-for-newer', { jobId: raw.id, job: job.task_identifier })
  return true
}
