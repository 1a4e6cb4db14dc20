import type { Log, Metrics } from '@anteroom/runtime'
import type { Redis } from 'ioredis'
import type pg from 'pg'
import { createReadTicket, type ReadTicket } from './ended-tickets.ts'
import { createLineRedis, type LineRedis } from './line-redis.ts'
import { createRebuild, type Rebuild } from './rebuild.ts'
import { createStatistics, type Statistics } from './statistics.ts'
import { createTickets, type Tickets } from './tickets.ts'

/** What the line is built of. */
export interface LineDeps {
  readonly db: pg.Pool
  readonly redis: Redis
  readonly config: { readonly lineLongestWaitSeconds: number }
  /** Milliseconds since the epoch, database time. */
  readonly now: () => number
  readonly random: () => number
  readonly log: Log
  readonly metrics: Metrics
}

export interface LineParts extends LineDeps {
  readonly lineRedis: LineRedis
  readonly tickets: Tickets
  readonly readTicket: ReadTicket
  readonly rebuild: Rebuild
  readonly statistics: () => Promise<Statistics>
}

export function createLineParts(deps: LineDeps): LineParts {
  const { db, redis, now, log } = deps
  const rebuild = createRebuild({ db, log, lineRedis: () => lineRedis })
  const lineRedis = createLineRedis({ redis, now, restore: rebuild.restore })
  const tickets = createTickets(db)
  return {
    ...deps,
    lineRedis,
    tickets,
    readTicket: createReadTicket({ tickets, now }),
    rebuild,
    statistics: createStatistics({ db, redis, lineRedis, now }),
  }
}
