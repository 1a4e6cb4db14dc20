import { randomBytes } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { cacheDirectory, localDirectory, root } from './root.ts'

/** A checkout that a test may change: the sources are copies, the installed packages are those of this checkout. */
export interface CheckoutCopy {
  readonly root: string
  remove(): Promise<void>
}

const leftOut = ['.git', '.local', '.turbo', 'dist', 'log']
const store = join(root, 'node_modules/.pnpm')

export async function copyCheckout(): Promise<CheckoutCopy> {
  const copy = join(localDirectory, 'test', randomBytes(6).toString('hex'))
  await mkdir(copy, { recursive: true })
  // One by one: a folder cannot be copied into itself.
  const entries = (await readdir(root)).filter((name) => !leftOut.includes(name))
  const isWanted = (path: string) => path !== store && !leftOut.includes(basename(path))
  for (const name of entries) {
    await cp(join(root, name), join(copy, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: isWanted,
    })
  }
  await symlink(store, join(copy, 'node_modules/.pnpm'))
  await mkdir(join(copy, '.local'))
  await mkdir(cacheDirectory, { recursive: true })
  await symlink(cacheDirectory, join(copy, '.local/cache'))
  await leaveInstalled(join(copy, 'pnpm-workspace.yaml'))
  return { root: copy, remove: () => rm(copy, { recursive: true, force: true }) }
}

/** What is installed was installed for another folder; pnpm must not mend that. */
async function leaveInstalled(file: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.replace('verifyDepsBeforeRun: install', 'verifyDepsBeforeRun: false'))
}
