import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import { createKeyring } from './keyring.ts'

const invalid = expect.objectContaining({ code: 'KEYRING_INVALID' })
const key = (byte: number, length = 32) => new Uint8Array(length).fill(byte)

test('the first key is the newest and every listed key is found by its id', () => {
  const keyring = createKeyring([
    { id: '2026-11', key: key(2) },
    { id: '2026-05', key: key(1) },
  ])

  expect(keyring.newest.id).toBe('2026-11')
  expect(keyring.find('2026-05')?.export()).toEqual(Buffer.from(key(1)))
  expect(keyring.find('2025-11')).toBeUndefined()
})

test.each([
  ['no key at all', []],
  ['a key of 16 bytes', [{ id: 'a', key: key(1, 16) }]],
  ['a key of 33 bytes', [{ id: 'a', key: key(1, 33) }]],
  ['a key as hexadecimal text', [{ id: 'a', key: Buffer.from('ab'.repeat(32)) }]],
  [
    'an id used twice',
    [
      { id: 'a', key: key(1) },
      { id: 'a', key: key(2) },
    ],
  ],
  ['an empty id', [{ id: '', key: key(1) }]],
  ['an id with a character of its own meaning', [{ id: 'a"b', key: key(1) }]],
  ['an id of 65 characters', [{ id: 'a'.repeat(65), key: key(1) }]],
])('a keyring with %s is refused', (_what, keys) => {
  expect(() => createKeyring(keys)).toThrow(invalid)
})

test('a keyring that is logged shows no key', () => {
  const keyring = createKeyring([{ id: 'a', key: Buffer.from('0123456789abcdef0123456789abcdef') }])

  const shown = inspect(keyring, { depth: 10, showHidden: true }) + JSON.stringify(keyring)

  expect(shown).not.toMatch(/0123456789abcdef|30313233|48, ?49, ?50/)
})
