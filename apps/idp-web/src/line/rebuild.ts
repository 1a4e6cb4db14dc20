import { type Db, inSoleTransaction } from '@anteroom/job-channel'
import type { Log } from '@anteroom/runtime'
import type pg from 'pg'
import { randomId } from '../random-id.ts'
import { LineLostError, type LineRedis } from './line-redis.ts'
import { type Place, readLive } from './tickets.ts'

const pageSize = 2_000
const patienceMs = 10_000
/** A join may take so long between its time stamp and its commit. */
const marginMs = 60_000

type Loading = Pick<
  LineRedis,
  'load' | 'beginLoading' | 'endLoading' | 'loadedUntil' | 'markLoaded'
>

export interface RebuildDeps {
  readonly db: pg.Pool
  readonly log: Log
  /** Built after this, because it is what asks for the rebuilding. */
  readonly lineRedis: () => Loading
}

/** Reads the line from Postgres into Redis: all of it after a loss, and now and then what a crash left out. */
export interface Rebuild {
  /** One process reads, the others wait until it has. Throws LineLostError if that takes too long. */
  restore(): Promise<void>
  /** Brings in who was given a place in Postgres by a process that died before it told Redis. */
  catchUp(): Promise<void>
}

export function createRebuild({ db, log, lineRedis }: RebuildDeps): Rebuild {
  let restoring: Promise<void> | undefined

  async function restoreOnce(): Promise<void> {
    const mine = await inSoleTransaction(db, 'web.line-loading', async (tx) => {
      const count = await loadAll(tx, lineRedis())
      if (count !== undefined) log.info('line.rebuilt', { count })
    })
    if (!mine) await waitUntilLoaded(lineRedis())
  }

  return {
    restore() {
      restoring ??= restoreOnce().finally(() => {
        restoring = undefined
      })
      return restoring
    },
    async catchUp() {
      const until = await lineRedis().loadedUntil()
      if (until === undefined) return
      const now = await databaseTime(db)
      await loadSince(db, lineRedis(), new Date(until - marginMs).toISOString())
      await lineRedis().markLoaded(now)
    },
  }
}

/** Undefined if nothing is lost. */
async function loadAll(tx: Db, lineRedis: Loading): Promise<number | undefined> {
  const token = randomId()
  if (!(await lineRedis.beginLoading(token))) return undefined
  const now = await databaseTime(tx)
  const count = await loadSince(tx, lineRedis, '-infinity')
  if (!(await lineRedis.endLoading(token, now))) throw new LineLostError()
  return count
}

async function loadSince(db: Db, lineRedis: Loading, joinedAt: string): Promise<number> {
  let from: Place | undefined = [joinedAt, '']
  let count = 0
  while (from) {
    const page = await readLive(db, from, pageSize)
    if (page) await lineRedis.load(page.tickets)
    count += page?.tickets.length ?? 0
    from = page?.last
  }
  return count
}

async function waitUntilLoaded(lineRedis: Loading): Promise<void> {
  const giveUpAt = performance.now() + patienceMs
  while ((await lineRedis.loadedUntil()) === undefined) {
    if (performance.now() > giveUpAt) throw new LineLostError()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

async function databaseTime(db: Db): Promise<number> {
  const { rows } = await db.query<{ ms: number }>(
    'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
  )
  return Math.floor(rows[0]?.ms ?? 0)
}
