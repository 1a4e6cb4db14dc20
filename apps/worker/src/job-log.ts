import type { WireJob } from '@anteroom/job-contracts'
import { type Log, type Metrics, traceIdOf } from '@anteroom/runtime'
import type { Attempt, Ending } from './ledger/ledger.ts'

export interface EndFacts {
  readonly wire: WireJob
  readonly attempt: Attempt
  readonly ending: Ending
  readonly code: string | undefined
  /** Whose answer was missing, of a job that failed. */
  readonly vendor: string | undefined
  /** When the queue row was due. */
  readonly runAt: Date
}

/** One line for each ending: how long the job waited in the queue, how long it ran, which attempt, what came out. */
export function logEnd(
  { log, metrics, now }: { log: Log; metrics: Metrics; now: () => number },
  { wire, attempt, ending, code, runAt, vendor }: EndFacts,
): void {
  const durationMs = Math.round(now() - attempt.startedAt)
  const queueDelayMs = Math.max(0, Math.round(attempt.startedAt - runAt.getTime()))
  const outcome = ending.state === 'done' ? 'done' : ending.reason
  metrics.observe('worker_job_duration_seconds', { task: wire.job, outcome }, durationMs / 1000)
  metrics.observe('worker_queue_delay_seconds', { task: wire.job }, queueDelayMs / 1000)
  // A job that kills its workers wants a human.
  const level = code === 'JOB_POISONOUS' ? 'error' : 'info'
  log[level](ending.state === 'done' ? 'job.done' : 'job.failed', {
    jobId: wire.id,
    job: wire.job,
    attempt: attempt.attempt,
    queueDelayMs,
    durationMs,
    outcome,
    ...(code !== undefined && { code }),
    vendor,
    ...(wire.traceparent !== '' && { traceId: traceIdOf(wire.traceparent) }),
  })
}
