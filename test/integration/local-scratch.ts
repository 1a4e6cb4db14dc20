import { randomUUID } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll } from 'vitest'
import { localDirectory } from '../support/root.ts'

/** A directory of this test file's own inside `.local`, removed when its tests are done. */
export async function scratchDirectory(): Promise<string> {
  const directory = join(localDirectory, 'test', randomUUID())
  await mkdir(directory, { recursive: true })
  afterAll(() => rm(directory, { recursive: true, force: true }))
  return directory
}
