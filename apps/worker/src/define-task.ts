import type { Job, PayloadOf, ResultOf, WireJob } from '@anteroom/job-contracts'
import { givesAttemptBack, isNewerWire, unpackJob } from '@anteroom/job-contracts'
import type { JobHelpers, Task } from 'graphile-worker'
import { type Admitted, admitAll } from './admission.ts'
import { type Ask, type Asking, createAsking } from './ask.ts'
import type { JobDeps, TaskDeps } from './job-deps.ts'
import { LostJobError, PoisonousJobError, StoppedError, UnsettledJobError } from './job-errors.ts'
import type { Attempt, Ending } from './ledger/ledger.ts'
import { outcomeOf, type Worked } from './outcome-of-work.ts'
import { putBack } from './put-back.ts'
import { turnAt } from './quota/gate.ts'
import type { Turn } from './quota/turn.ts'
import { type Salvaged, salvageWire } from './salvage-wire.ts'
import { fail, settle, timedOut } from './settle-attempt.ts'
import { type Stop, startStop } from './stop.ts'
import type { Steps } from './transfers/transfer-steps.ts'
import type { VendorName } from './vendors.ts'

export interface TaskContext extends TaskDeps {
  readonly jobId: string
  readonly traceparent: string
  /** Which one this is, from 1. */
  readonly attempt: number
  /** Aborts when the job's time is up or the worker stops. */
  readonly signal: AbortSignal
  readonly ask: Ask
  /** What is to be done once an answer stands that the person cannot have anew. It may never come to it. */
  readonly onceAnswered: (cleanUp: CleanUp) => void
  /** From when on nobody has any use for the job, in milliseconds since the epoch: it is not queued again after that. */
  readonly uselessFrom: (ms: number) => void
  /** Tells the web's records that the job is under way and has moved so many bytes. */
  readonly progress: (bytes: number) => Promise<void>
  /** Database time, in milliseconds since the epoch. */
  readonly now: () => number
  /** Of a job that moves a file: how far earlier starts came. */
  readonly steps: Steps
}

/** Doing it twice is harmless. */
type CleanUp = () => Promise<void>

export type Run<J extends Job> = (
  payload: PayloadOf<J>,
  context: TaskContext,
) => Promise<ResultOf<J>>

export interface TaskFor<J extends Job> {
  readonly job: J
  /** Whom the task may ask: written down with each start, before anybody is asked. */
  readonly vendors: readonly VendorName[]
  readonly bind: (deps: JobDeps & TaskDeps) => Task
}

/** The crashes after which a job is taken to be the one that kills its workers. */
const poisonousCrashes = 3

/** The whole life of a job: read, begin, open, run, settle in the ledger, answer; a failure is translated once. */
export function defineTask<J extends Job>(
  job: J,
  vendors: readonly VendorName[],
  run: Run<J>,
): TaskFor<J> {
  return {
    job,
    vendors,
    bind: (deps) => {
      let inFlight = 0
      const atMost = deps.atOnce[job.name] ?? Number.POSITIVE_INFINITY
      const count = (change: 1 | -1) => {
        inFlight += change
        deps.metrics.set('worker_jobs_in_flight', { task: job.name }, inFlight)
      }
      return async (raw, helpers) => {
        count(1)
        try {
          const isFull = inFlight > atMost
          await perform({ job, vendors, run, deps, helpers, isFull }, raw)
        } catch (error) {
          // graphile-worker stores and logs what is thrown: a code, never a message of others.
          throw error instanceof LostJobError ? error : new UnsettledJobError()
        } finally {
          count(-1)
        }
      }
    },
  }
}

async function perform<J extends Job>(around: Around<J>, raw: unknown): Promise<void> {
  const { job, deps, helpers } = around
  // During a deploy the new web may write what only a new worker can read.
  if (isNewerWire(raw) && (await putBack(deps, helpers, { wire: raw, why: 'newer' }))) return
  const wire = salvageWire(job, raw, deps.now())
  if (!wire) return deps.log.error('job.dropped', { job: job.name, code: 'WIRE_UNREADABLE' })
  const turn = turnAt(deps.gates, around.vendors, wire.job.id)
  if (!wire.error && (await mustWait(around, wire.job, turn))) return
  const admitted = await admit(around, wire)
  if ('askAgainMs' in admitted) return
  try {
    const begun = await deps.ledger.begin(wire.job, around.vendors)
    if (begun.state === 'running') return await live({ ...around, wire, turn }, begun.attempt)
    if (begun.settled) await deps.answers.push(begun.settled)
  } finally {
    admitted.leave()
  }
}

/** A place, or the row was put back until one may be free. What is too late needs none: it is told that time is up. */
async function admit<J extends Job>(
  { job, deps, helpers }: Around<J>,
  { job: wire, error }: Salvaged,
): Promise<Admitted> {
  const leftMs = wire.deadlineAt - deps.now()
  const admission = error || leftMs <= 0 ? admitAll : (deps.admissions[job.name] ?? admitAll)
  const admitted = await admission(wire)
  if ('leave' in admitted) return admitted
  const delayMs = Math.min(admitted.askAgainMs, leftMs)
  deps.wakeLater(delayMs)
  await putBack(deps, helpers, { wire, why: 'not-admitted', delayMs })
  return admitted
}

/** Whether the row was put back for now: there is no place here, or its vendor may not be called soon. */
async function mustWait<J extends Job>(
  { job, deps, helpers, isFull }: Around<J>,
  wire: WireJob,
  turn: Turn | undefined,
): Promise<boolean> {
  // Rows that found no place came together; they need not come back so.
  const fullMs = 500 + deps.random() * 1_000
  if (isFull) return putBack(deps, helpers, { wire, why: 'full', delayMs: fullMs })
  // What nobody may answer any more needs no moment: it begins, and is told that time is up.
  if (deps.now() >= wire.deadlineAt) return false
  if (job.orderedBy !== undefined && (await letOthersFirst(deps, helpers, wire))) return true
  const askAgainMs = await turn?.approach(helpers.abortSignal)
  if (askAgainMs === undefined) return false
  deps.wakeLater(askAgainMs)
  return putBack(deps, helpers, { wire, why: 'no-turn', delayMs: askAgainMs })
}

/** Whoever ends wakes the next; this is for when nobody was left to do so. */
const lookAgainMs = 30_000

/** Whether the row was put back because others of its stream come first. */
async function letOthersFirst(deps: JobDeps, helpers: JobHelpers, wire: WireJob): Promise<boolean> {
  if (!(await deps.order.standsBehind(wire.id))) return false
  const wasPutBack = await putBack(deps, helpers, { wire, why: 'behind', delayMs: lookAgainMs })
  // They may have ended meanwhile, and found nobody to wake.
  if (!(await deps.order.standsBehind(wire.id))) await deps.order.letNextBegin(wire.id)
  return wasPutBack
}

interface Around<J extends Job> {
  readonly job: J
  readonly vendors: readonly VendorName[]
  readonly run: Run<J>
  readonly deps: JobDeps & TaskDeps
  readonly helpers: JobHelpers
  /** As many jobs of this name run here as may. */
  readonly isFull: boolean
}

interface Life<J extends Job> extends Around<J> {
  readonly wire: Salvaged
  readonly uselessAt?: number | undefined
  readonly turn: Turn | undefined
}

/** One start of a job, from its token to its ending. */
async function live<J extends Job>(life: Life<J>, attempt: Attempt): Promise<void> {
  const { deps, helpers, wire, turn } = life
  const stop = startStop(attempt.leftMs, helpers.abortSignal)
  const { traceparent } = wire.job
  const { calls, metrics } = deps
  const asking = createAsking({ attempt, traceparent, signal: stop.signal, turn, calls, metrics })
  const cleanUps: CleanUp[] = []
  const onceAnswered = (cleanUp: CleanUp) => void cleanUps.push(cleanUp)
  let uselessAt: number | undefined
  const uselessFrom = (ms: number) => {
    uselessAt = ms
  }
  const { ask } = asking
  const progress = (bytes: number) => tellProgress(deps, attempt, bytes)
  try {
    const steps = deps.transferSteps(attempt)
    const own = { traceparent, attempt: attempt.attempt, signal: stop.signal, now: deps.now }
    const start = { ...own, ask, onceAnswered, uselessFrom, progress, steps }
    const worked = await outcomeOf(work(life, attempt, start))
    const ending = await end({ ...life, uselessAt }, attempt, { stop, asking, worked })
    if (ending && isFinal(ending)) await cleanUp(life, cleanUps)
  } finally {
    stop.clear()
  }
}

/** Nobody has to hear of it: the next report says more. That another start has the job is told when this one ends. */
async function tellProgress(deps: JobDeps, attempt: Attempt, bytes: number): Promise<void> {
  const report = await deps.ledger.progress(attempt, bytes)
  if (report) await deps.answers.report(report).catch(() => undefined)
}

/** How the start ended; undefined if the rest of the job was put off. */
async function end<J extends Job>(
  life: Life<J>,
  attempt: Attempt,
  { stop, asking, worked }: { stop: Stop; asking: Asking; worked: Worked },
): Promise<Ending | undefined> {
  if (!worked.ok) return fail(life, attempt, { stop, asking, error: worked.error })
  const ending: Ending = { state: 'done', sealed: worked.value }
  if (await settle(life, attempt, { asking, ending })) return ending
  // A result that came too late is refused; that time ran out is written down instead.
  await settle(life, attempt, { asking, ending: timedOut, code: 'RESULT_TOO_LATE' })
  return timedOut
}

function isFinal(ending: Ending): boolean {
  return ending.state === 'done' || !givesAttemptBack(ending.reason)
}

/** The answer has been given, so nothing that fails here may fail the job. */
async function cleanUp<J extends Job>(
  { deps, wire: { job: wire } }: Life<J>,
  cleanUps: readonly CleanUp[],
): Promise<void> {
  for (const { status } of await Promise.allSettled(cleanUps.map((work) => work()))) {
    if (status === 'rejected')
      deps.log.warn('job.clean-up-failed', { jobId: wire.id, job: wire.job })
  }
}

async function work<J extends Job>(
  life: Life<J>,
  attempt: Attempt,
  start: Omit<TaskContext, 'jobId' | keyof TaskDeps>,
): Promise<string> {
  const { job, run, deps, wire } = life
  if (wire.error) throw wire.error
  if (attempt.leftMs <= 0) throw new StoppedError()
  if (attempt.crashes >= poisonousCrashes) throw new PoisonousJobError()
  const payload = await unpackJob(job, wire.job, deps.openPayload)
  const { vendors, reports, quotas, documents, credentials, receivers, webhooks, transfers } = deps
  const may = { vendors, reports, quotas, documents, credentials, receivers, webhooks, transfers }
  const result = await run(payload, { jobId: wire.job.id, ...may, ...start })
  const seal = job.resultPurpose === 'credential' ? deps.sealCredential : deps.sealResult
  return seal({ name: job.name, id: wire.job.id }, JSON.stringify(job.result.parse(result)))
}
