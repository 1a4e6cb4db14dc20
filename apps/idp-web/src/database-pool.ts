import type { Log } from '@anteroom/runtime'
import pg from 'pg'
import type { WebConfig } from './config.ts'

/** Connections to Postgres, for what is answered while somebody waits. */
export function createPool({ databaseUrl }: WebConfig, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 10,
    keepAlive: true,
    connectionTimeoutMillis: 2_000,
    statement_timeout: 2_500,
    // The server's limit does not help where the server cannot be heard.
    query_timeout: 3_000,
  })
  const onLoss = () => log.warn('database.connection-lost')
  pool.on('error', onLoss)
  // A connection that is out of the pool reports its loss itself, and nobody listening would end the process.
  pool.on('connect', (client) => client.on('error', onLoss))
  return pool
}
