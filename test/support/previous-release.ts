import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, globSync, readFileSync, realpathSync } from 'node:fs'
import { cp, mkdir, rm, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Settings } from '@anteroom/infra/local/services.ts'
import { localDirectory, root } from './root.ts'

/** The commit that the release before this one was made of. Each release writes itself there for the next. */
const previousRelease = readFileSync(join(root, 'test/skew/previous-release'), 'utf8').trim()

/** The release before this one, in a folder of its own. */
export interface OldCheckout {
  readonly root: string
  /** Without the settings that only this release has: the old one refuses what it does not know. */
  known(settings: Settings): Settings
  remove(): Promise<void>
}

/** A shallow clone, or a copy without git, has no history to take it from. */
export function hasPreviousRelease(): boolean {
  try {
    execFileSync('git', ['cat-file', '-e', `${previousRelease}^{commit}`], {
      cwd: root,
      stdio: 'ignore',
    })
    return true
  } catch {
    return false
  }
}

/** What is installed now serves the old release too: it may find newer packages, as after an update, and no older ones. */
export async function checkOutPreviousRelease(): Promise<OldCheckout> {
  const old = join(localDirectory, 'test', randomBytes(6).toString('hex'))
  await mkdir(old, { recursive: true })
  const archive = join(old, 'release.tar')
  execFileSync('git', ['archive', '-o', archive, previousRelease], { cwd: root })
  execFileSync('tar', ['-xf', archive, '-C', old])
  await linkPackages(old)
  execFileSync(process.execPath, ['assets.ts'], { cwd: join(old, 'apps/idp-web'), stdio: 'ignore' })
  const page = readFileSync(join(old, 'docs/configuration.md'), 'utf8')
  const names = new Set([...page.matchAll(/^\| `([a-z0-9_]+)` \|/gm)].map(([, name]) => name))
  return {
    root: old,
    known: (settings) =>
      Object.fromEntries(Object.entries(settings).filter(([name]) => names.has(name))),
    remove: () => rm(old, { recursive: true, force: true }),
  }
}

/** The links to packages of ours are relative, so that those of the old release lead to the old release. */
async function linkPackages(old: string): Promise<void> {
  await mkdir(join(old, 'node_modules'), { recursive: true })
  const folders = globSync('{.,apps/*,packages/*,infra,test}/node_modules', { cwd: root })
  for (const folder of folders.filter((name) => existsSync(join(old, dirname(name))))) {
    await cp(join(root, folder), join(old, folder), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (path) => path !== store,
    })
  }
  await symlink(store, join(old, 'node_modules/.pnpm'))
  await linkOthers(old, folders)
}

/** What this release asks for in another package than the old one did is found from the root. */
async function linkOthers(old: string, folders: readonly string[]): Promise<void> {
  const names = folders.flatMap((folder) =>
    globSync('{[!@.]*,@*/*}', { cwd: join(root, folder) }).map((name) => ({ folder, name })),
  )
  for (const { folder, name } of names.filter((one) => !one.name.startsWith('@anteroom/'))) {
    const place = join(old, 'node_modules', name)
    if (existsSync(place)) continue
    await mkdir(dirname(place), { recursive: true })
    await symlink(realpathSync(join(root, folder, name)), place)
  }
}

const store = join(root, 'node_modules/.pnpm')
