import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { z } from 'zod'

/** How many pushes a receiver takes. */
export interface Allowance {
  readonly receiver: string
  readonly perWindow: number
  /** The longest time a push may be on its way. */
  readonly timeoutMs: number
}

/**
 * Lets pushes through to each receiver, over all workers, so that it never sees more than `perWindow` in any window.
 *
 * Redis keeps when pushes were let through, by its own clock, and lets no more through while that many lie within
 * `window + timeout + slack`. A push leaves within a slack after it was asked for, or not at all, and arrives within its
 * timeout, or never. So of any `perWindow + 1` pushes the last arrives a window after the first at least. If Redis loses
 * what it keeps, a receiver may see twice as many in that window.
 *
 * Who is not let through is told when there may be room: each a little later than the one before, so that nobody asks
 * often and all the room is used.
 */
export interface PushLimit {
  /** Whether there is room now; takes none. Undefined, or after how many milliseconds to ask again. */
  look(allowance: Allowance): Promise<number | undefined>
  /** As `look`; if there is room, it is taken, and the push must leave at once. */
  take(allowance: Allowance): Promise<number | undefined>
}

export interface PushLimitOptions {
  readonly redis: Redis
  readonly windowMs?: number
}

const slackMs = 1_000
const askAgainMs = 1_000

// KEYS: when pushes were let through, and when whoever asked last was told to come again. ARGV: pushes, window, id or ''.
// A window is a little longer to those who are told when to come: they may be late themselves.
const script = `
local clock = redis.call('time')
local now = clock[1] * 1000 + clock[2] / 1000
local most, window, id = tonumber(ARGV[1]), tonumber(ARGV[2]), ARGV[3]
redis.call('zremrangebyscore', KEYS[1], '-inf', now - window)
if redis.call('zcard', KEYS[1]) < most then
  if id ~= '' then
    redis.call('zadd', KEYS[1], string.format('%.3f', now), id)
    redis.call('pexpire', KEYS[1], math.ceil(window))
  end
  return '0'
end
local oldest = redis.call('zrange', KEYS[1], -most, -most, 'withscores')
local told = tonumber(redis.call('get', KEYS[2]) or '0')
local at = math.max(now, told, oldest[2] + window) + 1.02 * window / most
redis.call('set', KEYS[2], string.format('%.3f', at), 'px', math.ceil(at - now + window))
return string.format('%.3f', at - now)`

const reply = z.coerce.number().nonnegative()

export function createPushLimit({ redis, windowMs = 60_000 }: PushLimitOptions): PushLimit {
  async function ask({ receiver, perWindow, timeoutMs }: Allowance, id: string) {
    const keys = [`quota:push:{${receiver}}`, `quota:push-told:{${receiver}}`] as const
    const window = windowMs + timeoutMs + slackMs
    const askedAt = performance.now()
    try {
      const waitMs = reply.parse(await redis.eval(script, 2, ...keys, perWindow, window, id))
      if (waitMs > 0) return Math.ceil(waitMs)
      return performance.now() - askedAt < slackMs ? undefined : askAgainMs
    } catch {
      // Nobody is pushed to of whom Redis does not say that there is room.
      return askAgainMs
    }
  }

  return {
    look: (allowance) => ask(allowance, ''),
    take: (allowance) => ask(allowance, randomBytes(9).toString('base64url')),
  }
}
