import type { z } from 'zod'

/** How often a job is tried again when a vendor is in trouble. Surviving a crash of ours is separate and costs no attempt. */
export interface RetryPolicy {
  /** Business attempts in all, the first one included. */
  readonly attempts: number
  /** Upper bound of the first wait; it doubles with each attempt, and the real wait is drawn evenly below it (full jitter). */
  readonly firstDelaySeconds?: number
  /** No wait is drawn from above this. */
  readonly maxDelaySeconds?: number
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
  readonly result: Result
  /** For which purpose the result is sealed: `result` unless it says otherwise. */
  readonly resultPurpose?: 'credential'
  /** How long the sealed outcome lies in Redis for the person to come and get it. */
  readonly outcomeSeconds: number
  /** Counted from enqueue in database time; later the job may neither start nor answer. */
  readonly deadlineSeconds: number
  readonly retry: RetryPolicy
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
