import { createHash } from 'node:crypto'
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  HeadObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { z } from 'zod'
import { inSlices } from './chunks.ts'
import type { Destination, Place, Upload, UploadPlan } from './destination.ts'
import { createTransferS3, ofS3, type S3Options, statusOf } from './s3-client.ts'
import type { TransferCall } from './source.ts'
import { TransferError } from './transfer-error.ts'

export interface S3DestinationOptions extends S3Options {
  readonly bucket: string
  /** What every key begins with, without slashes around it; may be empty. */
  readonly prefix: string
  /** By which objects are encrypted at rest instead of what the bucket says. */
  readonly kmsKeyId?: string | undefined
}

/** As small as S3 takes them: one is held in memory. */
const usualPartBytes = 5 * 1024 * 1024
const mostParts = 10_000
/** About 52 GB. Larger parts would take more memory than a worker has for a transfer. */
const mostBytes = usualPartBytes * mostParts

const kept = z.object({
  uploadId: z.string(),
  partBytes: z.int().positive(),
  parts: z.array(z.tuple([z.string(), z.string()])),
})

/**
 * A bucket. A file is a multipart upload, each part with its SHA-256; S3 shows nothing of it before it is complete, and then
 * tells the SHA-256 over those of the parts.
 */
export function createS3Destination(options: S3DestinationOptions): Destination {
  const { bucket: Bucket, prefix } = options
  const client = createTransferS3(options)
  const keyOf = ({ path, filename }: Place) => [prefix, path, filename].filter(Boolean).join('/')

  return {
    needsSize: false,
    async find(place, { signal: abortSignal }) {
      const head = new HeadObjectCommand({ Bucket, Key: keyOf(place), ChecksumMode: 'ENABLED' })
      try {
        const { ContentLength: size = 0, ChecksumSHA256: sum } = await client.send(head, {
          abortSignal,
        })
        return { size, proofs: sum === undefined ? [] : [`s3-sha256:${sum}`] }
      } catch (error) {
        if (statusOf(error) === 404) return undefined
        throw ofS3(error, 'destination')
      }
    },
    async remove(place, { signal: abortSignal }) {
      const command = new DeleteObjectCommand({ Bucket, Key: keyOf(place) })
      await client.send(command, { abortSignal }).catch(fail)
    },
    async open(plan, call) {
      const target = { Bucket, Key: keyOf(plan.place) }
      if ((plan.size ?? 0) > mostBytes) throw tooLarge()
      const known = kept.safeParse(plan.resume).data
      const upload = known ?? (await createUpload(client, { target, plan, options, call }))
      return openParts({ client, target, upload, plan, call })
    },
  }
}

interface Target {
  readonly Bucket: string
  readonly Key: string
}

type Kept = z.output<typeof kept>

async function createUpload(
  client: S3Client,
  {
    target,
    plan,
    options,
    call,
  }: { target: Target; plan: UploadPlan; options: S3DestinationOptions; call: TransferCall },
): Promise<Kept> {
  const { kmsKeyId } = options
  const command = new CreateMultipartUploadCommand({
    ...target,
    ContentType: plan.mediaType,
    ChecksumAlgorithm: 'SHA256',
    Metadata: { transfer: plan.transferId },
    ...(kmsKeyId !== undefined && { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId }),
  })
  const { UploadId: uploadId } = await client
    .send(command, { abortSignal: call.signal })
    .catch(fail)
  if (uploadId === undefined) throw new TransferError('destination-unreachable', { cause: 'S3' })
  return { uploadId, partBytes: usualPartBytes, parts: [] }
}

function openParts({
  client,
  target,
  upload: { uploadId: UploadId, partBytes, parts: before },
  plan,
  call: { signal: abortSignal },
}: {
  readonly client: S3Client
  readonly target: Target
  readonly upload: Kept
  readonly plan: UploadPlan
  readonly call: TransferCall
}): Upload {
  /** ETag and SHA-256 (base64) of each. */
  const parts = [...before]
  const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('base64')

  async function send(bytes: Uint8Array): Promise<void> {
    if (parts.length === mostParts) throw tooLarge()
    const ChecksumSHA256 = sumOf(bytes)
    const body = { Body: inSlices(bytes), ContentLength: bytes.length, ChecksumSHA256 }
    const command = new UploadPartCommand({
      ...{ ...target, UploadId, PartNumber: parts.length + 1, ...body },
    })
    const { ETag } = await client.send(command, { abortSignal }).catch(lost)
    if (ETag === undefined) throw new TransferError('destination-unreachable', { cause: 'S3' })
    parts.push([ETag, ChecksumSHA256])
  }

  return {
    offset: before.length * partBytes,
    pieceBytes: partBytes,
    write: send,
    state: (): Kept => ({ uploadId: UploadId, partBytes, parts }),
    proof(last) {
      const sums = [...parts.map(([, sum]) => sum), sumOf(last)]
      const all = Buffer.concat(sums.map((sum) => Buffer.from(sum, 'base64')))
      return `s3-sha256:${sumOf(all)}-${sums.length}`
    },
    async commit(last) {
      await send(last)
      const Parts = parts.map(([ETag, ChecksumSHA256], index) => ({
        ...{ ETag, ChecksumSHA256, PartNumber: index + 1 },
      }))
      const command = new CompleteMultipartUploadCommand({
        ...{ ...target, UploadId, MultipartUpload: { Parts } },
        ...(plan.mustBeNew && { IfNoneMatch: '*' }),
      })
      await client.send(command, { abortSignal }).catch(lost)
    },
    async abort() {
      await client
        .send(new AbortMultipartUploadCommand({ ...target, UploadId }))
        .catch(() => undefined)
    },
  }
}

const tooLarge = () => new TransferError('source-too-large', { cause: 'PARTS' })

function fail(error: unknown): never {
  throw ofS3(error, 'destination')
}

/** That an upload is gone is no refusal: another one may be begun. */
function lost(error: unknown): never {
  if (error instanceof Error && error.name === 'NoSuchUpload') {
    throw new TransferError('destination-unreachable', { cause: 'UPLOAD_GONE', startOver: true })
  }
  throw ofS3(error, 'destination')
}
