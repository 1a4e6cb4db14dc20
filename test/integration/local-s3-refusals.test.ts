import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3'
import { afterEach, expect, test } from 'vitest'
import { maxBytes, s3Client, startTestS3 } from './local-s3-stack.ts'

const s3 = await startTestS3()
const web = s3Client(s3.url, 'web')
const worker = s3Client(s3.url, 'worker')
const stranger = s3Client(s3.url, 'stranger')
await web.send(new PutObjectCommand({ Bucket: 'uploads', Key: 'card', Body: 'front' }))

afterEach(async () => {
  // Whatever was refused must not leave a half-received body.
  expect(await readdir(join(s3.directory, 'uploads', 'incoming'))).toEqual([])
})

const card = { Bucket: 'uploads', Key: 'card' }

test.each<[string, () => Promise<unknown>]>([
  ['the web reading', () => web.send(new GetObjectCommand(card))],
  ['the web listing', () => web.send(new ListObjectsV2Command({ Bucket: 'uploads' }))],
  ['the web deleting', () => web.send(new DeleteObjectCommand(card))],
  ['the worker writing', () => worker.send(new PutObjectCommand({ ...card, Body: 'x' }))],
  [
    'the web in another bucket',
    () => web.send(new PutObjectCommand({ ...card, Bucket: 'documents' })),
  ],
  ['somebody without grants', () => stranger.send(new GetObjectCommand(card))],
])('%s is denied', async (_, attempt) => {
  await expect(attempt()).rejects.toMatchObject({ name: 'AccessDenied' })
})

test('whoever may not list does not learn that a key is missing', async () => {
  const s3Web = web.send(new HeadObjectCommand({ Bucket: 'uploads', Key: 'missing' }))

  await expect(s3Web).rejects.toMatchObject({ $metadata: { httpStatusCode: 403 } })
})

test('deleting many keys without the right answers a refusal for each and deletes none', async () => {
  const Delete = { Objects: [{ Key: 'card' }] }

  const answer = await web.send(new DeleteObjectsCommand({ Bucket: 'uploads', Delete }))

  expect(answer.Errors).toMatchObject([{ Key: 'card', Code: 'AccessDenied' }])
  await expect(worker.send(new HeadObjectCommand(card))).resolves.toBeDefined()
})

test.each([
  ['a wrong secret', { credentials: { secretAccessKey: 'guess' } }, 'SignatureDoesNotMatch'],
  ['an unknown key', { credentials: { accessKeyId: 'AKIANOBODY' } }, 'InvalidAccessKeyId'],
  ['an unknown token', { credentials: { sessionToken: 'token' } }, 'InvalidToken'],
  ['another region', { region: 'eu-west-1' }, 'AuthorizationHeaderMalformed'],
  ['a clock an hour late', { systemClockOffset: -3_600_000 }, 'RequestTimeTooSkewed'],
])('a request signed with %s is refused', async (_, settings, name) => {
  const client = s3Client(s3.url, 'worker', settings)

  await expect(client.send(new GetObjectCommand(card))).rejects.toMatchObject({ name })
})

interface SentRequest {
  readonly path: string
  readonly method: string
  readonly body: unknown
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string | undefined>>
}

type Change = (request: SentRequest) => Partial<SentRequest>

const withHeader =
  (name: string, value: (given: string | undefined) => string | undefined): Change =>
  ({ headers }) => {
    const { [name]: given, ...others } = headers
    const changed = value(given)
    return { headers: changed === undefined ? others : { ...others, [name]: changed } }
  }

test.each<[string, Change, string]>([
  ['another key', () => ({ path: '/uploads/other' }), 'SignatureDoesNotMatch'],
  ['another method', () => ({ method: 'DELETE' }), 'SignatureDoesNotMatch'],
  ['another parameter', () => ({ query: { prefix: 'x' } }), 'SignatureDoesNotMatch'],
  ['another body', () => ({ body: 'BODY' }), 'XAmzContentSHA256Mismatch'],
  ['another signed header', withHeader('x-amz-meta-a', () => 'changed'), 'SignatureDoesNotMatch'],
  ['an unsigned x-amz- header', withHeader('x-amz-meta-b', () => 'added'), 'AccessDenied'],
  [
    'no hash of its body',
    withHeader('x-amz-content-sha256', () => undefined),
    'AuthorizationHeaderMalformed',
  ],
  ['no signature', withHeader('authorization', () => undefined), 'AccessDenied'],
  [
    'a malformed signature',
    withHeader('authorization', (given) => `${given}ff`),
    'AuthorizationHeaderMalformed',
  ],
])('a signed request sent with %s is refused', async (_, change, name) => {
  const client = s3Client(s3.url, 'web', { requestChecksumCalculation: 'WHEN_REQUIRED' })
  changeBeforeSending(client, change)

  const sending = client.send(new PutObjectCommand({ ...card, Body: 'body', Metadata: { a: 'b' } }))

  await expect(sending).rejects.toMatchObject({ name })
})

test.each([
  ['a wrong CRC32', { ChecksumCRC32: 'AAAAAA==' }, 'BadDigest'],
  ['a wrong SHA-256', { ChecksumSHA256: sha256('other') }, 'BadDigest'],
  ['a wrong MD5', { ContentMD5: createHash('md5').update('other').digest('base64') }, 'BadDigest'],
  ['an MD5 that is none', { ContentMD5: 'AAAA' }, 'InvalidDigest'],
  ['a checksum that is not known here', { ChecksumCRC64NVME: 'AAAAAAAAAAA=' }, 'NotImplemented'],
  [
    'a KMS key for an encryption without KMS',
    { ServerSideEncryption: 'AES256', SSEKMSKeyId: 'main' } as const,
    'InvalidArgument',
  ],
  ['a list of access rights', { ACL: 'public-read' } as const, 'NotImplemented'],
])('an upload with %s is refused', async (_, fields, name) => {
  const sending = web.send(
    new PutObjectCommand({ ...card, Key: 'refused', Body: 'body', ...fields }),
  )

  await expect(sending).rejects.toMatchObject({ name })
})

test.each([
  [
    'a wrong checksum behind it',
    '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n',
    'BadDigest',
  ],
  ['no checksum behind it', '5\r\nhello\r\n0\r\n\r\n', 'BadDigest'],
  ['another trailer than announced', '5\r\nhello\r\n0\r\nx-amz-other:1\r\n\r\n', 'InvalidRequest'],
  ['fewer bytes than announced', '4\r\nhell\r\n0\r\n\r\n', 'IncompleteBody'],
  ['a chunk cut short', '5\r\nhel', 'IncompleteBody'],
  ['a chunk longer than its size', '5\r\nhello!\r\n0\r\n\r\n', 'IncompleteBody'],
  [
    'bytes behind its end',
    '5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\nmore',
    'IncompleteBody',
  ],
  ['no chunks at all', 'hello', 'IncompleteBody'],
])('a body in chunks with %s is refused', async (_, body, name) => {
  const client = s3Client(s3.url, 'web')
  changeBeforeSending(client, () => ({ body: Readable.from([body]) }))
  const Body = Readable.from([Buffer.from('hello')])

  const sending = client.send(
    new PutObjectCommand({ ...card, Key: 'chunks', Body, ContentLength: 5 }),
  )

  await expect(sending).rejects.toMatchObject({ name })
})

test('the same body in sound chunks is accepted', async () => {
  const client = s3Client(s3.url, 'web')
  const sound = [
    '3\r\nhe',
    'l\r\n2;x=y\r',
    '\nlo\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n',
    '\r\n',
  ]
  changeBeforeSending(client, () => ({ body: Readable.from(sound) }))
  const Body = Readable.from([Buffer.from('hello')])

  await client.send(new PutObjectCommand({ ...card, Key: 'sound', Body, ContentLength: 5 }))

  const got = await worker.send(new GetObjectCommand({ ...card, Key: 'sound' }))
  expect(await got.Body?.transformToString()).toBe('hello')
})

test.each([
  ['a declared length', 'WHEN_REQUIRED', maxBytes + 1],
  ['a body in chunks', 'WHEN_SUPPORTED', maxBytes + 1],
  ['a body far larger than any buffer', 'WHEN_REQUIRED', 30_000_000],
] as const)(
  'more than the bucket takes is refused by %s',
  async (_, requestChecksumCalculation, size) => {
    const client = s3Client(s3.url, 'web', { requestChecksumCalculation })

    const sending = client.send(
      new PutObjectCommand({ ...card, Key: 'large', Body: Buffer.alloc(size) }),
    )

    await expect(sending).rejects.toMatchObject({ name: 'EntityTooLarge' })
  },
)

test('exactly as much as the bucket takes is accepted', async () => {
  const sending = web.send(
    new PutObjectCommand({ ...card, Key: 'full', Body: Buffer.alloc(maxBytes) }),
  )

  await expect(sending).resolves.toBeDefined()
})

test('of two uploads that must be new, at the same time, one is refused', async () => {
  const put = () =>
    web.send(new PutObjectCommand({ ...card, Key: 'new', Body: 'x', IfNoneMatch: '*' }))

  const outcomes = await Promise.allSettled([put(), put(), put(), put()])

  const refused = outcomes.filter((outcome) => outcome.status === 'rejected')
  expect(refused.map(({ reason }) => reason.name)).toEqual(Array(3).fill('PreconditionFailed'))
})

test.each<[string, () => Promise<unknown>]>([
  ['copying', () => worker.send(new CopyObjectCommand({ ...card, CopySource: 'uploads/card' }))],
  ['tags', () => worker.send(new GetObjectTaggingCommand(card))],
])('%s is refused as not implemented, not passed over', async (_, attempt) => {
  await expect(attempt()).rejects.toMatchObject({ name: 'NotImplemented' })
})

test('a bucket that does not exist and a key that is too long are told by name', async () => {
  const nowhere = worker.send(new GetObjectCommand({ ...card, Bucket: 'nowhere' }))
  const long = web.send(new PutObjectCommand({ ...card, Key: 'x'.repeat(1025), Body: 'x' }))

  await expect(nowhere).rejects.toMatchObject({ name: 'NoSuchBucket' })
  await expect(long).rejects.toMatchObject({ name: 'KeyTooLongError' })
})

test('a client that hangs up in the middle leaves nothing', async () => {
  const hangUp = new AbortController()
  const Body = Readable.from(halfABody(hangUp))
  const half = new PutObjectCommand({ ...card, Key: 'half', Body, ContentLength: 100_000 })

  const sending = web.send(half, { abortSignal: hangUp.signal })

  await expect(sending).rejects.toMatchObject({ name: 'AbortError' })
  await expect.poll(() => readdir(join(s3.directory, 'uploads', 'incoming'))).toEqual([])
})

function changeBeforeSending(client: S3Client, change: Change): void {
  client.middlewareStack.add(
    (next) => (args) => {
      // The middleware's request is typed as unknown; this client sends HTTP requests only
      const request = args.request as SentRequest
      Object.assign(request, change(request))
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

async function* halfABody(hangUp: AbortController): AsyncGenerator<Buffer> {
  yield Buffer.alloc(50_000)
  await expect.poll(() => readdir(join(s3.directory, 'uploads', 'incoming'))).toHaveLength(1)
  hangUp.abort()
}
