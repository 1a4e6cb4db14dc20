import type { JobHelpers } from 'graphile-worker'
import type { JobDeps } from './job-deps.ts'
import type { Salvaged } from './salvage-wire.ts'

const leaveForMs = 1_000

/**
 * Puts a row back for a moment, before it counts as begun, so that it takes no place that another job could use. From
 * its deadline on there is nothing to wait for. Whether it was put back.
 */
export async function putBack(
  { now, random, log }: Pick<JobDeps, 'now' | 'random' | 'log'>,
  { job, addJob }: JobHelpers,
  { job: wire, error }: Salvaged,
): Promise<boolean> {
  if (error || now() >= wire.deadlineAt) return false
  const delayMs = leaveForMs * (0.5 + random())
  const { task_identifier: name, max_attempts: maxAttempts } = job
  await addJob(name, wire, { jobKey: wire.id, runAt: new Date(now() + delayMs), maxAttempts })
  log.debug('job.put-back', { jobId: wire.id, job: name, delayMs })
  return true
}
