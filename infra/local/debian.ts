import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildDirectory } from './build-directory.ts'

export interface UnpackedPackage {
  readonly root: string
  /** What a program of the package needs to find its own libraries. */
  readonly env: { readonly LD_LIBRARY_PATH: string }
}

const run = promisify(execFile)
const triplets: Readonly<Record<string, string>> = {
  arm64: 'aarch64-linux-gnu',
  x64: 'x86_64-linux-gnu',
}

export function hasDebianPackages(): boolean {
  return existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg')
}

/**
 * Fetches a Debian package and the libraries this machine lacks into `directory`, as any user: nothing is
 * installed, no service starts, the machine's package state is only read. apt checks the signatures.
 */
export async function fetchDebianPackage(
  name: string,
  directory: string,
): Promise<UnpackedPackage> {
  if (!existsSync(directory)) await buildDirectory(directory, (draft) => download(name, draft))

  const triplet = triplets[process.arch] ?? process.arch
  const libraries = [`${directory}/usr/lib/${triplet}`, `${directory}/lib/${triplet}`]
  return { root: directory, env: { LD_LIBRARY_PATH: libraries.join(':') } }
}

async function download(name: string, directory: string): Promise<void> {
  const work = join(directory, 'work')
  await mkdir(join(work, 'lists/partial'), { recursive: true })
  await mkdir(join(work, 'cache/archives/partial'), { recursive: true })

  const options = privateState(work)
  // One unreachable third-party list makes update fail; the install below decides whether that matters.
  await apt([...options, 'update']).catch(() => undefined)
  await apt([...options, '-y', '--no-install-recommends', '--download-only', 'install', name])
  await unpack(join(work, 'cache/archives'), join(work, 'root'))

  for (const entry of await readdir(join(work, 'root'))) {
    await rename(join(work, 'root', entry), join(directory, entry))
  }
  await rm(work, { recursive: true })
}

async function unpack(archives: string, root: string): Promise<void> {
  const files = await readdir(archives)
  for (const file of files.filter((name) => name.endsWith('.deb'))) {
    await run('dpkg', ['-x', join(archives, file), root])
  }
}

function privateState(work: string): string[] {
  const settings = [
    `Dir::State=${work}`,
    `Dir::State::lists=${work}/lists`,
    'Dir::State::status=/var/lib/dpkg/status',
    `Dir::Cache=${work}/cache`,
    'Debug::NoLocking=1',
    'APT::Sandbox::User=',
    'Acquire::Retries=3',
  ]
  return ['-qq', ...settings.flatMap((setting) => ['-o', setting])]
}

async function apt(args: readonly string[]): Promise<void> {
  await run('apt-get', [...args], { env: { ...process.env, LC_ALL: 'C' }, timeout: 120_000 })
}
