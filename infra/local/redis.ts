import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { createRedisMock } from 'js-redis-server'
import { freePort } from './ports.ts'
import { startServerProcess } from './processes.ts'
import { type RedisPasswords, writeAclFile } from './redis-acl.ts'
import { findRedisServer, type RedisProgram } from './redis-program.ts'

export interface RedisOptions {
  /** 0 means any free port. */
  readonly port: number
  /** Where a fetched server and the access list are kept. */
  readonly cacheDirectory: string
  readonly passwords: RedisPasswords
  /** Where to look for a server instead of the machine; for tests. */
  readonly program?: RedisProgram
}

export interface LocalRedis {
  readonly port: number
  /** Where the server came from. */
  readonly source: RedisProgram['source']
  /** One URL per user of the access list. The JavaScript server has no users: there all are the same. */
  readonly urls: Readonly<Record<keyof RedisPasswords, string>>
  readonly hasUsers: boolean
  stop(): Promise<void>
}

/** Starts a Redis (or Valkey) that keeps nothing on disk and knows each of our services by a user of its own. */
export async function startRedis(options: RedisOptions): Promise<LocalRedis> {
  const program = options.program ?? (await findRedisServer(options.cacheDirectory))
  const port = options.port === 0 ? await freePort() : options.port
  return program.source === 'javascript'
    ? startJavascriptServer(port)
    : startRealServer(program, port, options)
}

async function startRealServer(
  { source, command, env }: Exclude<RedisProgram, { source: 'javascript' }>,
  port: number,
  { cacheDirectory, passwords }: RedisOptions,
): Promise<LocalRedis> {
  await mkdir(cacheDirectory, { recursive: true })
  const aclFile = join(cacheDirectory, `users-${port}.acl`)
  await writeAclFile(aclFile, passwords)

  const server = await startServerProcess({
    title: `Redis on port ${port}`,
    command,
    args: [
      ...['--port', String(port), '--bind', '127.0.0.1', '--aclfile', aclFile],
      ...['--save', '', '--appendonly', 'no', '--daemonize', 'no', '--dir', cacheDirectory],
    ],
    readyText: 'Ready to accept connections',
    stopSignal: 'SIGTERM',
    ...(env && { env }),
  })
  return {
    port,
    source,
    hasUsers: true,
    urls: {
      web: urlOf(port, 'web', passwords),
      worker: urlOf(port, 'worker', passwords),
      ops: urlOf(port, 'ops', passwords),
      admin: urlOf(port, 'admin', passwords),
    },
    stop: async () => {
      await server.stop()
      await rm(aclFile, { force: true })
    },
  }
}

async function startJavascriptServer(port: number): Promise<LocalRedis> {
  const server = await createRedisMock({ port })
  const url = `redis://127.0.0.1:${port}`
  return {
    port,
    source: 'javascript',
    hasUsers: false,
    urls: { web: url, worker: url, ops: url, admin: url },
    stop: () => server.close(),
  }
}

function urlOf(port: number, user: keyof RedisPasswords, passwords: RedisPasswords): string {
  return `redis://${user}:${encodeURIComponent(passwords[user])}@127.0.0.1:${port}`
}
