import { createHash } from 'node:crypto'
import { pushOutcome } from '@anteroom/job-channel'
import type { Outcome } from '@anteroom/job-contracts'
import { Redis } from 'ioredis'
import { onTestFinished } from 'vitest'
import type { Visit } from './browser.ts'
import type { TestSystem } from './walk.ts'

/** What the web keeps of one person's session, to look at and to move in time. */
export interface StoredSession {
  /** Seconds until it ends if nothing happens. */
  secondsLeft(): Promise<number>
  /** The check under way has its deadline so many milliseconds from now. */
  setDeadline(fromNowMs: number): Promise<void>
  /** Ends the check under way as the worker would. */
  push(outcome: Outcome): Promise<void>
  /** The answer comes and is gone again before anyone has looked. */
  forgetOutcome(): Promise<void>
  end(): Promise<void>
}

/** The session of this browser, as it is now: consent gives it a new name. */
export async function storedSession({ stack }: TestSystem, visit: Visit): Promise<StoredSession> {
  const redis = new Redis(stack.redis.urls.admin)
  onTestFinished(() => redis.disconnect())
  const cookies = await visit.context.cookies()
  const id = cookies.find(({ name }) => name === 'anteroom-session')?.value ?? ''
  const key = `session:${createHash('sha256').update(id).digest('base64url')}`
  const attempt = async () => JSON.parse((await redis.hget(key, 'attempt')) ?? '{}')

  return {
    secondsLeft: () => redis.ttl(key),
    async setDeadline(fromNowMs) {
      const deadlineAt = Date.now() + fromNowMs
      await redis.hset(key, 'attempt', JSON.stringify({ ...(await attempt()), deadlineAt }))
    },
    async push(outcome) {
      const { jobId } = await attempt()
      await pushOutcome(redis.pipeline(), { jobId, outcome, seconds: 60 }).exec()
    },
    async forgetOutcome() {
      await redis.del(`outcome:${(await attempt()).jobId}`)
    },
    async end() {
      await redis.del(key)
    },
  }
}
