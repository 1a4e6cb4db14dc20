import { quotaFields, quotaKey, startedKeptMs, startedKey } from '@anteroom/job-channel'
import type { Redis } from 'ioredis'
import { z } from 'zod'
import { createRedisTime, type RedisTime } from './redis-time.ts'

/** The only home of what the worker writes to Redis about quotas, and of the arithmetic: one script runs at a time. */

const { calls, windowMs, pausedUntil, stopped } = quotaFields

/** Moments are never given away from further ahead than this. */
const horizonMs = 2_500

// Redis's own clock is the one that all workers share: the moments of calls are told by it, in milliseconds.
const time = `
local clock = redis.call('time')
local now = clock[1] * 1000 + clock[2] / 1000
local function answer(word, ms) return { word, string.format('%.3f', now), string.format('%.3f', ms) } end`

// Whether nobody may call now. ARGV[1]: database time, by which pauses are told.
const halt = `
local state = redis.call('hmget', KEYS[1], '${calls}', '${windowMs}', '${stopped}', '${pausedUntil}', 'last')
if not state[1] then return answer('unknown', 0) end
if state[3] == '1' then return answer('stopped', 0) end
local pausedMs = tonumber(state[4] or '0') - tonumber(ARGV[1])
if pausedMs > 0 then return answer('paused', pausedMs) end`

// GCRA with burst 1. Whatever the last moment given away was, if it is lost it was at most the horizon ahead.
const reserve = `${time}${halt}
local last = tonumber(state[5] or '')
if not last or last > now + ${horizonMs} then
  last = now + ${horizonMs}
  redis.call('hset', KEYS[1], 'last', string.format('%.3f', last))
end
local interval = (tonumber(state[2]) + tonumber(ARGV[2])) / tonumber(state[1])
local moment = math.max(now, last + interval)
if moment > now + ${horizonMs} then return answer('later', moment - now - ${horizonMs}) end
redis.call('hset', KEYS[1], 'last', string.format('%.3f', moment))
return answer('moment', moment)`

const look = `${time}${halt}
return answer('open', 0)`

// One step with the look: while the vendor is paused or stopped, nobody is added to those who have had their turn.
const begin = `${time}${halt}
redis.call('zadd', KEYS[2], ARGV[1], ARGV[2])
redis.call('zremrangebyscore', KEYS[2], '-inf', ARGV[1] - ${startedKeptMs})
return answer('open', 0)`

const pause = `${time}
local before = tonumber(redis.call('hget', KEYS[1], '${pausedUntil}') or '0')
if tonumber(ARGV[1]) > before then redis.call('hset', KEYS[1], '${pausedUntil}', ARGV[1]) end
return answer('paused', 0)`

const publish = `${time}
if tonumber(redis.call('hget', KEYS[1], 'revision') or '0') <= tonumber(ARGV[1]) then
  redis.call('hset', KEYS[1], 'revision', ARGV[1], '${calls}', ARGV[2], '${windowMs}', ARGV[3], '${stopped}', ARGV[4])
  if ARGV[5] == '1' then redis.call('hdel', KEYS[1], '${pausedUntil}') end
end
return answer('published', 0)`

const words = ['unknown', 'stopped', 'paused', 'later', 'moment', 'open', 'published'] as const

const answerOf = z
  .tuple([z.enum(words), z.coerce.number(), z.coerce.number()])
  .transform(([word, redisMs, ms]) => ({ word, redisMs, ms }))

export interface Answer {
  readonly word: (typeof words)[number]
  /** `paused`, `later`: for how long. `moment`: when, by Redis's time. */
  readonly ms: number
}

/** What an operator, or else the settings, say of a vendor's quota. */
export interface Quota {
  /** 0 for the settings; an older one changes nothing. */
  readonly revision: number
  readonly calls: number
  readonly windowSeconds: number
  readonly stopped: boolean
}

/** Times that are handed in are database time, in milliseconds since the epoch. @throws if Redis does not answer */
export interface QuotaScripts {
  /** What time it is in Redis, as these scripts have heard. */
  readonly time: RedisTime
  /** Gives away the next moment in which the vendor may be called. */
  reserve(now: number, slackMs: number): Promise<Answer>
  /** Whether the vendor may be called at all. */
  look(now: number): Promise<Answer>
  /** As `look`; if it may be called, the job has had its turn, and is about to begin. */
  begin(jobId: string, now: number): Promise<Answer>
  /** Nobody calls the vendor until then. */
  pause(until: number): Promise<void>
  /** @param resume Also ends a pause that the vendor asked for. */
  publish(quota: Quota, resume: boolean): Promise<void>
}

export function createQuotaScripts(redis: Redis, vendor: string): QuotaScripts {
  const keys = [quotaKey(vendor), startedKey(vendor)] as const
  const clock = createRedisTime()

  async function run(script: string, ...values: (string | number)[]): Promise<Answer> {
    const sentAt = performance.now()
    const reply = await inTime(redis.eval(script, keys.length, ...keys, ...values))
    const { redisMs, ...answer } = answerOf.parse(reply)
    clock.learn(redisMs, sentAt)
    return answer
  }

  return {
    time: clock,
    reserve: (now, slackMs) => run(reserve, now, slackMs),
    look: (now) => run(look, now),
    begin: (jobId, now) => run(begin, now, jobId),
    async pause(until) {
      await run(pause, until)
    },
    async publish({ revision, calls: many, windowSeconds, stopped: isStopped }, resume) {
      const flags = [isStopped, resume].map(Number)
      await run(publish, revision, many, windowSeconds * 1000, ...flags)
    },
  }
}

const answersWithinMs = 2_000

/** Redis may be out of reach without saying so. */
async function inTime<Reply>(reply: Promise<Reply>): Promise<Reply> {
  const late = Promise.withResolvers<never>()
  const timer = setTimeout(() => late.reject(new Error('REDIS_SILENT')), answersWithinMs)
  try {
    return await Promise.race([reply, late.promise])
  } finally {
    clearTimeout(timer)
  }
}
