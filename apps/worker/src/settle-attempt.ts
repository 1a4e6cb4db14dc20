import type { Job } from '@anteroom/job-contracts'
import type { JobHelpers } from 'graphile-worker'
import type { Asking } from './ask.ts'
import { retryDelayMs } from './backoff.ts'
import { type Failure, toFailure } from './failure.ts'
import type { JobDeps } from './job-deps.ts'
import { LostJobError, PoisonousJobError, StoppedError } from './job-errors.ts'
import { logEnd } from './job-log.ts'
import type { DeadFacts, DeadLetter } from './ledger/dead-letters.ts'
import type { Attempt, Ending } from './ledger/ledger.ts'
import type { Salvaged } from './salvage-wire.ts'
import type { Stop } from './stop.ts'

/** What the end of an attempt needs to know of it. */
interface Life {
  readonly job: Job
  readonly deps: JobDeps
  readonly wire: Salvaged
  readonly helpers: JobHelpers
  /** As its task has said. */
  readonly uselessAt?: number | undefined
}

export const timedOut: Ending = { state: 'failed', reason: 'timed-out' }

interface Trouble {
  readonly asking: Asking
  readonly stop: Stop
  readonly error: unknown
}

/** What the failure was settled as; undefined if the rest of the job was put off. */
export async function fail(
  life: Life,
  attempt: Attempt,
  trouble: Trouble,
): Promise<Ending | undefined> {
  const { deps } = life
  const { stop, asking, error } = trouble
  const vendor = asking.failed()
  const givesTurns = vendor !== undefined && deps.gates[vendor] !== undefined
  const failure = failureOf(error, stop, givesTurns)
  if (stop.cause() === 'shutdown') {
    return defer(life, attempt, { asking, failure, delayMs: 0, costsAttempt: false })
  }
  const leftMs = leftMsOf(attempt, deps.now())
  const later = laterFor(life, attempt, { failure, leftMs })
  if (later && later.delayMs < leftMs) {
    return defer(life, attempt, { asking, failure, ...later })
  }
  const ending: Ending = { state: 'failed', reason: failure.reason }
  await settle(life, attempt, { asking, ending, code: failure.code, facts: failure.facts })
  return ending
}

/** Whoever says after how long to come again may not mean it to be too late. */
const leftAtLeastMs = 10_000

/** When to go on with it, and at what cost; undefined if no other attempt could end better. */
function laterFor(
  { job, deps }: Life,
  { attempt, failedBefore }: Attempt,
  { failure, leftMs }: { readonly failure: Failure; readonly leftMs: number },
) {
  const { putOffMs, retryable, onceMoreAfterMs = 0, retryAfterMs = 0, code } = failure
  if (putOffMs !== undefined) return { delayMs: putOffMs, costsAttempt: false }
  const costsAttempt = failure.costsNothing !== true
  if (!retryable || (costsAttempt && attempt >= job.retry.attempts)) return undefined
  if (onceMoreAfterMs > 0 && failedBefore === code) return undefined
  const scheduledMs = retryDelayMs(job.retry, attempt, deps.random)
  const askedMs = Math.min(retryAfterMs, leftMs - leftAtLeastMs)
  return { delayMs: Math.max(scheduledMs, askedMs, onceMoreAfterMs), costsAttempt }
}

/** What is left now of the time the attempt had when it began. */
function leftMsOf({ leftMs, startedAt }: Attempt, now: number): number {
  return leftMs - (now - startedAt)
}

function failureOf(error: unknown, stop: Stop, givesTurns: boolean): Failure {
  if (stop.cause() === 'deadline' || error instanceof StoppedError) {
    return { reason: 'timed-out', retryable: false, code: 'JOB_TIMED_OUT' }
  }
  if (error instanceof PoisonousJobError)
    return { reason: 'internal', retryable: false, code: 'JOB_POISONOUS' }
  return toFailure(error, { givesTurns })
}

interface End {
  readonly asking: Asking
  readonly ending: Ending
  readonly code?: string
  readonly facts?: DeadFacts | undefined
}

/** Stores the ending, then answers. False if a result came too late; throws if this start has lost the job. */
export async function settle(life: Life, attempt: Attempt, end: End): Promise<boolean> {
  const { job, deps, wire } = life
  const { asking, ending, code } = end
  const deadLetter = deadLetterOf(life, end)
  const settled = await deps.ledger.settle({
    attempt,
    ending,
    outcomeSeconds: job.outcomeSeconds,
    answered: asking.unrecorded(),
    code,
    deadLetter,
    reportsResult: job.reportsResult === true,
  })
  if (!settled && ending.state === 'done') return false
  if (!settled) throw new LostJobError()
  // The ledger has spoken: whatever becomes of pushing it, this is how the job ended.
  const runAt = life.helpers.job.run_at
  logEnd(deps, { wire: wire.job, attempt, ending, code, runAt, vendor: asking.failed() })
  if (deadLetter) deps.metrics.increment('dead_letters_total', { task: job.name })
  // Nobody has to wait for it: whoever is next looks again.
  if (job.orderedBy !== undefined) {
    await deps.order.letNextBegin(wire.job.id).catch(() => undefined)
  }
  await deps.answers.push(settled)
  return true
}

/** What could not be read cannot be queued again, and what was called off is not. */
function deadLetterOf({ job, wire, uselessAt }: Life, end: End): DeadLetter | undefined {
  const { ending, code = 'UNEXPECTED', facts = {} } = end
  const { deadLetterDays: keptDays } = job
  if (ending.state === 'done' || ending.reason === 'cancelled') return undefined
  if (keptDays === undefined || wire.error) return undefined
  if (wire.job.clear.deadLetter === 'never') return undefined
  return { wire: wire.job, code, facts, uselessAt, keptDays }
}

interface Deferral {
  readonly asking: Asking
  readonly failure: Failure
  readonly delayMs: number
  readonly costsAttempt: boolean
}

async function defer(life: Life, attempt: Attempt, deferral: Deferral): Promise<undefined> {
  const { deps, wire } = life
  const { asking, failure, delayMs, costsAttempt } = deferral
  const report = await deps.ledger.defer({
    attempt,
    wire: wire.job,
    delayMs,
    reason: failure.reason,
    code: failure.code,
    costsAttempt,
    answered: asking.unrecorded(),
  })
  if (!report) throw new LostJobError()
  await deps.answers.report(report)
  const { id: jobId, job } = wire.job
  deps.log.info('job.deferred', {
    jobId,
    job,
    attempt: attempt.attempt,
    code: failure.code,
    vendor: asking.failed(),
    delayMs,
  })
}
