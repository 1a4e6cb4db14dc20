import { childTraceparent, type Metrics } from '@anteroom/runtime'
import { type CallOptions, VendorError } from '@anteroom/vendor-clients'
import type { Attempt } from './ledger/ledger.ts'
import type { VendorCalls } from './ledger/vendor-calls.ts'
import type { Turn } from './quota/turn.ts'
import type { VendorName } from './vendors.ts'

export interface AskDeps {
  readonly attempt: Attempt
  readonly traceparent: string
  /** Aborts when the job's time is up or the worker stops. */
  readonly signal: AbortSignal
  /** At the vendor that takes only so many calls, if the task asks one. */
  readonly turn?: Turn | undefined
  readonly calls: VendorCalls
  readonly metrics: Metrics
}

/** One question to one vendor, with its own time budget inside the job's deadline. */
export interface Question<Reply> {
  readonly vendor: VendorName
  readonly timeoutMs: number
  readonly call: (options: CallOptions) => Promise<Reply>
  /** Instead of the job id, where a question outlives its job. */
  readonly idempotencyKey?: string
  /** The vendor does not know idempotency keys: a question nobody saw answered is never put again. */
  readonly once?: boolean
}

type Questions<Replies> = { readonly [Name in keyof Replies]: Question<Replies[Name]> }

/**
 * How a task talks to vendors: asks independent questions at once and returns all their answers, or throws the first
 * failure once none is open any more. When one fails the others are called off: without it there is no result.
 *
 * Each question carries the job id as idempotency key, or its own. A vendor that takes only so many calls is asked when
 * the job's turn comes. An answer is written down when others stay open, so that a start
 * after a crash takes it from there and does not ask again; the last ones go straight into the ending.
 */
export type Ask = <Replies extends Record<string, unknown>>(
  questions: Questions<Replies>,
) => Promise<Replies>

/** The asking of one start. */
export interface Asking {
  readonly ask: Ask
  /** Vendors whose answers stand in no record yet. */
  unrecorded(): readonly string[]
  /** The vendor whose call failed first, before the others were called off. */
  failed(): VendorName | undefined
}

export function createAsking(deps: AskDeps): Asking {
  const unrecorded: string[] = []
  const failed: VendorName[] = []

  async function ask<Replies extends Record<string, unknown>>(
    questions: Questions<Replies>,
  ): Promise<Replies> {
    const asked = Object.entries<Question<unknown>>(questions)
    const earlier = await deps.calls.earlier(deps.attempt)
    const callOff = startCallOff(deps.signal)
    const over = Promise.withResolvers<void>()
    const { signal } = callOff
    const round: Round = { earlier, signal, unrecorded, failed, open: asked.length, over }
    const open = asked.map(async ([name, question]) => [
      name,
      await answerTo(deps, question, round),
    ])
    try {
      // Each name got the reply to its own question; the mapped type says so, entries cannot.
      return Object.fromEntries(await Promise.all(open)) as Replies
    } catch (error) {
      callOff.abort()
      over.resolve()
      await Promise.allSettled(open)
      throw error
    } finally {
      callOff.end()
    }
  }

  return { ask, unrecorded: () => unrecorded, failed: () => failed[0] }
}

/** Aborts with the job, or before it when another question has failed. */
function startCallOff(signal: AbortSignal) {
  const controller = new AbortController()
  const abort = () => controller.abort()
  signal.addEventListener('abort', abort, { once: true })
  if (signal.aborted) abort()
  return {
    signal: controller.signal,
    abort,
    end: () => signal.removeEventListener('abort', abort),
  }
}

interface Round {
  readonly earlier: ReadonlyMap<string, unknown>
  readonly signal: AbortSignal
  readonly unrecorded: string[]
  readonly failed: VendorName[]
  /** Questions nobody has answered yet. */
  open: number
  /** Resolved once none is open, or one has failed. */
  readonly over: PromiseWithResolvers<void>
}

/** An answer is not written down if the round is over this soon after it: a commit would cost more than asking again. */
const recordAfterMs = 20

async function answerTo(
  deps: AskDeps,
  question: Question<unknown>,
  round: Round,
): Promise<unknown> {
  const { vendor, once = false } = question
  const known = round.earlier.get(vendor)
  if (known !== undefined) {
    closeOne(round)
    return known
  }
  if (once && round.earlier.has(vendor)) throw new VendorError('VENDOR_UNAVAILABLE')
  const reply = await measured(deps, question, round.signal).catch((error: unknown) => {
    round.failed.push(vendor)
    throw error
  })
  closeOne(round)
  if (once || (await staysOpen(round))) await deps.calls.answered(deps.attempt, vendor, reply)
  else round.unrecorded.push(vendor)
  return reply
}

function closeOne(round: Round): void {
  round.open -= 1
  if (round.open === 0) round.over.resolve()
}

async function staysOpen({ over }: Round): Promise<boolean> {
  const later = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => later.resolve(true), recordAfterMs)
  try {
    return await Promise.race([later.promise, over.promise.then(() => false)])
  } finally {
    clearTimeout(timer)
  }
}

async function measured(
  deps: AskDeps,
  { vendor, timeoutMs, call, idempotencyKey = deps.attempt.jobId }: Question<unknown>,
  signal: AbortSignal,
): Promise<unknown> {
  const { traceparent, metrics } = deps
  const turn = deps.turn?.vendor === vendor ? deps.turn : undefined
  await turn?.take(signal)
  const startedAt = performance.now()
  let outcome = 'answered'
  try {
    return await call({
      signal,
      idempotencyKey,
      traceparent: childTraceparent(traceparent),
      timeoutMs,
    })
  } catch (error) {
    outcome = error instanceof VendorError ? error.code : 'UNEXPECTED'
    await leaveAlone(turn, error)
    throw error
  } finally {
    const seconds = (performance.now() - startedAt) / 1000
    metrics.observe('proofing_vendor_duration_seconds', { vendor, outcome }, seconds)
  }
}

async function leaveAlone(turn: Turn | undefined, error: unknown): Promise<void> {
  if (!(error instanceof VendorError) || error.retryAfterMs === undefined) return
  await turn?.leaveAlone(error.retryAfterMs)
}
