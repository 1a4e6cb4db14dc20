import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { fetchDebianPackage, hasDebianPackages } from './debian.ts'

/** What can serve as Redis on this machine, in the order in which it is looked for. */
export type RedisProgram =
  | {
      readonly source: 'REDIS_SERVER_BIN' | 'PATH' | 'Debian package'
      readonly command: string
      readonly env?: Readonly<Record<string, string>>
    }
  | { readonly source: 'javascript' }

const run = promisify(execFile)
// The access list uses selectors, which came with Redis 7; every Valkey has them.
const oldestMajor = 7

/**
 * REDIS_SERVER_BIN, then valkey-server or redis-server on the PATH, then Debian's package without installing it,
 * and last a server in JavaScript, with a warning: it is not Redis and has no users.
 */
export async function findRedisServer(cacheDirectory: string): Promise<RedisProgram> {
  const named = process.env.REDIS_SERVER_BIN
  if (named) return { source: 'REDIS_SERVER_BIN', command: named }

  for (const name of ['valkey-server', 'redis-server']) {
    const command = onPath(name)
    if (command && (await isRecent(command))) return { source: 'PATH', command }
  }
  return (await fromDebian(cacheDirectory)) ?? fallback()
}

async function fromDebian(cacheDirectory: string): Promise<RedisProgram | undefined> {
  if (!hasDebianPackages()) return undefined
  try {
    const { root, env } = await fetchDebianPackage('redis-server', join(cacheDirectory, 'debian'))
    const command = join(root, 'usr/bin/redis-server')
    return (await isRecent(command, env)) ? { source: 'Debian package', command, env } : undefined
  } catch (error) {
    console.warn('Redis could not be fetched from Debian:', error)
    return undefined
  }
}

function fallback(): RedisProgram {
  console.warn(
    'No Redis 7 found: a JavaScript stand-in without users is used. Install valkey (on a Mac: brew install valkey).',
  )
  return { source: 'javascript' }
}

function onPath(name: string): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter).filter(Boolean)
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function isRecent(
  command: string,
  env: Readonly<Record<string, string>> = {},
): Promise<boolean> {
  try {
    const { stdout } = await run(command, ['--version'], { env: { ...process.env, ...env } })
    const major = /v=(\d+)\./.exec(stdout)?.[1]
    return Number(major) >= oldestMajor
  } catch {
    return false
  }
}
