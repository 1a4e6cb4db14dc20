import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { type KmsAnswer, type KmsCall, scriptedKms } from '../test-data/scripted-kms.ts'
import { sealerWith, slot } from '../test-data/sealers.ts'
import { createKmsKeyProvider } from './kms.ts'

const keyId = 'arn:aws:kms:us-east-1:000000000000:key/now'
const context = { app: 'anteroom', environment: 'test', ...slot }
const unopenable = expect.objectContaining({ code: 'SEAL_UNOPENABLE' })
const unavailable = expect.objectContaining({ code: 'SEAL_KEYS_UNAVAILABLE' })

/** Keeps data keys by wrapped key and context, as KMS does in effect. */
function rememberingKms(): (call: KmsCall) => KmsAnswer {
  const held = new Map<string, string>()
  const place = (blob: unknown, { EncryptionContext, KeyId }: KmsCall['input']) =>
    JSON.stringify([blob, EncryptionContext, KeyId])
  return ({ operation, input }) => {
    if (operation === 'Decrypt') {
      const Plaintext = held.get(place(input.CiphertextBlob, input))
      return Plaintext ? { Plaintext } : 'InvalidCiphertextException'
    }
    const blob = randomBytes(150).toString('base64')
    held.set(place(blob, input), randomBytes(32).toString('base64'))
    return { CiphertextBlob: blob, Plaintext: held.get(place(blob, input)), KeyId: 'an ARN' }
  }
}

test('a message sealed with a data key of KMS opens with it, in its slot alone', async () => {
  await using kms = await scriptedKms(rememberingKms())
  const sealer = sealerWith(createKmsKeyProvider({ client: kms.client, keyId }))

  const message = await sealer.seal(slot, 'secret')

  expect(String(await sealer.open(slot, message))).toBe('secret')
  await expect(sealer.open({ ...slot, id: 'other' }, message)).rejects.toEqual(unopenable)
})

test('each message costs one call, which names key and slot and holds nothing else', async () => {
  await using kms = await scriptedKms(rememberingKms())
  const sealer = sealerWith(createKmsKeyProvider({ client: kms.client, keyId }))

  await sealer.open(slot, await sealer.seal(slot, 'secret'))

  expect(kms.calls).toEqual([
    {
      operation: 'GenerateDataKey',
      input: { KeyId: keyId, KeySpec: 'AES_256', EncryptionContext: context },
    },
    {
      operation: 'Decrypt',
      input: { KeyId: keyId, CiphertextBlob: expect.any(String), EncryptionContext: context },
    },
  ])
})

test('after a change of keys old messages open with the key they name', async () => {
  await using kms = await scriptedKms(rememberingKms())
  const before = sealerWith(createKmsKeyProvider({ client: kms.client, keyId: 'old' }))
  const after = sealerWith(
    createKmsKeyProvider({ client: kms.client, keyId, olderKeyIds: ['old'] }),
  )

  const message = await before.seal(slot, 'secret')

  expect(String(await after.open(slot, message))).toBe('secret')
})

test('a message that names a key which is not listed is refused without asking KMS', async () => {
  await using kms = await scriptedKms(rememberingKms())
  const provider = createKmsKeyProvider({ client: kms.client, keyId })

  const unwrapped = provider.unwrap(new Uint8Array(150), 'somebody-elses', context)

  await expect(unwrapped).rejects.toEqual(unopenable)
  expect(kms.calls).toEqual([])
})

test.each(['InvalidCiphertextException', 'IncorrectKeyException'])(
  'a wrapped key that KMS answers with %s makes the message unopenable',
  async (name) => {
    await using kms = await scriptedKms(() => name)
    const provider = createKmsKeyProvider({ client: kms.client, keyId })

    const refusal = await provider
      .unwrap(new Uint8Array(150), keyId, context)
      .catch((error: unknown) => error)

    expect(refusal).toEqual(unopenable)
    expect(refusal).not.toHaveProperty('cause')
  },
)

test.each([
  'AccessDeniedException',
  'DisabledException',
  'NotFoundException',
  'KMSInvalidStateException',
  'UnrecognizedClientException',
])('%s is trouble with the keys, not with the message', async (name) => {
  await using kms = await scriptedKms(() => name)
  const provider = createKmsKeyProvider({ client: kms.client, keyId })

  await expect(provider.generate(context)).rejects.toEqual(unavailable)
  await expect(provider.unwrap(new Uint8Array(150), keyId, context)).rejects.toEqual(unavailable)
})

test.each([
  ['no data key', {}],
  [
    'a data key of 16 bytes',
    { Plaintext: randomBytes(16).toString('base64'), CiphertextBlob: 'AAAA' },
  ],
  ['no wrapped key', { Plaintext: randomBytes(32).toString('base64') }],
])('an answer with %s is refused', async (_what, reply) => {
  await using kms = await scriptedKms(() => reply)
  const provider = createKmsKeyProvider({ client: kms.client, keyId })

  await expect(provider.generate(context)).rejects.toEqual(unavailable)
})

test('while KMS does not answer, sealing and opening are refused at the deadline', async () => {
  await using kms = await scriptedKms(() => undefined)
  const provider = createKmsKeyProvider({ client: kms.client, keyId, timeoutMs: 50 })
  const startedAt = performance.now()

  await expect(provider.generate(context)).rejects.toEqual(unavailable)
  await expect(provider.unwrap(new Uint8Array(150), keyId, context)).rejects.toEqual(unavailable)

  expect(performance.now() - startedAt).toBeLessThan(1000)
})

test('while KMS is down, sealing is refused', async () => {
  const kms = await scriptedKms(() => undefined)
  await kms[Symbol.asyncDispose]()
  const sealer = sealerWith(createKmsKeyProvider({ client: kms.client, keyId, timeoutMs: 300 }))

  await expect(sealer.seal(slot, 'secret')).rejects.toEqual(unavailable)
})

test.each(['alias/anteroom', 'arn:aws:kms:us-east-1:000000000000:alias/anteroom', ''])(
  'the key id %j is refused at start, because it names no key for good',
  async (alias) => {
    await using kms = await scriptedKms(() => undefined)
    const make = () => createKmsKeyProvider({ client: kms.client, keyId: alias })

    expect(make).toThrow(expect.objectContaining({ code: 'KEYRING_INVALID' }))
  },
)
