import type { Log } from '@anteroom/runtime'
import pg from 'pg'

/** Connections for the ledger and everything else that must be on disk before it is acted upon. */
export function createLedgerPool(databaseUrl: string, log: Log): pg.Pool {
  return createPool({ databaseUrl, max: 6, options: indexesOnly, log })
}

/** Also tells graphile-worker how many there are. */
export const queuePoolSize = 12

/**
 * Connections for graphile-worker. What it commits need not reach the disk at once: a claim is flushed with the
 * ledger's record of the start that follows it, and a completion that is lost only brings back a row whose job the
 * ledger knows to have ended.
 */
export function createQueuePool(databaseUrl: string, log: Log): pg.Pool {
  const options = `${indexesOnly} -c synchronous_commit=off`
  return createPool({ databaseUrl, max: queuePoolSize, options, log })
}

/**
 * The planner believes that an idle queue's table is empty, and reads all of it for each claim when a burst arrives.
 * These settings leave it only plans that stay fast.
 */
const indexesOnly =
  '-c jit=off -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off'

interface PoolOptions {
  readonly databaseUrl: string
  readonly max: number
  /** Settings of each connection, as `postgres` takes them on its command line. */
  readonly options: string
  readonly log: Log
}

function createPool({ databaseUrl, max, options, log }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max,
    options,
    keepAlive: true,
    // Many slots share few connections, so a turn may be long in coming when all of them claim at once.
    connectionTimeoutMillis: 15_000,
  })
  const onLoss = () => log.warn('database.connection-lost')
  pool.on('error', onLoss)
  // A connection that is out of the pool reports its loss itself, and nobody listening would end the process.
  pool.on('connect', (client) => client.on('error', onLoss))
  return pool
}
