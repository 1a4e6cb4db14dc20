import { childTraceparent, type Metrics } from '@anteroom/runtime'
import { type CallOptions, VendorError } from '@anteroom/vendor-clients'
import type { Attempt } from './ledger/ledger.ts'
import type { VendorCalls } from './ledger/vendor-calls.ts'

export interface AskDeps {
  readonly attempt: Attempt
  readonly traceparent: string
  /** Aborts when the job's time is up or the worker stops. */
  readonly signal: AbortSignal
  readonly calls: VendorCalls
  readonly metrics: Metrics
}

/** One question to one vendor, with its own time budget inside the job's deadline. */
export interface Question<Reply> {
  readonly vendor: string
  readonly timeoutMs: number
  readonly call: (options: CallOptions) => Promise<Reply>
  /** The vendor does not know idempotency keys: a question nobody saw answered is never put again. */
  readonly once?: boolean
}

type Questions<Replies> = { readonly [Name in keyof Replies]: Question<Replies[Name]> }

/**
 * How a task talks to vendors: asks independent questions at once and returns all their answers, or throws the first
 * failure once none is open any more. When one fails the others are called off: without it there is no result.
 *
 * Each question carries the job id as idempotency key and is written down before and after. What a vendor answered an
 * earlier start of the job is taken from there, and the vendor is not asked again.
 */
export type Ask = <Replies extends Record<string, unknown>>(
  questions: Questions<Replies>,
) => Promise<Replies>

export function createAsk(deps: AskDeps): Ask {
  return async <Replies extends Record<string, unknown>>(questions: Questions<Replies>) => {
    const asked = Object.entries<Question<unknown>>(questions)
    const earlier = await deps.calls.intend(
      deps.attempt,
      asked.map(([, { vendor }]) => vendor),
    )
    const callOff = new AbortController()
    const onAbort = () => callOff.abort()
    deps.signal.addEventListener('abort', onAbort, { once: true })
    if (deps.signal.aborted) onAbort()
    const open = asked.map(async ([name, question]) => [
      name,
      await answerTo(deps, question, { earlier, signal: callOff.signal }),
    ])
    try {
      // Each name got the reply to its own question; the mapped type says so, entries cannot.
      return Object.fromEntries(await Promise.all(open)) as Replies
    } catch (error) {
      callOff.abort()
      await Promise.allSettled(open)
      throw error
    } finally {
      deps.signal.removeEventListener('abort', onAbort)
    }
  }
}

interface Asking {
  readonly earlier: ReadonlyMap<string, unknown>
  readonly signal: AbortSignal
}

async function answerTo(
  deps: AskDeps,
  question: Question<unknown>,
  { earlier, signal }: Asking,
): Promise<unknown> {
  const known = earlier.get(question.vendor)
  if (known !== undefined) return known
  if (question.once && earlier.has(question.vendor)) throw new VendorError('VENDOR_UNAVAILABLE')
  const reply = await measured(deps, question, signal)
  await deps.calls.answered(deps.attempt, question.vendor, reply)
  return reply
}

async function measured(
  { attempt, traceparent, metrics }: AskDeps,
  { vendor, timeoutMs, call }: Question<unknown>,
  signal: AbortSignal,
): Promise<unknown> {
  const startedAt = performance.now()
  let outcome = 'answered'
  try {
    return await call({
      signal,
      idempotencyKey: attempt.jobId,
      traceparent: childTraceparent(traceparent),
      timeoutMs,
    })
  } catch (error) {
    outcome = error instanceof VendorError ? error.code : 'UNEXPECTED'
    throw error
  } finally {
    const seconds = (performance.now() - startedAt) / 1000
    metrics.observe('proofing_vendor_duration_seconds', { vendor, outcome }, seconds)
  }
}
