import type { Job, Open, PayloadOf, ResultOf, Seal } from '@anteroom/job-contracts'
import { unpackJob } from '@anteroom/job-contracts'
import type { Log, Metrics } from '@anteroom/runtime'
import type { JobHelpers, Task } from 'graphile-worker'
import type { Answers } from './answers.ts'
import { type Ask, createAsk } from './ask.ts'
import { retryDelayMs } from './backoff.ts'
import { type Failure, toFailure } from './failure.ts'
import { logEnd } from './job-log.ts'
import type { Attempt, Ending, Ledger } from './ledger/ledger.ts'
import type { Reports } from './reports.ts'
import { type Salvaged, salvageWire } from './salvage-wire.ts'
import { type Stop, startStop } from './stop.ts'
import type { Vendors } from './vendors.ts'

/** What the wrapper itself works with. */
export interface JobDeps {
  readonly ledger: Ledger
  readonly answers: Answers
  readonly openPayload: Open
  readonly sealResult: Seal
  readonly now: () => number
  readonly random: () => number
  readonly log: Log
  readonly metrics: Metrics
}

/** What a task may use. */
export interface TaskDeps {
  readonly vendors: Vendors
  readonly reports: Reports
}

export interface TaskContext extends TaskDeps {
  readonly ask: Ask
}

export type Run<J extends Job> = (
  payload: PayloadOf<J>,
  context: TaskContext,
) => Promise<ResultOf<J>>

export interface TaskFor<J extends Job> {
  readonly job: J
  readonly bind: (deps: JobDeps & TaskDeps) => Task
}

/** The crashes after which a job is taken to be the one that kills its workers. */
const poisonousCrashes = 3

/** The whole life of a job: read, begin, open, run, settle in the ledger, answer; a failure is translated once. */
export function defineTask<J extends Job>(job: J, run: Run<J>): TaskFor<J> {
  return {
    job,
    bind: (deps) => async (raw, helpers) => {
      const wire = salvageWire(job, raw, deps.now())
      if (!wire) return deps.log.error('job.dropped', { job: job.name, code: 'WIRE_UNREADABLE' })
      const begun = await deps.ledger.begin(wire.job)
      if (begun.state === 'running') return live({ job, run, deps, wire, helpers }, begun.attempt)
      if (begun.settled) await deps.answers.push(begun.settled)
    },
  }
}

interface Life<J extends Job> {
  readonly job: J
  readonly run: Run<J>
  readonly deps: JobDeps & TaskDeps
  readonly wire: Salvaged
  readonly helpers: JobHelpers
}

/** One start of a job, from its token to its ending. */
async function live<J extends Job>(life: Life<J>, attempt: Attempt): Promise<void> {
  const { deps, helpers, wire } = life
  const stop = startStop(attempt.leftMs, helpers.abortSignal)
  const { id: jobId, traceparent } = wire.job
  const ask = createAsk({ jobId, traceparent, signal: stop.signal, metrics: deps.metrics })
  try {
    const sealed = await work(life, attempt, ask)
    const done = await settle(life, attempt, { ask, ending: { state: 'done', sealed } })
    // A result that came too late is refused; that time ran out is written down instead.
    if (!done) await settle(life, attempt, { ask, ending: timedOut, code: 'RESULT_TOO_LATE' })
  } catch (error) {
    if (error instanceof LostJobError) throw error
    await fail(life, attempt, { ask, stop, error })
  } finally {
    stop.clear()
  }
}

const timedOut: Ending = { state: 'failed', reason: 'timed-out' }

async function work<J extends Job>(life: Life<J>, attempt: Attempt, ask: Ask): Promise<string> {
  const { job, run, deps, wire } = life
  if (wire.error) throw wire.error
  if (attempt.leftMs <= 0) throw new StoppedError()
  if (attempt.starts - attempt.attempt >= poisonousCrashes) throw new PoisonousJobError()
  const payload = await unpackJob(job, wire.job, deps.openPayload)
  const result = await run(payload, { vendors: deps.vendors, reports: deps.reports, ask })
  return deps.sealResult(
    { name: job.name, id: wire.job.id },
    JSON.stringify(job.result.parse(result)),
  )
}

interface Trouble {
  readonly ask: Ask
  readonly stop: Stop
  readonly error: unknown
}

async function fail<J extends Job>(
  life: Life<J>,
  attempt: Attempt,
  trouble: Trouble,
): Promise<void> {
  const { job, deps } = life
  const { ask, stop, error } = trouble
  const failure = failureOf(error, stop)
  if (stop.cause() === 'shutdown') {
    return defer(life, attempt, { ask, failure, delayMs: 0, costsAttempt: false })
  }
  if (failure.retryable && attempt.attempt < job.retry.attempts) {
    const delayMs = retryDelayMs(job.retry, attempt.attempt, deps.random)
    if (delayMs < attempt.leftMs)
      return defer(life, attempt, { ask, failure, delayMs, costsAttempt: true })
  }
  await settle(life, attempt, {
    ask,
    ending: { state: 'failed', reason: failure.reason },
    code: failure.code,
  })
}

function failureOf(error: unknown, stop: Stop): Failure {
  if (stop.cause() === 'deadline' || error instanceof StoppedError) {
    return { reason: 'timed-out', retryable: false, code: 'JOB_TIMED_OUT' }
  }
  if (error instanceof PoisonousJobError)
    return { reason: 'internal', retryable: false, code: 'JOB_POISONOUS' }
  return toFailure(error)
}

interface End {
  readonly ask: Ask
  readonly ending: Ending
  readonly code?: string
}

/** Stores the ending, then answers. False if a result came too late; throws if this start has lost the job. */
async function settle<J extends Job>(life: Life<J>, attempt: Attempt, end: End): Promise<boolean> {
  const { job, deps, wire } = life
  const { ask, ending, code } = end
  const settled = await deps.ledger.settle({
    attempt,
    ending,
    outcomeSeconds: job.outcomeSeconds,
    billed: ask.billed(),
  })
  if (!settled && ending.state === 'done') return false
  if (!settled) throw new LostJobError()
  await deps.answers.push(settled)
  logEnd(deps, { wire: wire.job, attempt, ending, code, runAt: life.helpers.job.run_at })
  return true
}

interface Deferral {
  readonly ask: Ask
  readonly failure: Failure
  readonly delayMs: number
  readonly costsAttempt: boolean
}

async function defer<J extends Job>(
  life: Life<J>,
  attempt: Attempt,
  deferral: Deferral,
): Promise<void> {
  const { deps, wire } = life
  const { ask, failure, delayMs, costsAttempt } = deferral
  const report = await deps.ledger.defer({
    attempt,
    wire: wire.job,
    delayMs,
    billed: ask.billed(),
    reason: failure.reason,
    costsAttempt,
  })
  if (!report) throw new LostJobError()
  await deps.answers.report(report)
  const { id: jobId, job } = wire.job
  deps.log.info('job.deferred', {
    jobId,
    job,
    attempt: attempt.attempt,
    code: failure.code,
    delayMs,
  })
}

/** Another start holds the job now. Thrown, never returned: returning would delete the other's queue row. */
export class LostJobError extends Error {
  override readonly name = 'LostJobError'
  readonly code = 'JOB_LOST'

  constructor() {
    super('JOB_LOST')
  }
}

/** The deadline had passed before the work could begin. */
class StoppedError extends Error {
  override readonly name = 'StoppedError'
}

class PoisonousJobError extends Error {
  override readonly name = 'PoisonousJobError'
}
