import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Builds a directory beside its place and renames it in, so that nobody ever sees half of it.
 * Of two processes that build the same directory, the first wins and the second takes the first's.
 */
export async function buildDirectory(
  target: string,
  build: (directory: string) => Promise<void>,
): Promise<void> {
  const draft = `${target}.${randomUUID()}`
  await mkdir(dirname(target), { recursive: true })
  try {
    await mkdir(draft)
    await build(draft)
    await rename(draft, target).catch(ignoreTaken)
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}

function ignoreTaken(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
}
