import { join } from 'node:path'
import { migrate } from '../migrations/migrate.ts'
import { createRoles, urlFor } from '../migrations/roles.ts'
import { createDatabase, type LocalPostgres, startPostgres } from './postgres.ts'
import type { Secrets } from './secrets.ts'
import type { Addresses } from './services.ts'
import type { StackOptions } from './stack.ts'

const databaseName = 'anteroom'

type DatabaseOptions = Pick<StackOptions, 'directory' | 'ports' | 'fsync' | 'postgresSettings'>

interface Database {
  readonly port: number
  readonly postgres: LocalPostgres
  readonly adminUrl: string
  readonly urls: Addresses['databaseUrls']
  stop(): Promise<void>
}

/** A database of ours with its roles and schema, in a Postgres of its own. */
export async function startDatabase(options: DatabaseOptions, secrets: Secrets): Promise<Database> {
  const postgres = await startPostgres({
    directory: join(options.directory, 'postgres'),
    port: options.ports.postgres,
    password: secrets.postgresAdmin,
    fsync: options.fsync ?? false,
    settings: options.postgresSettings ?? [],
  })
  try {
    const adminUrl = await createDatabase(postgres.url, databaseName)
    const passwords = {
      owner: secrets.postgresOwner,
      web: secrets.postgresWeb,
      worker: secrets.postgresWorker,
      ops: secrets.postgresOps,
    }
    await createRoles(adminUrl, passwords)
    await migrate(urlFor('owner', adminUrl, passwords))
    const urls = {
      web: urlFor('web', adminUrl, passwords),
      worker: urlFor('worker', adminUrl, passwords),
      ops: urlFor('ops', adminUrl, passwords),
    }
    return { port: postgres.port, postgres, adminUrl, urls, stop: () => postgres.stop() }
  } catch (error) {
    await postgres.stop()
    throw error
  }
}
