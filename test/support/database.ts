import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createDatabase, startPostgres } from '@anteroom/infra/local/postgres.ts'
import { migrate } from '@anteroom/infra/migrations/migrate.ts'
import { createRoles, type Role, urlFor } from '@anteroom/infra/migrations/roles.ts'
import pg from 'pg'
import { localDirectory } from './root.ts'

const passwords = { owner: 'owner', web: 'web', worker: 'worker', ops: 'ops' }

export interface TestDatabase {
  readonly urls: Readonly<Record<Role | 'admin', string>>
  /** A pool for a role; ended with the database. */
  pool(role: Role | 'admin'): pg.Pool
  stop(): Promise<void>
}

/** A migrated database on a Postgres of its own. */
export async function startTestDatabase(): Promise<TestDatabase> {
  const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
  const postgres = await startPostgres({ directory, port: 0, password: 'admin' })
  const admin = await createDatabase(postgres.url, 'anteroom')
  await createRoles(admin, passwords)
  const url = (role: Role) => urlFor(role, admin, passwords)
  await migrate(url('owner'))

  const urls = {
    admin,
    owner: url('owner'),
    web: url('web'),
    worker: url('worker'),
    ops: url('ops'),
  }
  const pools = new Map<string, pg.Pool>()
  return {
    urls,
    pool(role) {
      const pool = pools.get(role) ?? new pg.Pool({ connectionString: urls[role], max: 20 })
      // The server may close idle connections before they are put away.
      if (!pools.has(role)) pool.on('error', () => undefined)
      pools.set(role, pool)
      return pool
    },
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.end()))
      pools.clear()
      await postgres.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}
