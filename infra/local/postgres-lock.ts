import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from './processes.ts'

/**
 * Removes the lock file of a server that is dead, and says whether there was one. Postgres does so itself unless
 * another process of the same user has the dead server's pid by now, which after a restart of a container is common.
 */
export async function removeStaleLock(dataDirectory: string): Promise<boolean> {
  const file = join(dataDirectory, 'postmaster.pid')
  const pid = await lockedBy(dataDirectory)
  if (pid === undefined) return false
  if (await isPostgres(pid)) {
    throw new Error(`Another Postgres (pid ${pid}) is running in ${dataDirectory}`)
  }
  await rm(file, { force: true })
  return true
}

/** The pid in the lock file of a data directory, dead or alive. */
export async function lockedBy(dataDirectory: string): Promise<number | undefined> {
  const lock = await readFile(join(dataDirectory, 'postmaster.pid'), 'utf8').catch(() => '')
  const pid = Number.parseInt(lock, 10)
  return Number.isNaN(pid) ? undefined : pid
}

async function isPostgres(pid: number): Promise<boolean> {
  if (!isAlive(pid)) return false
  if (process.platform !== 'linux') return true
  const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return command.split('\0')[0]?.endsWith('/postgres') ?? false
}
