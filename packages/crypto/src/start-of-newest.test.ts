import { expect, test } from 'vitest'
import { createSealerFromSettings, startOfNewest } from './sealer-from-settings.ts'

const key = (id: string, byte: number) => ({ id, key: new Uint8Array(32).fill(byte) })
const settings = {
  environment: 'test',
  keyProvider: 'local',
  awsRegion: 'us-east-1',
  localKeys: [key('record', 1), key('session', 2)],
} as const

test('a message begins as those of the newest keys begin, until there is a newer key', async () => {
  const before = { ...settings, sessionEncryptionKeys: [key('1', 3)] }
  const after = { ...settings, sessionEncryptionKeys: [key('11', 4), key('1', 3)] }
  const slot = { purpose: 'record', name: 'account-email', id: 'a' } as const
  const seal = (of: typeof before) =>
    createSealerFromSettings(of, { keysWithinMs: 1_000 }).seal(slot, 'x')

  const messages = await Promise.all([seal(before), seal(after)])

  const begins = (start: string) => messages.map((message) => message.startsWith(start))
  expect(begins(startOfNewest(before, 'record'))).toEqual([true, false])
  expect(begins(startOfNewest(after, 'record'))).toEqual([false, true])
  expect(begins(startOfNewest(after, 'session'))).toEqual([false, false])
})
