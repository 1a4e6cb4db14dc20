import { type QuotaState, readQuota } from '@anteroom/job-channel'
import type { Log } from '@anteroom/runtime'
import type { Redis } from 'ioredis'
import pg from 'pg'
import type { buildConsole } from './build-console.ts'
import type { ConsoleSettings } from './settings.ts'

/** The operators' console, to be mounted on the internal server. */
export interface Console {
  readonly path: '/console'
  readonly handle: Awaited<ReturnType<typeof buildConsole>>['routing']
  close(): Promise<void>
}

interface Around {
  readonly redis: Redis
  readonly now: () => number
  readonly log: Log
}

/** Undefined where it is not set up. */
export async function createConsole(
  config: ConsoleSettings & { readonly internalHost: string },
  { redis, now, log }: Around,
): Promise<Console | undefined> {
  const { consoleDatabaseUrl, consoleOperators, consoleSessionKey, consoleHosts = [] } = config
  if (!consoleDatabaseUrl || !consoleOperators || !consoleSessionKey) return undefined
  // Most workers have none, and need not hold what it is made of.
  const { buildConsole } = await import('./build-console.ts')
  const pool = createPool(consoleDatabaseUrl, log)
  const quota = (): Promise<QuotaState | undefined> =>
    readQuota(redis, 'registry', now()).catch(() => undefined)
  const app = await buildConsole({
    db: pool,
    operators: consoleOperators,
    sessionKey: consoleSessionKey,
    hosts: new Set([...ofThisMachine, config.internalHost.toLowerCase(), ...consoleHosts]),
    quota,
    now,
    log,
  })
  return {
    path: '/console',
    handle: app.routing,
    async close() {
      await app.close()
      await pool.end()
    },
  }
}

const ofThisMachine = ['localhost', '127.0.0.1', '[::1]']

/** Few: people look at it, and jobs must not wait for them. */
function createPool(connectionString: string, log: Log): pg.Pool {
  const pool = new pg.Pool({
    connectionString,
    max: 3,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 5_000,
    query_timeout: 6_000,
    // The audit names people, and this names the way they came.
    application_name: 'anteroom-console',
  })
  pool.on('error', () => log.warn('database.connection-lost'))
  return pool
}
