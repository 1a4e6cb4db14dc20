import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from './processes.ts'

/** Held by the one `pnpm dev` of a checkout, so that `pnpm reset` does not pull its files from under it. */
export interface StackLock {
  release(): Promise<void>
}

interface Owner {
  readonly pid: number
  /** Tells the owner from a later process that was given the same pid; empty where it cannot be known. */
  readonly startedAt: string
}

const fileIn = (directory: string) => join(directory, 'dev.pid')

/** Writes this process into `<directory>/dev.pid`; an error names the process that holds it already. */
export async function takeStackLock(directory: string): Promise<StackLock> {
  const file = fileIn(directory)
  const owner = await stackLockOwner(directory)
  if (owner !== undefined) throw alreadyRunning(owner)

  await mkdir(directory, { recursive: true })
  await rm(file, { force: true })
  const self: Owner = { pid: process.pid, startedAt: await startOf(process.pid) }
  // wx: of two that start at once, the second finds the first's file.
  await writeFile(file, JSON.stringify(self), { flag: 'wx' }).catch(async () => {
    throw alreadyRunning(await stackLockOwner(directory))
  })
  return { release: () => rm(file, { force: true }) }
}

/** The pid of the living process that holds the lock, or undefined. */
export async function stackLockOwner(directory: string): Promise<number | undefined> {
  const owner = await readOwner(fileIn(directory))
  if (!owner || !isAlive(owner.pid)) return undefined
  return (await startOf(owner.pid)) === owner.startedAt ? owner.pid : undefined
}

function alreadyRunning(pid: number | undefined): Error {
  return new Error(`\`pnpm dev\` is already running here (pid ${pid ?? 'unknown'})`)
}

async function readOwner(file: string): Promise<Owner | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(file, 'utf8'))
    return isOwner(owner) ? owner : undefined
  } catch {
    return undefined
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'startedAt' in value &&
    typeof value.startedAt === 'string'
  )
}

/** Clock ticks from boot to the start of the process: field 22 of proc(5) stat, counted behind the name. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
}
