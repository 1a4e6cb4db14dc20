import { createHash, randomBytes } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { expect, test } from 'vitest'
import { s3Client, startTestS3 } from './local-s3-stack.ts'

const s3 = await startTestS3()
const worker = s3Client(s3.url, 'worker')
const Bucket = 'documents'
const fiveMegabytes = 5 * 1024 * 1024

test('parts become one object with the ETag of S3, whatever order they came in', async () => {
  const [large, small] = [randomBytes(fiveMegabytes), randomBytes(1000)]
  const UploadId = await begin('joined')
  const second = await upload('joined', UploadId, { number: 2, body: small })
  const first = await upload('joined', UploadId, { number: 1, body: large })

  const completed = await complete('joined', UploadId, [first, second])

  const got = await worker.send(new GetObjectCommand({ Bucket, Key: 'joined' }))
  const sums = [large, small].map((part) => createHash('md5').update(part).digest())
  expect(Buffer.from((await got.Body?.transformToByteArray()) ?? [])).toEqual(
    Buffer.concat([large, small]),
  )
  expect(got.ContentType).toBe('application/pdf')
  expect(completed.ETag).toBe(`"${createHash('md5').update(Buffer.concat(sums)).digest('hex')}-2"`)
  expect(await readdir(join(s3.directory, Bucket, 'incoming'))).toEqual([])
})

test('an aborted upload is gone with its parts', async () => {
  const UploadId = await begin('aborted')
  await upload('aborted', UploadId, { number: 1, body: Buffer.from('x') })

  await worker.send(new AbortMultipartUploadCommand({ Bucket, Key: 'aborted', UploadId }))

  const late = upload('aborted', UploadId, { number: 2, body: Buffer.from('x') })
  await expect(late).rejects.toMatchObject({ name: 'NoSuchUpload' })
  expect(await readdir(join(s3.directory, Bucket, 'incoming'))).toEqual([])
})

test('an upload is good for its own key alone', async () => {
  const UploadId = await begin('mine')

  const other = upload('theirs', UploadId, { number: 1, body: Buffer.from('x') })

  await expect(other).rejects.toMatchObject({ name: 'NoSuchUpload' })
})

test('parts that are missing, altered, out of order or too small are refused', async () => {
  const UploadId = await begin('refused')
  const one = await upload('refused', UploadId, { number: 1, body: Buffer.from('one') })
  const two = await upload('refused', UploadId, { number: 2, body: Buffer.from('two') })
  const refusals = [
    ['InvalidPart', [one, { PartNumber: 3, ETag: two.ETag }]],
    ['InvalidPart', [{ ...one, ETag: two.ETag }]],
    ['InvalidPartOrder', [two, one]],
    ['EntityTooSmall', [one, two]],
  ] as const

  for (const [name, parts] of refusals) {
    await expect(complete('refused', UploadId, parts)).rejects.toMatchObject({ name })
  }
})

test('a completed object respects an object that was there before', async () => {
  const first = await begin('once')
  await complete('once', first, [
    await upload('once', first, { number: 1, body: Buffer.from('1') }),
  ])
  const second = await begin('once')
  const part = await upload('once', second, { number: 1, body: Buffer.from('2') })

  const command = completion('once', second, [part])
  command.input.IfNoneMatch = '*'
  const completing = worker.send(command)

  await expect(completing).rejects.toMatchObject({ name: 'PreconditionFailed' })
})

async function begin(Key: string): Promise<string> {
  const command = new CreateMultipartUploadCommand({ Bucket, Key, ContentType: 'application/pdf' })
  const { UploadId = '' } = await worker.send(command)
  return UploadId
}

interface Part {
  readonly number: number
  readonly body: Buffer
}

async function upload(Key: string, UploadId: string, { number: PartNumber, body: Body }: Part) {
  const command = new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body })
  const { ETag = '' } = await worker.send(command)
  return { PartNumber, ETag }
}

type CompletedParts = readonly { readonly PartNumber: number; readonly ETag: string }[]

function complete(Key: string, UploadId: string, Parts: CompletedParts) {
  return worker.send(completion(Key, UploadId, Parts))
}

function completion(Key: string, UploadId: string, Parts: CompletedParts) {
  const MultipartUpload = { Parts: [...Parts] }
  return new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload })
}
