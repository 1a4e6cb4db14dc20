import { join } from 'node:path'
import { Logger, runMigrations } from 'graphile-worker'
import { runner } from 'node-pg-migrate'

/** Brings the database to the newest schema, as its owner: graphile-worker's own tables first, then ours. Harmless to repeat. */
export async function migrate(ownerUrl: string): Promise<readonly string[]> {
  await runMigrations({ connectionString: ownerUrl, logger: silentLogger })
  const applied = await runner({
    databaseUrl: ownerUrl,
    dir: join(import.meta.dirname, 'sql'),
    direction: 'up',
    migrationsSchema: 'migrations',
    createMigrationsSchema: true,
    migrationsTable: 'applied',
    singleTransaction: true,
    log: () => undefined,
  })
  return applied.map(({ name }) => name)
}

// graphile-worker prints each statement's step otherwise; errors are thrown either way.
const silentLogger = new Logger(() => () => undefined)
