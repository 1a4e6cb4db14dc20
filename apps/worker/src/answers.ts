import { type DatabaseClock, pushOutcome, pushReport } from '@anteroom/job-channel'
import type { Report } from '@anteroom/job-contracts'
import type { ChainableCommander, Redis } from 'ioredis'
import type { Ledger, Settled } from './ledger/ledger.ts'

export interface AnswerDeps {
  readonly redis: Redis
  readonly ledger: Ledger
  readonly clock: DatabaseClock
}

/** How the worker speaks to the web: only by pushing to Redis, and only what the ledger has already committed. */
export interface Answers {
  /**
   * The outcome to the waiting page, the report to the web's records. Nothing is pushed to the page once the web may
   * have said that time is up. Pushing twice is harmless. Throws AnswerError if Redis did not take it: the queue then
   * brings the job back, and the ledger still has what to push.
   */
  push(settled: Settled): Promise<void>
  /** A report alone, while the job goes on. */
  report(report: Report): Promise<void>
}

export function createAnswers({ redis, ledger, clock }: AnswerDeps): Answers {
  return {
    async push({ ending, outcomeSeconds, deadlineAt, report }) {
      const pipeline = redis.pipeline()
      if (clock.now() < deadlineAt) {
        pushOutcome(pipeline, { jobId: report.jobId, outcome: ending, seconds: outcomeSeconds })
      }
      await send(pushReport(pipeline, report))
      // Nobody waits for this: if it is lost, the same answer is pushed again, which changes nothing.
      void ledger.pushed(report.jobId).catch(() => undefined)
    },
    report: (report) => send(pushReport(redis.pipeline(), report)),
  }
}

/** Sends a pipeline and throws if Redis refused any of it. */
export async function send(pipeline: ChainableCommander): Promise<void> {
  const replies = await pipeline.exec()
  const failed = replies?.find(([error]) => error !== null)
  if (!replies || failed) throw new AnswerError({ cause: failed?.[0] })
}

export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  readonly code = 'ANSWER_NOT_PUSHED'

  constructor(options?: ErrorOptions) {
    super('ANSWER_NOT_PUSHED', options)
  }
}
