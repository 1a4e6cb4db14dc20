import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chown, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { buildDirectory } from './build-directory.ts'
import { freePort } from './ports.ts'
import { findPostgresHome, type PostgresHome } from './postgres-home.ts'
import { removeStaleLock } from './postgres-lock.ts'
import { type RunningProcess, startServerProcess } from './processes.ts'

export interface PostgresOptions {
  readonly directory: string
  /** 0 means any free port. */
  readonly port: number
  /** Of the superuser `postgres`; it is set when the data directory is made and belongs to it from then on. */
  readonly password: string
  /** Commits that survive a power cut, for measurements that must be fair. Off by default. */
  readonly fsync?: boolean
  /** More of the server's settings, each as `name=value`. */
  readonly settings?: readonly string[]
  /** A copy that follows another server answers while it does, though it takes nothing. */
  readonly standby?: boolean
}

export interface LocalPostgres {
  readonly port: number
  /** The superuser's URL of the database `postgres`. */
  readonly url: string
  /** Where the data really is: elsewhere than asked for when that place is closed to the server's user. */
  readonly dataDirectory: string
  stop(): Promise<void>
}

const run = promisify(execFile)
const startAttempts = 5

/** Personal data travels in statements and in error details; neither is ever written. */
const quietLog = [
  'logging_collector=off',
  'log_min_messages=log',
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
  'log_statement=none',
  'log_min_duration_statement=-1',
  'log_parameter_max_length=0',
  'log_parameter_max_length_on_error=0',
]

/** A client that dies without a word is noticed within 5 + 3 × 2 seconds, and its locks go with it. */
const deadClients = ['tcp_keepalives_idle=5', 'tcp_keepalives_interval=2', 'tcp_keepalives_count=3']

/** A commit reaches the operating system before it is acknowledged: it survives kill -9, though not a power cut. */
const fastCommits = ['fsync=off', 'full_page_writes=off']

/** Starts a real Postgres from npm's binaries. It refuses to run as root, so root runs it as `nobody`. */
export async function startPostgres(options: PostgresOptions): Promise<LocalPostgres> {
  const home = await findPostgresHome(options.directory)
  if (!existsSync(join(home.dataDirectory, 'PG_VERSION'))) {
    await buildDirectory(home.dataDirectory, (draft) => initialise(home, draft, options.password))
  }
  const { port, server } = await startInTurn(home, options)
  return {
    port,
    url: `postgres://postgres:${encodeURIComponent(options.password)}@127.0.0.1:${port}/postgres`,
    dataDirectory: home.dataDirectory,
    stop: server.stop,
  }
}

/** Makes the database unless it exists, empty or as a copy of `template`, and returns its URL. */
export async function createDatabase(
  url: string,
  name: string,
  options: { readonly template?: string } = {},
): Promise<string> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name])
    if (found.rowCount === 0) {
      const template = client.escapeIdentifier(options.template ?? 'template1')
      await client.query(`create database ${client.escapeIdentifier(name)} template ${template}`)
    }
  } finally {
    await client.end()
  }
  const created = new URL(url)
  created.pathname = `/${name}`
  return created.href
}

async function initialise(home: PostgresHome, draft: string, password: string): Promise<void> {
  const passwordFile = `${draft}.password`
  await writeFile(passwordFile, password, { mode: 0o600 })
  try {
    if (home.user) {
      await chown(draft, home.user.uid, home.user.gid)
      await chown(passwordFile, home.user.uid, home.user.gid)
    }
    const method = ['-A', 'scram-sha-256', '-U', 'postgres', `--pwfile=${passwordFile}`]
    const format = ['-E', 'UTF8', '--locale=C', '--no-sync', '--no-instructions']
    await run(home.binary('initdb'), ['-D', draft, ...method, ...format], {
      cwd: '/',
      env: { ...process.env, ...serverEnv },
      ...home.user,
    })
  } finally {
    await rm(passwordFile, { force: true })
  }
}

/**
 * A server killed a moment ago may leave helpers that end only now, and a free port may be taken by another
 * before we bind it: both are over at a later attempt.
 */
async function startInTurn(
  home: PostgresHome,
  options: PostgresOptions,
): Promise<{ port: number; server: RunningProcess }> {
  for (let attempt = 1; ; attempt++) {
    const wasKilled = await removeStaleLock(home.dataDirectory)
    const port = options.port === 0 ? await freePort() : options.port
    try {
      return { port, server: await launch(home, { ...options, port }) }
    } catch (error) {
      const mayPass = wasKilled || options.port === 0 || attempt > 1
      if (!mayPass || attempt === startAttempts) throw error
    }
    await new Promise((resolve) => setTimeout(resolve, 200 * attempt))
  }
}

const serverEnv = { LC_ALL: 'C', TZ: 'UTC' }

function launch(home: PostgresHome, options: PostgresOptions): Promise<RunningProcess> {
  const { port, fsync, standby } = options
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'max_connections=200',
    ...deadClients,
    ...quietLog,
    ...(fsync ? [] : fastCommits),
    ...(options.settings ?? []),
  ]
  return startServerProcess({
    title: `Postgres on port ${port}`,
    command: home.binary('postgres'),
    args: [
      ...['-D', home.dataDirectory, '-p', String(port)],
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    readyText: `database system is ready to accept ${standby ? 'read-only connections' : 'connections'}`,
    // Fast shutdown: open transactions are rolled back; SIGTERM would wait for every client to leave.
    stopSignal: 'SIGINT',
    env: serverEnv,
    ...(home.user && { user: home.user }),
  })
}
