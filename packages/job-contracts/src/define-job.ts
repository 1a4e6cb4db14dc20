import type { z } from 'zod'

/** How often a job is tried again when a vendor is in trouble. Surviving a crash of ours is separate and costs no attempt. */
export interface RetryPolicy {
  /** Business attempts in all, the first one included. */
  readonly attempts: number
  /** Upper bound of the first wait; it doubles with each attempt, and the real wait is drawn evenly below it (full jitter). */
  readonly firstDelaySeconds?: number
  /** No wait is drawn from above this. */
  readonly maxDelaySeconds?: number
  /** Instead of all that: the waits in their order, one less than there are attempts, each a fifth shorter or longer at most. */
  readonly delaysSeconds?: readonly number[]
}

export interface Job<
  Name extends string = string,
  Payload extends z.ZodObject = z.ZodObject,
  Result extends z.ZodType = z.ZodType,
> {
  /** Wire identity, kebab-case. Never reused, never renamed: a breaking change is a new job. */
  readonly name: Name
  readonly payload: Payload
  /** The only payload fields stored readable. All others travel sealed. */
  readonly clear: readonly (keyof z.output<Payload> & string)[]
  /** Readable fields that are sealed as well: whoever can write to the queue sends the job to nobody else. */
  readonly bound?: readonly (keyof z.output<Payload> & string)[]
  readonly result: Result
  /** For which purpose the result is sealed: `result` unless it says otherwise. */
  readonly resultPurpose?: 'credential'
  /**
   * The report that a job is done carries the sealed result too, and the ledger keeps it for as long as it keeps the job:
   * nobody waits at a page for it, and it must not be lost with Redis.
   */
  readonly reportsResult?: true
  /** How long the sealed outcome lies in Redis for the person to come and get it. */
  readonly outcomeSeconds: number
  /** Counted from enqueue in database time; later the job may neither start nor answer. */
  readonly deadlineSeconds: number
  readonly retry: RetryPolicy
  /**
   * Which jobs workers take first: those without one, because a person waits; then 10, by which somebody is told of something; then
   * 20, by which a program has a file moved. The database sets it (`worker.priority_of`), and a test holds the two together.
   */
  readonly priority?: 10 | 20
  /** Jobs whose field of this name says the same run one after the other, in the order in which they were enqueued. It must be readable. */
  readonly orderedBy?: 'stream'
  /**
   * How long a job that failed is kept, sealed as it was, for an operator to queue it again. Without it nothing is kept, nor of a
   * job whose readable field `deadLetter` says `never`.
   */
  readonly deadLetterDays?: number
}

export type PayloadOf<J extends Job> = z.output<J['payload']>
export type ResultOf<J extends Job> = z.output<J['result']>

/** Declares a job. Everything else about it, on both sides of the channel, is derived from what this returns. */
export function defineJob<
  const Name extends string,
  Payload extends z.ZodObject,
  Result extends z.ZodType,
>(job: Job<Name, Payload, Result>): Job<Name, Payload, Result> {
  return Object.freeze(job)
}
