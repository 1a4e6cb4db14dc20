/**
 * What time it is in Redis, by a clock of this process that never jumps. Each reply with Redis's time says that its
 * clock is ahead of ours by no less than if the reply had taken no time, and by no more than if the request had taken
 * none; of many replies the narrowest bounds hold.
 */
export interface RedisTime {
  /** @param redisMs Redis's time somewhere between `sentAt` and now, milliseconds since the epoch. */
  learn(redisMs: number, sentAt: number): void
  /** How long until it is surely so late in Redis; not positive if it is. */
  untilMs(redisMs: number): number
  /** How much later than this it may be in Redis now, at the most. */
  lateMs(redisMs: number): number
}

interface Bounds {
  readonly ahead: { readonly least: number; readonly most: number }
  readonly since: number
}

/** Clocks drift apart, by less than a millisecond in this time: older bounds are dropped. */
const keptMs = 5_000

export function createRedisTime(now: () => number = () => performance.now()): RedisTime {
  let before: Bounds | undefined
  let current: Bounds | undefined

  const ahead = () => {
    const { least, most } = current?.ahead ?? { least: 0, most: 0 }
    if (!before) return { least, most }
    return { least: Math.max(least, before.ahead.least), most: Math.min(most, before.ahead.most) }
  }

  return {
    learn(redisMs, sentAt) {
      const receivedAt = now()
      const heard = { least: redisMs - receivedAt, most: redisMs - sentAt }
      if (current && receivedAt - current.since < keptMs) {
        const { least, most } = current.ahead
        const narrowed = { least: Math.max(least, heard.least), most: Math.min(most, heard.most) }
        current = { ...current, ahead: narrowed }
      } else {
        before = current
        current = { ahead: heard, since: receivedAt }
      }
      // Redis's clock was set, or it is another Redis: only the last word counts.
      if (ahead().least > ahead().most) {
        before = undefined
        current = { ahead: heard, since: receivedAt }
      }
    },
    untilMs: (redisMs) => redisMs - ahead().least - now(),
    lateMs: (redisMs) => now() + ahead().most - redisMs,
  }
}
