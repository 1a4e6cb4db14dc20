import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll } from 'vitest'

/** A directory of this test file's own inside `.local`, removed when its tests are done. */
export async function scratchDirectory(): Promise<string> {
  const directory = join(import.meta.dirname, '../../.local/test', randomUUID())
  await mkdir(directory, { recursive: true })
  afterAll(() => rm(directory, { recursive: true, force: true }))
  return directory
}
