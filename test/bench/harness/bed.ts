import { randomBytes } from 'node:crypto'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createDatabase,
  type LocalPostgres,
  startPostgres,
} from '@anteroom/infra/local/postgres.ts'
import { startRedis } from '@anteroom/infra/local/redis.ts'
import { readSecrets, type Secrets } from '@anteroom/infra/local/secrets.ts'
import {
  type Addresses,
  webSettingsFor,
  workerSettingsFor,
} from '@anteroom/infra/local/services.ts'
import { migrate } from '@anteroom/infra/migrations/migrate.ts'
import { createRoles, urlFor } from '@anteroom/infra/migrations/roles.ts'
import { Logger, runMigrations } from 'graphile-worker'
import { Redis } from 'ioredis'
import pg from 'pg'
import { root } from '../../support/root.ts'
import { postgresCpuUs } from './postgres-cpu.ts'

/** The servers that the measured sides share: a Postgres whose commits survive a power cut, and a Redis. */
export interface Bed {
  /** graphile-worker's own tables and nothing else: what we compare with. */
  readonly bare: pg.Pool
  readonly bareUrl: string
  /** Our database, as its administrator. */
  readonly ours: pg.Pool
  readonly redis: Redis
  /** The environment in which a service of ours starts here: local keys, no proxy. */
  readonly environments: { readonly web: Environment; readonly worker: Environment }
  /** Microseconds used so far; undefined where the system does not tell. */
  postgresCpuUs(): number | undefined
  /** Empty tables and an empty Redis. */
  clear(): Promise<void>
  stop(): Promise<void>
}

export type Environment = Readonly<Record<string, string>>

interface Part {
  stop(): Promise<unknown>
}

export async function startBed(): Promise<Bed> {
  const directory = join(root, '.local/bench', `run-${randomBytes(6).toString('hex')}`)
  await mkdir(directory, { recursive: true })
  const parts: Part[] = [{ stop: () => rm(directory, { recursive: true, force: true }) }]
  const stop = async () => {
    for (let part = parts.pop(); part; part = parts.pop()) await part.stop()
  }
  try {
    return { ...(await startParts(directory, parts)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function startParts(directory: string, parts: Part[]): Promise<Omit<Bed, 'stop'>> {
  const secrets = await readSecrets(directory)
  const postgres = await startPostgres({
    directory: join(directory, 'postgres'),
    port: 0,
    password: secrets.postgresAdmin,
    fsync: true,
  })
  parts.push({ stop: () => stopPostgres(postgres) })
  const redisServer = await startRedis({
    port: 0,
    cacheDirectory: join(root, '.local/cache'),
    passwords: {
      admin: secrets.redisAdmin,
      web: secrets.redisWeb,
      worker: secrets.redisWorker,
      ops: secrets.redisOps,
    },
  })
  parts.push(redisServer)

  const bareUrl = await createDatabase(postgres.url, 'bare')
  await runMigrations({ connectionString: bareUrl, logger: new Logger(() => () => undefined) })
  const ours = await createOurDatabase(postgres, secrets)
  const environments = await writeSettings(directory, secrets, {
    databaseUrls: ours.urls,
    redisUrls: redisServer.urls,
  })

  const bed = {
    bare: quietPool(bareUrl),
    bareUrl,
    ours: quietPool(ours.adminUrl),
    redis: new Redis(redisServer.urls.admin),
    environments,
    postgresCpuUs: () => postgresCpuUs(postgres.dataDirectory),
  }
  parts.push({ stop: () => Promise.all([bed.bare.end(), bed.ours.end(), bed.redis.quit()]) })
  return { ...bed, clear: () => clear(bed) }
}

async function stopPostgres(postgres: LocalPostgres): Promise<void> {
  await postgres.stop()
  await rm(postgres.dataDirectory, { recursive: true, force: true })
}

async function createOurDatabase(postgres: LocalPostgres, secrets: Secrets) {
  const passwords = {
    owner: secrets.postgresOwner,
    web: secrets.postgresWeb,
    worker: secrets.postgresWorker,
    ops: secrets.postgresOps,
  }
  const adminUrl = await createDatabase(postgres.url, 'anteroom')
  await createRoles(adminUrl, passwords)
  await migrate(urlFor('owner', adminUrl, passwords))
  const urls = {
    web: urlFor('web', adminUrl, passwords),
    worker: urlFor('worker', adminUrl, passwords),
    ops: urlFor('ops', adminUrl, passwords),
  }
  return { adminUrl, urls }
}

/** The settings of the local stack, where each service finds its own; nobody listens on the proxy's port. */
async function writeSettings(
  directory: string,
  secrets: Secrets,
  urls: Pick<Addresses, 'databaseUrls' | 'redisUrls'>,
): Promise<Bed['environments']> {
  const ports = { web: 3000, webInternal: 0, workerInternal: 0, s3: 9, kms: 9 }
  const at: Addresses = {
    ...urls,
    ports: {
      ...ports,
      proxy: 9,
      sandbox: 9,
      partner: 9,
      partnerEvents: 9,
      agency: 9,
      agencyFiles: 9,
      agencyGraph: 9,
      agencySftp: 9,
      mail: 9,
      mailPage: 9,
      postgres: 9,
      redis: 9,
    },
    s3Url: 'http://127.0.0.1:9',
    kmsUrl: 'http://127.0.0.1:9',
    proxyUrl: 'http://bench:bench@127.0.0.1:9',
    caFile: '',
    scenariosFile: '',
    specimensFolder: '',
    partnersFile: '',
    destinationsFile: '',
    operators: {},
  }
  const {
    sandbox_scenarios_file: _noSandbox,
    sandbox_specimens_folder: _noSpecimens,
    partners_file: _noPartners,
    transfer_destinations_file: _noDestinations,
    ...web
  } = webSettingsFor(at, secrets, 'local')
  const {
    outbound_ca_file: _noCa,
    partners_file: _noReceivers,
    push_private_hosts: _noHosts,
    transfer_destinations_file: _noTransfers,
    console_database_url: _noConsole,
    console_operators: _noOperators,
    ...worker
  } = workerSettingsFor(at, secrets, 'local')
  const place = async (name: string, settings: object) => {
    const file = join(directory, `${name}.yml`)
    // JSON is YAML too.
    await writeFile(file, JSON.stringify(settings), { mode: 0o600 })
    return { ANTEROOM_SETTINGS: `file:${file}` }
  }
  return {
    web: await place('web', { ...web, document_proofing: 'off' }),
    worker: await place('worker', worker),
  }
}

function quietPool(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 2 })
  // The server may close idle connections before they are put away.
  pool.on('error', () => undefined)
  return pool
}

async function clear({ bare, ours, redis }: Pick<Bed, 'bare' | 'ours' | 'redis'>): Promise<void> {
  await bare.query('truncate graphile_worker._private_jobs')
  await ours.query(
    `truncate graphile_worker._private_jobs, worker.ledger, worker.vendor_calls, web.attempts, web.limit_uses, web.tickets`,
  )
  await redis.flushall()
}
