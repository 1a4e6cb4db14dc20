import { startKms } from '@anteroom/infra/local/kms.ts'
import {
  DecryptCommand,
  DescribeKeyCommand,
  DisabledException,
  EncryptCommand,
  GenerateDataKeyCommand,
  IncorrectKeyException,
  InvalidCiphertextException,
  KMSClient,
  KMSInternalException,
  NotFoundException,
} from '@aws-sdk/client-kms'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { scratchDirectory } from './local-scratch.ts'

const directory = await scratchDirectory()
const principals = ['web', 'worker', 'ops'].map((name) => ({
  name,
  accessKeyId: `AKIA${name.toUpperCase()}`,
  secretAccessKey: `secret of ${name}`,
}))
const everything = ['GenerateDataKey', 'Encrypt', 'Decrypt', 'DescribeKey'] as const
const options = {
  directory,
  principals,
  keys: [
    {
      id: 'main',
      grants: [
        {
          principal: 'web',
          operations: ['GenerateDataKey'],
          context: { purpose: ['payload', 'session'] },
        },
        { principal: 'web', operations: ['Decrypt'], context: { purpose: ['result', 'session'] } },
        { principal: 'worker', operations: ['Decrypt'], context: { purpose: ['payload'] } },
        { principal: 'ops', operations: everything },
      ],
    },
    { id: 'other', grants: [{ principal: 'ops', operations: everything }] },
    { id: 'off', enabled: false, grants: [{ principal: 'ops', operations: everything }] },
  ],
} as const
const kms = await startKms({ ...options, port: 0 })
afterAll(() => kms.stop())

const web = client('web')
const worker = client('worker')
const ops = client('ops')
const payload = { purpose: 'payload', name: 'resolution-proofing', id: 'job-1' }

test('a data key made by one service is opened by the other, whatever the order of the context', async () => {
  const made = await web.send(dataKey(payload))

  const opened = await worker.send(
    new DecryptCommand({
      CiphertextBlob: made.CiphertextBlob,
      EncryptionContext: { id: 'job-1', name: 'resolution-proofing', purpose: 'payload' },
    }),
  )

  expect(made.Plaintext).toHaveLength(32)
  expect(opened.Plaintext).toEqual(made.Plaintext)
  expect(opened.KeyId).toBe(made.KeyId)
  expect(made.KeyId).toMatch(/^arn:aws:kms:us-east-1:000000000000:key\/main$/)
})

test('what was sealed before a restart opens after it', async () => {
  const sealed = await ops.send(
    new EncryptCommand({ KeyId: 'other', Plaintext: Buffer.from('kept') }),
  )
  const restarted = await startKms({ ...options, port: 0 })
  onTestFinished(() => restarted.stop())

  const opened = await client('ops', { endpoint: restarted.url }).send(
    new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob }),
  )

  expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('kept')
})

test('a key is described by id and by ARN, with its state', async () => {
  const on = await ops.send(new DescribeKeyCommand({ KeyId: 'main' }))
  const off = await ops.send(
    new DescribeKeyCommand({ KeyId: 'arn:aws:kms:us-east-1:000000000000:key/off' }),
  )

  expect(on.KeyMetadata).toMatchObject({ KeyId: 'main', KeyState: 'Enabled' })
  expect(off.KeyMetadata).toMatchObject({ KeyId: 'off', KeyState: 'Disabled', Enabled: false })
})

test.each([
  ['another value', { ...payload, id: 'job-2' }],
  ['one pair more', { ...payload, extra: 'x' }],
  ['one pair less', { purpose: 'payload', name: 'resolution-proofing' }],
])('a context with %s does not open', async (_, context) => {
  const { CiphertextBlob } = await web.send(dataKey(payload))

  const opening = worker.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }))

  await expect(opening).rejects.toBeInstanceOf(InvalidCiphertextException)
})

test('no single flipped bit of a ciphertext opens', async () => {
  const { CiphertextBlob = new Uint8Array() } = await ops.send(
    new EncryptCommand({ KeyId: 'main', Plaintext: Buffer.from('x') }),
  )

  for (let bit = 0; bit < CiphertextBlob.length * 8; bit++) {
    const altered = Uint8Array.from(CiphertextBlob, (byte, i) =>
      i === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte,
    )
    const opening = ops.send(new DecryptCommand({ CiphertextBlob: altered }))
    await expect(opening).rejects.toBeInstanceOf(InvalidCiphertextException)
  }
})

// The SDK has no class for this one: KMS documents it among the errors common to all services.
const accessDenied = { name: 'AccessDeniedException' }

test.each([
  ['the web opening a payload', web, payload],
  ['the worker opening a session', worker, { ...payload, purpose: 'session' }],
  ['the worker opening without a context', worker, undefined],
])('%s is denied', async (_, caller, context) => {
  const { CiphertextBlob } = await ops.send(dataKey(context))

  const opening = caller.send(new DecryptCommand({ CiphertextBlob, EncryptionContext: context }))

  await expect(opening).rejects.toMatchObject(accessDenied)
})

test.each([
  ['the web sealing a result', web, { ...payload, purpose: 'result' }],
  ['the web sealing without a purpose', web, {}],
  ['the worker sealing a payload', worker, payload],
])('%s is denied', async (_, caller, context) => {
  await expect(caller.send(dataKey(context))).rejects.toMatchObject(accessDenied)
})

test('an operation that nobody granted is denied, also to describe', async () => {
  const describing = web.send(new DescribeKeyCommand({ KeyId: 'main' }))
  const sealing = worker.send(new EncryptCommand({ KeyId: 'main', Plaintext: Buffer.from('x') }))

  await expect(describing).rejects.toMatchObject(accessDenied)
  await expect(sealing).rejects.toMatchObject(accessDenied)
})

test('an unknown key, a disabled key and another key are each told by name', async () => {
  const sealed = await ops.send(new EncryptCommand({ KeyId: 'main', Plaintext: Buffer.from('x') }))
  const byOther = new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob, KeyId: 'other' })

  await expect(ops.send(new DescribeKeyCommand({ KeyId: 'none' }))).rejects.toBeInstanceOf(
    NotFoundException,
  )
  await expect(
    ops.send(new GenerateDataKeyCommand({ KeyId: 'off', KeySpec: 'AES_256' })),
  ).rejects.toBeInstanceOf(DisabledException)
  await expect(ops.send(byOther)).rejects.toBeInstanceOf(IncorrectKeyException)
})

test('a key disabled later no longer opens, and does again once enabled', async () => {
  const sealed = await ops.send(new EncryptCommand({ KeyId: 'other', Plaintext: Buffer.from('x') }))
  const opening = new DecryptCommand({ CiphertextBlob: sealed.CiphertextBlob })

  kms.setKeyEnabled('other', false)
  const refused = await ops.send(opening).catch((error: unknown) => error)
  kms.setKeyEnabled('other', true)

  expect(refused).toBeInstanceOf(DisabledException)
  expect((await ops.send(opening)).Plaintext).toEqual(new Uint8Array(Buffer.from('x')))
})

test.each([
  ['no size', {}],
  ['two sizes', { KeySpec: 'AES_256', NumberOfBytes: 32 } as const],
  ['too large a size', { NumberOfBytes: 1025 }],
])('a data key of %s is refused', async (_, size) => {
  const asking = ops.send(new GenerateDataKeyCommand({ KeyId: 'main', ...size }))

  await expect(asking).rejects.toMatchObject({ name: 'ValidationException' })
})

test('plaintext above 4096 bytes is refused', async () => {
  const sealing = ops.send(new EncryptCommand({ KeyId: 'main', Plaintext: Buffer.alloc(4097) }))

  await expect(sealing).rejects.toMatchObject({ name: 'ValidationException' })
})

test.each([
  ['a wrong secret', { credentials: { secretAccessKey: 'guess' } }, 'InvalidSignatureException'],
  ['an unknown key', { credentials: { accessKeyId: 'AKIANOBODY' } }, 'UnrecognizedClientException'],
  ['an unknown token', { credentials: { sessionToken: 'token' } }, 'UnrecognizedClientException'],
  ['another region', { region: 'eu-west-1' }, 'InvalidSignatureException'],
  ['a clock an hour late', { systemClockOffset: -3_600_000 }, 'InvalidSignatureException'],
])('a request signed with %s is refused', async (_, settings, name) => {
  const stranger = client('ops', settings)

  const describing = stranger.send(new DescribeKeyCommand({ KeyId: 'main' }))

  await expect(describing).rejects.toMatchObject({ name })
})

test('a body changed after it was signed is refused', async () => {
  const tampering = client('ops')
  tampering.middlewareStack.add(
    (next) => (args) => {
      // The middleware's request is typed as unknown; this client sends HTTP requests only
      const request = args.request as { body: string }
      request.body = request.body.replace('main', 'Main')
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )

  const sending = tampering.send(new DescribeKeyCommand({ KeyId: 'main' }))

  await expect(sending).rejects.toMatchObject({ name: 'InvalidSignatureException' })
})

test('an unsigned request is refused by name', async () => {
  const headers = { 'x-amz-target': 'TrentService.DescribeKey' }

  const unsigned = await fetch(kms.url, { method: 'POST', body: '{}', headers })

  expect(unsigned.status).toBe(400)
  expect(await unsigned.json()).toMatchObject({ __type: 'MissingAuthenticationTokenException' })
})

test('a KMS that fails, is unreachable or stays silent is noticed by its callers, and can come back', async () => {
  const asking = () =>
    ops.send(new DescribeKeyCommand({ KeyId: 'main' }), { abortSignal: AbortSignal.timeout(300) })
  onTestFinished(() => kms.setCondition('up'))

  kms.setCondition('failing')
  await expect(asking()).rejects.toBeInstanceOf(KMSInternalException)
  kms.setCondition('unreachable')
  await expect(asking()).rejects.toMatchObject({ code: 'ECONNRESET' })
  kms.setCondition('silent')
  await expect(asking()).rejects.toMatchObject({ name: 'AbortError' })
  kms.setCondition('up')
  const before = kms.calls('DescribeKey')

  await asking()

  expect(kms.calls('DescribeKey')).toBe(before + 1)
})

interface ClientSettings {
  readonly endpoint?: string
  readonly region?: string
  readonly systemClockOffset?: number
  readonly credentials?: Partial<Record<'accessKeyId' | 'secretAccessKey' | 'sessionToken', string>>
}

function client(name: string, settings: ClientSettings = {}): KMSClient {
  const { accessKeyId = '', secretAccessKey = '' } =
    principals.find((one) => one.name === name) ?? {}
  const created = new KMSClient({
    endpoint: kms.url,
    region: 'us-east-1',
    maxAttempts: 1,
    ...settings,
    credentials: { accessKeyId, secretAccessKey, ...settings.credentials },
  })
  afterAll(() => created.destroy())
  return created
}

function dataKey(context: Record<string, string> | undefined): GenerateDataKeyCommand {
  return new GenerateDataKeyCommand({
    KeyId: 'main',
    KeySpec: 'AES_256',
    EncryptionContext: context,
  })
}
