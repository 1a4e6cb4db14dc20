import { inspect } from 'node:util'
import { expect, test } from 'vitest'
import {
  blindProvider,
  localKeys,
  localProvider,
  newKey,
  oldKey,
  sealerWith,
  slot,
} from '../test-data/sealers.ts'
import { createKeyring } from './keyring.ts'
import { createLocalKeyProvider } from './local.ts'
import { createSealer } from './sealer.ts'
import { purposes } from './slot.ts'

const unopenable = expect.objectContaining({ code: 'SEAL_UNOPENABLE' })
const unavailable = expect.objectContaining({ code: 'SEAL_KEYS_UNAVAILABLE' })

test.each([
  ['a text', 'Grüße, 李 🔒'],
  ['nothing', ''],
  ['bytes', Uint8Array.from({ length: 256 }, (_, index) => index)],
  ['a megabyte', new Uint8Array(1_000_000).fill(7)],
])('%s opens in the slot it was sealed for', async (_what, plaintext) => {
  const sealer = sealerWith(localProvider)

  const opened = await sealer.open(slot, await sealer.seal(slot, plaintext))

  expect(Buffer.from(opened).equals(Buffer.from(plaintext))).toBe(true)
})

test('bytes that change while they are being sealed are sealed as they were', async () => {
  const sealer = sealerWith(localProvider)
  const bytes = new Uint8Array(8).fill(1)

  const sealing = sealer.seal(slot, bytes)
  bytes.fill(2)

  expect([...(await sealer.open(slot, await sealing))]).toEqual(Array(8).fill(1))
})

test.each([
  ['with a key for each purpose', localProvider],
  ['even where the key provider does not look at the context', blindProvider],
])('a message opens in no other slot, %s', async (_how, provider) => {
  const slots = purposes.flatMap((purpose) =>
    ['resolution-proofing', 'address-proofing'].flatMap((name) =>
      ['one', 'two'].flatMap((id) =>
        ['production', 'staging'].map((environment) => ({ purpose, name, id, environment })),
      ),
    ),
  )

  const outcomes = await Promise.all(
    slots.map(async (home) => {
      const message = await sealerWith(provider, home.environment).seal(home, 'x')
      const tries = slots.map((tried) =>
        sealerWith(provider, tried.environment)
          .open(tried, message)
          .then(
            () => (tried === home ? 'opened' : 'opened elsewhere'),
            (error) => error.code,
          ),
      )
      return Promise.all(tries)
    }),
  )

  const counted = Map.groupBy(outcomes.flat(), (outcome) => outcome)
  expect(slots).toHaveLength(56)
  expect([...counted].map(([outcome, { length }]) => [outcome, length]).sort()).toEqual([
    ['SEAL_UNOPENABLE', 56 * 55],
    ['opened', 56],
  ])
})

test('parts of a slot cannot trade characters', async () => {
  const sealer = sealerWith(blindProvider)
  const message = await sealer.seal({ purpose: 'payload', name: 'ab', id: 'c' }, 'x')

  const moved = sealer.open({ purpose: 'payload', name: 'a', id: 'bc' }, message)

  await expect(moved).rejects.toEqual(unopenable)
})

test.each([
  ['the local keys', localProvider],
  ['any data key the provider may hand back', blindProvider],
])('no message with one bit flipped opens, with %s', async (_how, provider) => {
  const sealer = sealerWith(provider)
  const message = Buffer.from(await sealer.seal(slot, 'A short secret'), 'latin1')
  const codes = new Set<string>()

  for (let bit = 0; bit < message.length * 8; bit++) {
    const flipped = Buffer.from(message)
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    const code = await sealer.open(slot, flipped.toString('latin1')).then(
      () => 'opened',
      (error) => error.code,
    )
    codes.add(code)
  }

  expect([...codes]).toEqual(['SEAL_UNOPENABLE'])
})

test('no shortened message opens', async () => {
  const sealer = sealerWith(blindProvider)
  const message = await sealer.seal(slot, 'A short secret')

  for (let length = 0; length < message.length; length++) {
    await expect(sealer.open(slot, message.slice(0, length))).rejects.toEqual(unopenable)
    await expect(sealer.open(slot, message.slice(length + 1))).rejects.toEqual(unopenable)
  }
})

test('what is sealed is not in the message, and each sealing looks different', async () => {
  const sealer = sealerWith(blindProvider)

  const [one, other] = await Promise.all([sealer.seal(slot, 'secret'), sealer.seal(slot, 'secret')])

  expect(one).not.toBe(other)
  expect(one).not.toContain(Buffer.from('secret').toString('base64url'))
})

test('after a rotation old messages open and new ones name the new key', async () => {
  const before = createSealer({
    provider: localProvider,
    keyring: createKeyring([oldKey]),
    environment: 'test',
  })
  const after = sealerWith(localProvider)

  const oldMessage = await before.seal(slot, 'old')
  const newMessage = await after.seal(slot, 'new')

  expect(String(await after.open(slot, oldMessage))).toBe('old')
  expect(headerOf(newMessage)).toMatchObject({ kid: newKey.id })
  await expect(before.open(slot, newMessage)).rejects.toEqual(unopenable)
})

test('only the key that the message names is tried', async () => {
  const sealer = createSealer({
    provider: localProvider,
    keyring: createKeyring([
      { id: oldKey.id, key: newKey.key },
      { ...oldKey, id: 'other' },
    ]),
    environment: 'test',
  })
  const before = createSealer({
    provider: localProvider,
    keyring: createKeyring([oldKey]),
    environment: 'test',
  })

  const message = await before.seal(slot, 'x')

  await expect(sealer.open(slot, message)).rejects.toEqual(unopenable)
})

test('neither the data key nor the application key alone opens a message', async () => {
  const message = await sealerWith(localProvider).seal(slot, 'x')
  const otherApplicationKey = createSealer({
    provider: localProvider,
    keyring: createKeyring([{ id: newKey.id, key: new Uint8Array(32).fill(99) }]),
    environment: 'test',
  })
  const otherProviderKey = sealerWith(
    createLocalKeyProvider({ keys: { ...localKeys, payload: new Uint8Array(32).fill(99) } }),
  )

  await expect(otherApplicationKey.open(slot, message)).rejects.toEqual(unopenable)
  await expect(otherProviderKey.open(slot, message)).rejects.toEqual(unopenable)
})

test('without keys nothing is sealed, and the refusal says nothing of what it was', async () => {
  const sealer = sealerWith(createLocalKeyProvider({ keys: {} }))

  const refusal = await sealer.seal(slot, 'secret').catch((error: unknown) => error)

  expect(refusal).toEqual(unavailable)
  expect(inspect(refusal)).not.toContain('secret')
})

test('a message that does not open says only that', async () => {
  const sealer = sealerWith(localProvider)
  const message = await sealer.seal(slot, 'secret')

  const refusals = await Promise.all(
    ['', message.slice(1), message.slice(0, -1)].map((altered) =>
      sealer.open(slot, altered).catch((error) => ({ ...error, message: error.message })),
    ),
  )

  const same = {
    name: 'CryptoError',
    code: 'SEAL_UNOPENABLE',
    message: 'The message does not open',
  }
  expect(refusals).toEqual([same, same, same])
})

function headerOf(message: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(message.split('.')[0] ?? '', 'base64url').toString())
}
