import { childTraceparent, type Metrics } from '@anteroom/runtime'
import { type CallOptions, VendorError } from '@anteroom/vendor-clients'

export interface AskDeps {
  readonly jobId: string
  readonly traceparent: string
  /** Aborts when the job's time is up or the worker stops. */
  readonly signal: AbortSignal
  readonly metrics: Metrics
}

/** One question to one vendor, with its own time budget inside the job's deadline. */
export interface Question<Reply> {
  readonly vendor: string
  readonly timeoutMs: number
  readonly call: (options: CallOptions) => Promise<Reply>
}

/** How a task talks to vendors: every question carries the job id as idempotency key, and every answer is counted. */
export interface Ask {
  /**
   * Asks independent questions at once and answers them all, or throws the first failure once none is open any more.
   * When one fails the others are called off: without it there is no result.
   */
  all<Replies extends Record<string, unknown>>(
    questions: {
      readonly [Name in keyof Replies]: Question<Replies[Name]>
    },
  ): Promise<Replies>
  /** Questions that were answered, and so may be billed. */
  billed(): number
}

export function createAsk({ jobId, traceparent, signal, metrics }: AskDeps): Ask {
  let billed = 0

  async function one<Reply>(question: Question<Reply>, callOff: AbortSignal): Promise<Reply> {
    const startedAt = performance.now()
    let outcome = 'answered'
    try {
      const reply = await question.call({
        signal: callOff,
        idempotencyKey: jobId,
        traceparent: childTraceparent(traceparent),
        timeoutMs: question.timeoutMs,
      })
      billed += 1
      return reply
    } catch (error) {
      outcome = error instanceof VendorError ? error.code : 'UNEXPECTED'
      throw error
    } finally {
      metrics.observe(
        'proofing_vendor_duration_seconds',
        { vendor: question.vendor, outcome },
        (performance.now() - startedAt) / 1000,
      )
    }
  }

  return {
    async all(questions) {
      const callOff = new AbortController()
      const onAbort = () => callOff.abort()
      signal.addEventListener('abort', onAbort, { once: true })
      if (signal.aborted) onAbort()
      const names = Object.keys(questions)
      const open = names.map((name) => one(questions[name] as Question<unknown>, callOff.signal))
      try {
        const replies = await Promise.all(open)
        // Keys and replies are in one order; the mapped type says which reply belongs to which name.
        return Object.fromEntries(names.map((name, index) => [name, replies[index]])) as never
      } catch (error) {
        callOff.abort()
        await Promise.allSettled(open)
        throw error
      } finally {
        signal.removeEventListener('abort', onAbort)
      }
    },
    billed: () => billed,
  }
}
