import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as delay } from 'node:timers/promises'
import { startS3 } from '@anteroom/infra/local/s3.ts'
import {
  ChecksumAlgorithm,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  NoSuchKey,
  NotFound,
  PutObjectCommand,
} from '@aws-sdk/client-s3'
import { expect, onTestFinished, test } from 'vitest'
import { s3Client, startTestS3 } from './local-s3-stack.ts'

const s3 = await startTestS3()
const worker = s3Client(s3.url, 'worker')
const Bucket = 'documents'

test('an object comes back as it was put, with its type, metadata and encryption headers', async () => {
  const Body = randomBytes(70_000)
  await worker.send(
    new PutObjectCommand({
      Bucket,
      Key: 'a folder/ünï+code & more.pdf',
      Body,
      ContentType: 'application/pdf',
      Metadata: { ticket: 'T-1' },
      ServerSideEncryption: 'aws:kms',
      SSEKMSKeyId: 'main',
    }),
  )

  const got = await worker.send(
    new GetObjectCommand({ Bucket, Key: 'a folder/ünï+code & more.pdf' }),
  )

  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(Body)
  expect(got).toMatchObject({
    ContentType: 'application/pdf',
    ContentLength: 70_000,
    Metadata: { ticket: 'T-1' },
    ServerSideEncryption: 'aws:kms',
    SSEKMSKeyId: 'main',
    ETag: `"${createHash('md5').update(Body).digest('hex')}"`,
  })
})

test.each(Object.values(ChecksumAlgorithm).filter((name) => /^(CRC32C?|SHA1|SHA256)$/.test(name)))(
  'a checksum by %s is verified on the way in and on the way out',
  async (ChecksumAlgorithm) => {
    const Key = `checksum-${ChecksumAlgorithm}`
    await worker.send(new PutObjectCommand({ Bucket, Key, Body: 'text', ChecksumAlgorithm }))

    const got = await worker.send(new GetObjectCommand({ Bucket, Key, ChecksumMode: 'ENABLED' }))

    expect(await got.Body?.transformToString()).toBe('text')
    expect(got[`Checksum${ChecksumAlgorithm}` as const]).toEqual(expect.any(String))
  },
)

test('a stream of known length goes in by chunks with its checksum behind', async () => {
  const Body = randomBytes(300_000)
  const put = new PutObjectCommand({
    Bucket,
    Key: 'streamed',
    Body: Readable.from([Body.subarray(0, 100_001), Body.subarray(100_001)]),
    ContentLength: Body.length,
  })

  await worker.send(put)

  const got = await worker.send(new GetObjectCommand({ Bucket, Key: 'streamed' }))
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(Body)
  expect(got.ContentEncoding).toBeUndefined()
})

test.each([
  ['bytes=2-4', '234', 'bytes 2-4/10'],
  ['bytes=7-', '789', 'bytes 7-9/10'],
  ['bytes=-2', '89', 'bytes 8-9/10'],
  ['bytes=8-99', '89', 'bytes 8-9/10'],
])('the range %s is a part of the object', async (Range, text, ContentRange) => {
  await worker.send(new PutObjectCommand({ Bucket, Key: 'range', Body: '0123456789' }))

  const got = await worker.send(new GetObjectCommand({ Bucket, Key: 'range', Range }))

  expect(await got.Body?.transformToString()).toBe(text)
  expect(got.ContentRange).toBe(ContentRange)
})

test('a range beyond the end is refused', async () => {
  await worker.send(new PutObjectCommand({ Bucket, Key: 'range', Body: '0123456789' }))

  const getting = worker.send(new GetObjectCommand({ Bucket, Key: 'range', Range: 'bytes=10-' }))

  await expect(getting).rejects.toMatchObject({ name: 'InvalidRange' })
})

test('a list comes in pages and groups by delimiter', async () => {
  for (const key of ['list/a', 'list/b/1', 'list/b/2', 'list/c', 'list/é', 'other']) {
    await worker.send(new PutObjectCommand({ Bucket, Key: key, Body: 'x' }))
  }
  const names: string[] = []
  let pages = 0
  let ContinuationToken: string | undefined

  do {
    const page = await worker.send(
      new ListObjectsV2Command({
        Bucket,
        Prefix: 'list/',
        Delimiter: '/',
        MaxKeys: 2,
        ContinuationToken,
      }),
    )
    for (const { Key = '' } of page.Contents ?? []) names.push(Key)
    for (const { Prefix = '' } of page.CommonPrefixes ?? []) names.push(Prefix)
    ContinuationToken = page.NextContinuationToken
    pages += 1
  } while (ContinuationToken)

  expect(names).toEqual(['list/a', 'list/b/', 'list/c', 'list/é'])
  expect(pages).toBe(2)
})

test('a list tells sizes, starts after a key, and its names may be URL-encoded', async () => {
  await worker.send(new PutObjectCommand({ Bucket, Key: 'sized/<&>', Body: 'xyz' }))

  const plain = await worker.send(new ListObjectsV2Command({ Bucket, Prefix: 'sized/' }))
  const after = await worker.send(
    new ListObjectsV2Command({ Bucket, Prefix: 'sized/', StartAfter: 'sized/<&>' }),
  )
  const encoded = await worker.send(
    new ListObjectsV2Command({ Bucket, Prefix: 'sized/', EncodingType: 'url' }),
  )

  expect(plain.Contents?.[0]).toMatchObject({ Key: 'sized/<&>', Size: 3 })
  expect(after.KeyCount).toBe(0)
  expect(encoded.Contents?.[0]?.Key).toBe('sized/%3C%26%3E')
})

test('deleting is harmless to repeat, and many keys go at once', async () => {
  for (const key of ['gone/1', 'gone/<2>', 'gone/3']) {
    await worker.send(new PutObjectCommand({ Bucket, Key: key, Body: 'x' }))
  }

  await worker.send(new DeleteObjectCommand({ Bucket, Key: 'gone/1' }))
  await worker.send(new DeleteObjectCommand({ Bucket, Key: 'gone/1' }))
  const many = await worker.send(
    new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: [{ Key: 'gone/<2>' }, { Key: 'gone/3' }] },
    }),
  )

  const left = await worker.send(new ListObjectsV2Command({ Bucket, Prefix: 'gone/' }))
  expect(many.Deleted?.map(({ Key }) => Key)).toEqual(['gone/<2>', 'gone/3'])
  expect(left.KeyCount).toBe(0)
})

test('a missing object is told by the names of AWS', async () => {
  const missing = { Bucket, Key: 'never-was' }

  await expect(worker.send(new GetObjectCommand(missing))).rejects.toBeInstanceOf(NoSuchKey)
  await expect(worker.send(new HeadObjectCommand(missing))).rejects.toBeInstanceOf(NotFound)
})

test('objects expire, from the disk too, and a new one of the same name does not', async () => {
  const object = { Bucket: 'short-lived', Key: 'card' }
  await worker.send(new PutObjectCommand({ ...object, Body: 'old' }))
  await delay(300)

  await expect(worker.send(new HeadObjectCommand(object))).rejects.toBeInstanceOf(NotFound)
  expect(await readdir(join(s3.directory, 'short-lived', 'data'))).toEqual([])

  await worker.send(new PutObjectCommand({ ...object, Body: 'new' }))
  expect((await worker.send(new HeadObjectCommand(object))).ContentLength).toBe(3)
})

test('objects outlive a restart and leave no second copy when overwritten', async () => {
  await worker.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'first' }))
  const before = await readdir(join(s3.directory, Bucket, 'data'))
  await worker.send(new PutObjectCommand({ Bucket, Key: 'kept', Body: 'second' }))
  const restarted = await startS3(s3.options)
  onTestFinished(() => restarted.stop())

  const got = await s3Client(restarted.url, 'worker').send(
    new GetObjectCommand({ Bucket, Key: 'kept' }),
  )

  expect(await got.Body?.transformToString()).toBe('second')
  expect(await readdir(join(s3.directory, Bucket, 'data'))).toHaveLength(before.length)
})

test.each([
  '../escape',
  'a/../../escape',
  '..',
  './.',
  '/absolute',
  'nul\u0000byte',
  '%2e%2e%2fescape',
])('the key %j is a name, not a path', async (Key) => {
  const outside = await readdir(join(s3.directory, '..'))

  await worker.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }))

  const list = await worker.send(new ListObjectsV2Command({ Bucket, EncodingType: 'url' }))
  expect(list.Contents?.map((object) => decodeURIComponent(object.Key ?? ''))).toContain(Key)
  expect(await readdir(join(s3.directory, '..'))).toEqual(outside)
})

test('a bucket is there for those who may list it', async () => {
  await expect(worker.send(new HeadBucketCommand({ Bucket }))).resolves.toBeDefined()
})
