import { startRedis } from '@anteroom/infra/local/redis.ts'
import { newJobId, quotaFields, quotaKey, startedKey } from '@anteroom/job-channel'
import type { PackedJob, Report } from '@anteroom/job-contracts'
import { createLog, createMetrics, type Metrics } from '@anteroom/runtime'
import { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import { createKeeper, type Keeper } from '../../apps/idp-web/src/line/keeper.ts'
import { createLine, type Joiner, type Line } from '../../apps/idp-web/src/line/line.ts'
import { createLineParts, type LineDeps } from '../../apps/idp-web/src/line/line-deps.ts'
import type { Ticket } from '../../apps/idp-web/src/line/standing.ts'
import { startTestDatabase, type TestDatabase } from './database.ts'
import { reportOf } from './report.ts'
import { cacheDirectory } from './root.ts'

/** The line on a real Postgres and a real Redis, with a clock of its own and a worker that does as it is told. */
export interface TestLine {
  readonly line: Line
  readonly keeper: Keeper
  readonly database: Pick<TestDatabase, 'pool'>
  /** Redis as its administrator. */
  readonly redis: Redis
  readonly clock: Clock
  readonly worker: StandInWorker
  /** What all web processes measure. */
  readonly metrics: Metrics
  /** One more web process. */
  another(settings?: LineDeps['config']): { line: Line; keeper: Keeper }
  /** Gives somebody a place, and throws if they get none. */
  join(wish?: Partial<Joiner>): Promise<Ticket>
  /** Turns of the keeper, so many milliseconds apart. */
  keep(ms: number, stepMs?: number): Promise<void>
  /** Nothing in Redis, nobody in Postgres, the clock where it is. */
  clear(): Promise<void>
  stop(): Promise<void>
}

export interface Clock {
  now(): number
  pass(ms: number): void
}

/** What the worker does as far as the web can see it. */
export interface StandInWorker {
  publishQuota(quota: {
    callsPerSecond: number
    stopped?: boolean
    pausedUntil?: number
  }): Promise<void>
  /** Ids of jobs that lie in the queue, in its order. */
  queued(): Promise<string[]>
  /** Takes jobs out of the queue, as if they were begun, and gives them their turn. */
  start(jobIds: readonly string[]): Promise<void>
  report(jobIds: readonly string[], changes?: Partial<Report>): Promise<void>
}

/** Behind the real time, so that no deadline set by the database's own clock is ever passed. */
const behindMs = 12 * 3_600_000

/** The servers that a line stands on. */
export interface LineServers {
  readonly database: Pick<TestDatabase, 'pool'>
  readonly redisUrls: Readonly<Record<'web' | 'admin', string>>
  stop(): Promise<void>
}

/** A line for all tests of a file: each begins with nobody in it, and with this quota. */
export function useTestLine(quota: { readonly callsPerSecond: number }): TestLine {
  // Filled in before the first test runs: nothing reads it earlier.
  const line = {} as TestLine
  beforeAll(async () => {
    Object.assign(line, await startTestLine())
  })
  afterAll(() => line.stop())
  beforeEach(async () => {
    await line.clear()
    await line.worker.publishQuota(quota)
  })
  return line
}

export async function startTestLine(): Promise<TestLine> {
  const database = await startTestDatabase()
  const passwords = { web: 'web', worker: 'worker', ops: 'ops', admin: 'admin' }
  const server = await startRedis({ port: 0, cacheDirectory, passwords })
  return openTestLine({
    database,
    redisUrls: server.urls,
    async stop() {
      await server.stop()
      await database.stop()
    },
  })
}

export function openTestLine({ database, redisUrls, stop }: LineServers): TestLine {
  const redis = new Redis(redisUrls.admin, { enableAutoPipelining: true })
  redis.on('error', () => undefined)
  const connections = [redis]
  const metrics = createMetrics('idp-web')
  const clock = createClock()

  function another(settings: LineDeps['config'] = { lineLongestWaitSeconds: 604_800 }) {
    const own = new Redis(redisUrls.web, { enableAutoPipelining: true })
    connections.push(own)
    own.on('error', () => undefined)
    const parts = createLineParts({
      db: database.pool('web'),
      redis: own,
      config: settings,
      now: clock.now,
      random: () => 0.5,
      log: createLog({ service: 'idp-web', level: 'error' }),
      metrics,
    })
    return { line: createLine(parts), keeper: createKeeper(parts) }
  }

  const { line, keeper } = another()
  const worker = createStandInWorker({ database, redis, clock, line })
  return {
    line,
    keeper,
    database,
    redis,
    clock,
    worker,
    metrics,
    another,
    async join(wish = {}) {
      const joined = await line.join(joiner(wish))
      if (joined.state !== 'in-line') throw new Error(`no place: ${joined.state}`)
      return joined.ticket
    },
    async keep(ms, stepMs = 250) {
      for (let left = ms; left > 0; left -= stepMs) {
        clock.pass(Math.min(left, stepMs))
        await keeper.turn()
      }
    },
    async clear() {
      await redis.flushall()
      const tables = 'web.tickets, web.limit_uses, graphile_worker._private_jobs, worker.ledger'
      await database.pool('admin').query(`truncate ${tables}`)
      // The first to meet the loss reads the line anew.
      await keeper.turn()
    },
    async stop() {
      for (const connection of connections) connection.disconnect()
      await stop()
    },
  }
}

function createClock(): Clock {
  let time = Date.now() - behindMs
  return {
    now: () => time,
    pass(ms) {
      time += ms
    },
  }
}

/** Somebody nobody has heard of yet. */
export function joiner(wish: Partial<Joiner> = {}): Joiner {
  return {
    person: [newJobId()],
    subject: [newJobId()],
    holder: newJobId(),
    packed: packedJob(),
    limits: [],
    ...wish,
  }
}

export function packedJob(): PackedJob {
  const clear = { credentialId: newJobId() }
  return { v: 1, id: newJobId(), job: 'credential-issuance', traceparent: '', clear, sealed: 's' }
}

type Around = Pick<TestLine, 'database' | 'redis' | 'clock' | 'line'>

function createStandInWorker({ database, redis, clock, line }: Around): StandInWorker {
  const admin = database.pool('admin')
  return {
    async publishQuota({ callsPerSecond, stopped = false, pausedUntil = 0 }) {
      await redis.hset(quotaKey('registry'), {
        [quotaFields.calls]: callsPerSecond * 1_000,
        [quotaFields.windowMs]: 1_000_000,
        [quotaFields.stopped]: stopped ? 1 : 0,
        [quotaFields.pausedUntil]: pausedUntil,
      })
    },
    async queued() {
      const { rows } = await admin.query<{ key: string }>(
        'select key from graphile_worker._private_jobs where locked_at is null order by id',
      )
      return rows.map(({ key }) => key)
    },
    async start(jobIds) {
      if (jobIds.length === 0) return
      await admin.query(
        'update graphile_worker._private_jobs set locked_at = now(), attempts = 1 where key = any ($1)',
        [jobIds],
      )
      await redis.zadd(startedKey('registry'), ...jobIds.flatMap((id) => [clock.now(), id]))
    },
    async report(jobIds, changes = {}) {
      await admin.query('delete from graphile_worker._private_jobs where key = any ($1)', [jobIds])
      const job = 'credential-issuance'
      await line.applyReports(jobIds.map((id) => reportOf(id, { job, ...changes })))
    },
  }
}
