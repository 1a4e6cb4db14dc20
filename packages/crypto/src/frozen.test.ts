import { expect, test } from 'vitest'
import frozen from '../test-data/frozen-v1.json' with { type: 'json' }
import { createKeyring } from './keyring.ts'
import { createLocalKeyProvider } from './local.ts'
import { createSealer } from './sealer.ts'
import { purposes } from './slot.ts'

// These messages stand for those in databases. The file may grow; what is in it must open for ever.
const provider = createLocalKeyProvider({
  keys: Object.fromEntries(
    Object.entries(frozen.localKeys).map(([purpose, key]) => [purpose, Buffer.from(key, 'hex')]),
  ),
})
const keyring = createKeyring(
  frozen.keyring.map(({ id, key }) => ({ id, key: Buffer.from(key, 'hex') })),
)

test('every purpose and every key of the keyring has a frozen message', () => {
  const seen = frozen.messages.map(({ purpose, keyringKey }) => `${purpose} ${keyringKey}`)

  expect(new Set(seen)).toEqual(
    new Set(purposes.flatMap((purpose) => keyring.keys.map(({ id }) => `${purpose} ${id}`))),
  )
})

test.each(frozen.messages)(
  'a message of version 1 still opens: $purpose, $keyringKey, $environment',
  async ({ purpose: named, name, id, environment, plaintext, message }) => {
    const sealer = createSealer({ provider, keyring, environment })
    const purpose = purposes.find((each) => each === named)

    const opened = purpose && (await sealer.open({ purpose, name, id }, message))

    expect(opened && Buffer.from(opened).toString()).toBe(plaintext)
  },
)
