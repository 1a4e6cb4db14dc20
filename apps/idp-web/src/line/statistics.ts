import { countStarted, type QuotaState, readQuota, startedKeptMs } from '@anteroom/job-channel'
import { withDeadline } from '@anteroom/runtime'
import type { Redis } from 'ioredis'
import type pg from 'pg'
import { shareReading } from '../shared-reading.ts'
import { type LineControl, readControl } from './control.ts'
import { estimateWait, type Pace } from './estimate.ts'
import type { LineRedis } from './line-redis.ts'
import type { Flow } from './line-replies.ts'
import type { Pause, WaitRange } from './standing.ts'

/** Whose quota the line waits for. */
export const vendor = 'registry'

/** What is the same for everybody in the line, and for every process. */
export interface Statistics {
  readonly flow: Flow
  readonly control: LineControl
  readonly paused: Pause | undefined
  /** How long somebody waits who has so many people in front. Undefined while it is not known. */
  wait(ahead: number): WaitRange | undefined
  /** The same as one number, where any is better than none. */
  roughSeconds(ahead: number): number
}

export interface StatisticsDeps {
  readonly db: pg.Pool
  readonly redis: Redis
  readonly lineRedis: LineRedis
  readonly now: () => number
}

const freshForMs = 1_000
const shortestWindowMs = 60_000
/** So many turns are looked back on where the quota is so small that a minute has fewer. */
const fewestTurns = 6
/**
 * Where not even the quota is known, as after a loss of Redis: rather too fast than too slow, because who is told to ask
 * again too late is overtaken.
 */
const assumedPerSecond = 100

/** Reads them at most once a second, however many people ask. */
export function createStatistics(deps: StatisticsDeps): () => Promise<Statistics> {
  const control = createControl(deps)
  return shareReading(() => readStatistics(deps, control), { forMs: freshForMs, now: deps.now }).get
}

const soonMs = 500
const readAgainMs = 2_000

/** What the operators said last. Polls go on while Postgres does not, so nobody waits for it long. */
function createControl({ db, now }: Pick<StatisticsDeps, 'db' | 'now'>) {
  let latest: LineControl = { isOpen: true }
  let restsUntil = Number.NEGATIVE_INFINITY
  return async (): Promise<LineControl> => {
    if (now() < restsUntil) return latest
    try {
      latest = await withDeadline(readControl(db), soonMs)
    } catch {
      restsUntil = now() + readAgainMs
    }
    return latest
  }
}

async function readStatistics(
  { redis, lineRedis, now }: StatisticsDeps,
  readLatestControl: () => Promise<LineControl>,
): Promise<Statistics> {
  const [flow, quota, control] = await Promise.all([
    lineRedis.flow(),
    readQuota(redis, vendor, now()),
    readLatestControl(),
  ])
  const paused = pauseOf(quota)
  const pace = await measurePace(redis, { flow, quota, now: now() })
  const wait = (ahead: number) =>
    paused === undefined ? estimateWait(ahead + flow.unstarted, pace) : undefined
  const perSecond = quota?.callsPerSecond ?? assumedPerSecond
  return {
    flow,
    control,
    paused,
    wait,
    roughSeconds: (ahead) => wait(ahead)?.likely ?? ahead / perSecond,
  }
}

export function pauseOf(quota: QuotaState | undefined): Pause | undefined {
  if (!quota) return 'unknown'
  if (quota.stopped) return 'stopped'
  return quota.pausedUntil === undefined ? undefined : 'issuer-busy'
}

interface Measured {
  readonly flow: Flow
  readonly quota: QuotaState | undefined
  readonly now: number
}

function windowMs(quota: QuotaState | undefined): number {
  const forTurnsMs = quota ? (fewestTurns * 1000) / quota.callsPerSecond : 0
  return Math.min(startedKeptMs, Math.max(shortestWindowMs, forTurnsMs))
}

async function measurePace(redis: Redis, { flow, quota, now }: Measured): Promise<Pace> {
  const { flowingSince, leavingPerSecond } = flow
  const since = Math.max(flowingSince, now - windowMs(quota))
  return {
    starts: flowingSince === 0 ? 0 : await countStarted(redis, vendor, since),
    seconds: (now - since) / 1000,
    leavingPerSecond,
    quotaPerSecond: quota?.callsPerSecond ?? Number.POSITIVE_INFINITY,
  }
}
