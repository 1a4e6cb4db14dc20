import { access, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildDirectory } from '@anteroom/infra/local/build-directory.ts'
import { elsewhereFile } from '@anteroom/infra/local/postgres-home.ts'
import { resetStack } from '@anteroom/infra/local/reset.ts'
import { stackLockOwner, takeStackLock } from '@anteroom/infra/local/stack-lock.ts'
import { expect, test } from 'vitest'
import { scratchDirectory } from './local-scratch.ts'

const scratch = await scratchDirectory()

test('reset refuses while the stack runs and removes everything once it has stopped', async () => {
  const directory = join(scratch, 'running')
  const lock = await takeStackLock(directory)

  const refused = await resetStack(directory).catch((error: Error) => error.message)
  await lock.release()
  await resetStack(directory)

  expect(refused).toContain(`pid ${process.pid}`)
  await expect(access(directory)).rejects.toThrow('ENOENT')
})

test('a second stack of the same checkout is refused', async () => {
  const directory = join(scratch, 'second')
  await takeStackLock(directory)

  await expect(takeStackLock(directory)).rejects.toThrow('already running')
})

test.each([
  ['of a dead process', JSON.stringify({ pid: 2 ** 22 + 1, startedAt: '1' })],
  [
    'of an earlier process with the pid of a living one',
    JSON.stringify({ pid: process.pid, startedAt: '1' }),
  ],
  ['that is no lock', 'not JSON'],
])('a lock %s is nobody', async (_, content) => {
  const directory = join(scratch, 'dead')
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'dev.pid'), content)

  expect(await stackLockOwner(directory)).toBeUndefined()
})

test('reset never removes a place that the stack did not make', async () => {
  const directory = join(scratch, 'tricked')
  const precious = join(scratch, 'precious')
  await mkdir(precious)
  await mkdir(join(directory, 'postgres'), { recursive: true })
  await writeFile(join(directory, 'postgres', elsewhereFile), precious)

  await resetStack(directory)

  await expect(access(precious)).resolves.toBeUndefined()
})

test('resetting what is not there is fine', async () => {
  await expect(resetStack(join(scratch, 'absent'))).resolves.toBeUndefined()
})

test('of two builders of one directory the first wins, and no draft is left', async () => {
  const target = join(scratch, 'built', 'directory')
  const build = (name: string) => (draft: string) => writeFile(join(draft, 'by'), name)

  await Promise.all([buildDirectory(target, build('one')), buildDirectory(target, build('two'))])

  expect(await readFile(join(target, 'by'), 'utf8')).toMatch(/^(one|two)$/)
  expect(await readdir(join(scratch, 'built'))).toEqual(['directory'])
})

test('a build that fails leaves nothing behind', async () => {
  const target = join(scratch, 'failed', 'directory')

  const building = buildDirectory(target, () => Promise.reject(new Error('no space')))

  await expect(building).rejects.toThrow('no space')
  expect(await readdir(join(scratch, 'failed'))).toEqual([])
})
