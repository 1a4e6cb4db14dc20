import type { Redis } from 'ioredis'

/** A vendor that takes only so many calls. What the worker publishes of it stands in Redis; only the worker writes it. */
export const quotaKey = (vendor: string): string => `quota:${vendor}`
/** Sorted set: ids of jobs that have had their turn, shortly before their call, by when (milliseconds since the epoch). Kept for {@link startedKeptMs}. */
export const startedKey = (vendor: string): string => `quota:${vendor}:started`
export const startedKeptMs = 10 * 60 * 1000

/** Fields of the hash at {@link quotaKey}; times in milliseconds since the epoch. */
export const quotaFields = {
  calls: 'calls',
  windowMs: 'window-ms',
  /** When the vendor, by its own word, may be called again; `0` if it said nothing. */
  pausedUntil: 'paused-until',
  /** `1` while an operator has stopped all calls. */
  stopped: 'stopped',
} as const

export interface QuotaState {
  readonly callsPerSecond: number
  /** When the vendor may be called again, milliseconds since the epoch; absent if it may be called now. */
  readonly pausedUntil?: number
  /** An operator has stopped all calls. */
  readonly stopped: boolean
}

/** Undefined until a worker has published it, which takes a second or two after a loss of Redis. */
export async function readQuota(
  redis: Redis,
  vendor: string,
  now: number,
): Promise<QuotaState | undefined> {
  const { calls, windowMs, pausedUntil, stopped } = quotaFields
  const values = await redis.hmget(quotaKey(vendor), calls, windowMs, pausedUntil, stopped)
  const [callCount, windowLength, until] = values.slice(0, 3).map(Number)
  if (!callCount || !windowLength) return undefined
  return {
    callsPerSecond: (callCount * 1000) / windowLength,
    ...(until !== undefined && until > now && { pausedUntil: until }),
    stopped: values[3] === '1',
  }
}

/** Those of the jobs that were given their turn. */
export async function startedOf(
  redis: Redis,
  vendor: string,
  jobIds: readonly string[],
): Promise<ReadonlySet<string>> {
  if (jobIds.length === 0) return new Set()
  const times = await redis.zmscore(startedKey(vendor), ...jobIds)
  return new Set(jobIds.filter((_id, index) => times[index] !== null))
}

/** How many jobs were given their turn since a moment, milliseconds since the epoch. */
export function countStarted(redis: Redis, vendor: string, since: number): Promise<number> {
  return redis.zcount(startedKey(vendor), since, '+inf')
}
