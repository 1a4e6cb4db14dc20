import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { readBlocklist } from './password-blocklist.ts'

test('a deployment’s own list is blocked beside ours, whatever its capitals and line ends', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'blocklist-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const file = join(folder, 'list.txt')
  await writeFile(file, 'Spring In Springfield\r\nshort\n\nan agency of the state')

  const blocked = await readBlocklist(file)

  const has = (password: string) => blocked.has(password)
  expect(['spring in springfield', 'an agency of the state', 'thisismypassword'].every(has)).toBe(
    true,
  )
  expect(['short', ''].some(has)).toBe(false)
})

test('a list that is not there is not passed over', async () => {
  await expect(readBlocklist('/nowhere/list.txt')).rejects.toThrow('ENOENT')
})
