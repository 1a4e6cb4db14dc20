import { glob, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { localDirectory } from './places.ts'
import { elsewhereFile, elsewherePrefix } from './postgres-home.ts'
import { stackLockOwner } from './stack-lock.ts'

/**
 * Removes all state of the local stack: `directory`, and the Postgres data that had to live elsewhere.
 * Refuses while the stack runs.
 */
export async function resetStack(directory: string): Promise<void> {
  const owner = await stackLockOwner(directory)
  if (owner !== undefined) {
    throw new Error(`\`pnpm dev\` is running (pid ${owner}); stop it first`)
  }
  for await (const file of glob(`**/${elsewhereFile}`, { cwd: directory })) {
    const place = await readFile(join(directory, file), 'utf8')
    // Only what this stack made is ever removed, whatever the file says.
    if (isOurs(place)) await remove(place)
  }
  await remove(directory)
}

function isOurs(place: string): boolean {
  return (
    place.startsWith(elsewherePrefix) && /^[0-9a-f]{16}$/.test(place.slice(elsewherePrefix.length))
  )
}

async function remove(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error
    throw new Error(
      `Some files in ${path} belong to another user; remove it as that user or as root`,
    )
  })
}

if (import.meta.main) {
  try {
    await resetStack(localDirectory)
    console.log('.local is gone; the next `pnpm dev` starts from nothing')
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
