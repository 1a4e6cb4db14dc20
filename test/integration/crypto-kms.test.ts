import {
  type CryptoErrorCode,
  createKeyring,
  createKmsKeyProvider,
  createSealer,
  type KmsKeyProviderOptions,
  type Sealer,
  type Slot,
} from '@anteroom/crypto'
import { type KmsCondition, startKms } from '@anteroom/infra/local/kms.ts'
import { KMSClient } from '@aws-sdk/client-kms'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { scratchDirectory } from './local-scratch.ts'

const principals = ['web', 'worker', 'all'].map((name) => ({
  name,
  accessKeyId: `AKIA${name.toUpperCase()}`,
  secretAccessKey: `secret of ${name}`,
}))
const all = { principal: 'all', operations: ['GenerateDataKey', 'Decrypt'] } as const
const kms = await startKms({
  port: 0,
  directory: await scratchDirectory(),
  principals,
  keys: [
    {
      id: 'main',
      grants: [
        all,
        { principal: 'web', operations: ['GenerateDataKey'], context: { purpose: ['payload'] } },
        { principal: 'web', operations: ['Decrypt'], context: { purpose: ['result'] } },
        { principal: 'worker', operations: ['Decrypt'], context: { purpose: ['payload'] } },
        { principal: 'worker', operations: ['GenerateDataKey'], context: { purpose: ['result'] } },
      ],
    },
    { id: 'old', grants: [all] },
  ],
})
afterAll(() => kms.stop())
beforeEach(() => {
  kms.setCondition('up')
  kms.setKeyEnabled('main', true)
})

const slot: Slot = { purpose: 'payload', name: 'resolution-proofing', id: 'job-1' }

function sealerOf(
  principal: string,
  options: Partial<KmsKeyProviderOptions> & { environment?: string } = {},
): Sealer {
  const client = new KMSClient({
    endpoint: kms.url,
    region: 'us-east-1',
    credentials: {
      accessKeyId: `AKIA${principal.toUpperCase()}`,
      secretAccessKey: `secret of ${principal}`,
    },
    maxAttempts: 1,
  })
  return createSealer({
    provider: createKmsKeyProvider({ client, keyId: 'main', timeoutMs: 5000, ...options }),
    keyring: createKeyring([{ id: '2026-11', key: new Uint8Array(32).fill(1) }]),
    environment: options.environment ?? 'test',
  })
}

const refusal = (code: CryptoErrorCode) => expect.objectContaining({ code })

test('what the web seals the worker opens, and the other way round', async () => {
  const [web, worker] = [sealerOf('web'), sealerOf('worker')]
  const answer: Slot = { ...slot, purpose: 'result' }

  const payload = await worker.open(slot, await web.seal(slot, 'question'))
  const result = await web.open(answer, await worker.seal(answer, 'answer'))

  expect([String(payload), String(result)]).toEqual(['question', 'answer'])
})

test('a service cannot open what it seals for the other', async () => {
  const web = sealerOf('web')
  const message = await web.seal(slot, 'question')

  await expect(web.open(slot, message)).rejects.toEqual(refusal('SEAL_KEYS_UNAVAILABLE'))
  await expect(sealerOf('worker').seal(slot, 'x')).rejects.toEqual(refusal('SEAL_KEYS_UNAVAILABLE'))
})

test('a message opens in no other slot', async () => {
  const slots = (['payload', 'result'] as const).flatMap((purpose) =>
    ['resolution-proofing', 'address-proofing'].flatMap((name) =>
      ['job-1', 'job-2'].flatMap((id) =>
        ['production', 'staging'].map((environment) => ({ purpose, name, id, environment })),
      ),
    ),
  )
  const sealers = new Map(
    ['production', 'staging'].map((environment) => [environment, sealerOf('all', { environment })]),
  )
  const codes: string[] = []

  for (const home of slots) {
    const message = await sealers.get(home.environment)?.seal(home, 'x')
    for (const tried of slots) {
      const opened = sealers.get(tried.environment)?.open(tried, message ?? '')
      const code = await opened?.then(
        () => (tried === home ? 'opened' : 'opened elsewhere'),
        (error) => error.code,
      )
      codes.push(code)
    }
  }

  expect(codes.filter((code) => code === 'opened')).toHaveLength(16)
  expect(codes.filter((code) => code === 'SEAL_UNOPENABLE')).toHaveLength(16 * 15)
})

test('no message opens with one bit of its wrapped data key flipped', async () => {
  const sealer = sealerOf('all')
  const [first = '', ...rest] = (await sealer.seal(slot, 'x')).split('.')
  const header = JSON.parse(String(Buffer.from(first, 'base64url')))
  const wrapped = Buffer.from(header.edk, 'base64url')
  const codes = new Set<unknown>()

  for (let bit = 0; bit < wrapped.length * 8; bit++) {
    const flipped = Buffer.from(wrapped)
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    const changed = JSON.stringify({ ...header, edk: flipped.toString('base64url') })
    const message = [Buffer.from(changed).toString('base64url'), ...rest].join('.')
    const code = await sealer.open(slot, message).then(
      () => 'opened',
      (error) => error.code,
    )
    codes.add(code)
  }

  expect([...codes]).toEqual(['SEAL_UNOPENABLE'])
})

test('after a change of the KMS key old messages open and new ones need the new key', async () => {
  const before = sealerOf('all', { keyId: 'old' })
  const after = sealerOf('all', { keyId: 'main', olderKeyIds: ['old'] })

  const [oldMessage, newMessage] = [await before.seal(slot, 'old'), await after.seal(slot, 'new')]

  expect(String(await after.open(slot, oldMessage))).toBe('old')
  expect(String(await after.open(slot, newMessage))).toBe('new')
  await expect(before.open(slot, newMessage)).rejects.toEqual(refusal('SEAL_UNOPENABLE'))
})

test.each<KmsCondition>(['failing', 'unreachable', 'silent'])(
  'while KMS is %s nothing is sealed or opened; once it is back, both work',
  async (condition) => {
    const sealer = sealerOf('all', { timeoutMs: 300 })
    const message = await sealer.seal(slot, 'x')

    kms.setCondition(condition)
    await expect(sealer.seal(slot, 'y')).rejects.toEqual(refusal('SEAL_KEYS_UNAVAILABLE'))
    await expect(sealer.open(slot, message)).rejects.toEqual(refusal('SEAL_KEYS_UNAVAILABLE'))
    kms.setCondition('up')

    expect(String(await sealer.open(slot, message))).toBe('x')
    expect(await sealer.seal(slot, 'y')).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
  },
)

test('while the key is disabled nothing is sealed or opened', async () => {
  const sealer = sealerOf('all')
  const message = await sealer.seal(slot, 'x')

  kms.setKeyEnabled('main', false)

  await expect(sealer.seal(slot, 'y')).rejects.toEqual(refusal('SEAL_KEYS_UNAVAILABLE'))
  await expect(sealer.open(slot, message)).rejects.toEqual(refusal('SEAL_KEYS_UNAVAILABLE'))
})
