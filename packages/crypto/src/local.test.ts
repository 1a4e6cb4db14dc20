import { expect, test } from 'vitest'
import { localKeys } from '../test-data/sealers.ts'
import { createLocalKeyProvider } from './local.ts'

const context = { app: 'anteroom', environment: 'test', purpose: 'payload', name: 'n', id: 'i' }
const unopenable = expect.objectContaining({ code: 'SEAL_UNOPENABLE' })

test('a data key is unwrapped in its context, whatever the order of the members', async () => {
  const provider = createLocalKeyProvider({ keys: localKeys })
  const { plaintext, wrapped, keyId } = await provider.generate(context)
  const reordered = Object.fromEntries(Object.entries(context).reverse())

  const unwrapped = await provider.unwrap(wrapped, keyId, { purpose: 'payload', ...reordered })

  expect(Buffer.from(unwrapped)).toEqual(plaintext)
})

test.each([
  ['another value', { ...context, id: 'j' }],
  ['a member more', { ...context, more: '' }],
  ['a member less', { purpose: 'payload', environment: 'test', name: 'n', id: 'i' }],
  ['a border moved', { ...context, name: '', id: 'ni' }],
])('a context with %s does not unwrap', async (_what, other) => {
  const provider = createLocalKeyProvider({ keys: localKeys })
  const { wrapped, keyId } = await provider.generate(context)

  await expect(provider.unwrap(wrapped, keyId, other)).rejects.toEqual(unopenable)
})

test('a wrapped key of any other size does not unwrap', async () => {
  const provider = createLocalKeyProvider({ keys: localKeys })
  const { wrapped, keyId } = await provider.generate(context)

  const sizes = Array.from({ length: 80 }, (_, size) => size).filter((size) => size !== 60)
  for (const size of sizes) {
    const resized = Buffer.concat([wrapped, Buffer.alloc(20)]).subarray(0, size)
    await expect(provider.unwrap(resized, keyId, context)).rejects.toEqual(unopenable)
  }
})

test('a wrapped key that names another key is not tried', async () => {
  const provider = createLocalKeyProvider({ keys: localKeys })
  const { wrapped } = await provider.generate(context)

  await expect(provider.unwrap(wrapped, 'local:result', context)).rejects.toEqual(unopenable)
})

test('a purpose without a key is refused both ways', async () => {
  const unavailable = expect.objectContaining({ code: 'SEAL_KEYS_UNAVAILABLE' })
  const { payload, ...others } = localKeys
  const provider = createLocalKeyProvider({ keys: others })

  await expect(provider.generate(context)).rejects.toEqual(unavailable)
  await expect(provider.unwrap(new Uint8Array(60), 'local:payload', context)).rejects.toEqual(
    unavailable,
  )
  expect(payload).toHaveLength(32)
})

test('a key of another size than 32 bytes is refused at start', () => {
  const make = () => createLocalKeyProvider({ keys: { session: new Uint8Array(31) } })

  expect(make).toThrow(expect.objectContaining({ code: 'KEYRING_INVALID' }))
})
