import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import type { WebConfig } from '../config.ts'
import { partsOf } from './parts-of.ts'

/** What a browser needs to send one sealed image straight to S3. */
export interface PresignedUpload {
  readonly url: string
  /** To be sent as they are: they are signed. */
  readonly headers: Readonly<Record<string, string>>
}

export interface PresignOptions {
  /** Of the sealed image, to the byte. */
  readonly bytes: number
  readonly seconds: number
}

/** A sealed image that is in S3 but not an object yet. One of the two must be called. */
export interface HeldImage {
  keep(): Promise<void>
  drop(): Promise<void>
}

/** Where sealed images lie. The web puts them there and can neither read, list nor delete them. */
export interface ImageStore {
  /** Where browsers send images, for the content security policy. */
  origin(): Promise<string>
  presign(key: string, options: PresignOptions): Promise<PresignedUpload>
  /** Takes an image in as it comes, in parts of a bounded size. Fails with `IMAGES_UNAVAILABLE`. */
  hold(key: string, sealed: AsyncIterable<Uint8Array>): Promise<HeldImage>
  close(): void
}

/** Images cannot be stored right now. */
export class ImageStoreError extends Error {
  override readonly name = 'ImageStoreError'
  readonly code = 'IMAGES_UNAVAILABLE'

  constructor(cause: unknown) {
    super('IMAGES_UNAVAILABLE', { cause })
  }
}

type StoreSettings = Pick<WebConfig, 'documentBucket' | 's3Endpoint' | 'awsRegion'>

const contentType = 'application/octet-stream'
// Never written over what is there already.
const onlyNew = '*'
/** The least S3 takes, but for the last part. Each upload under way holds about two of them in memory. */
const partBytes = 5 * 1024 * 1024

export function createImageStore(settings: StoreSettings): ImageStore {
  const { documentBucket: bucket = '' } = settings
  const s3 = createClient(settings)
  const signed = new Set(['content-type', 'content-length', 'if-none-match'])

  const store: ImageStore = {
    async origin() {
      const { url } = await store.presign('documents/', { bytes: 0, seconds: 1 })
      return new URL(url).origin
    },

    async presign(key, { bytes, seconds }) {
      const command = new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        ContentType: contentType,
        ContentLength: bytes,
        IfNoneMatch: onlyNew,
      })
      const url = await orUnavailable(
        getSignedUrl(s3, command, { expiresIn: seconds, signableHeaders: signed }),
      )
      return { url, headers: { 'content-type': contentType, 'if-none-match': onlyNew } }
    },

    hold: (key, sealed) => hold(s3, { Bucket: bucket, Key: key }, sealed),

    close: () => s3.destroy(),
  }
  return store
}

function createClient({ s3Endpoint, awsRegion }: StoreSettings): S3Client {
  return new S3Client({
    region: awsRegion,
    maxAttempts: 2,
    // A presigned URL cannot carry the checksum of what is not known yet.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 2_000,
      requestTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
    ...(s3Endpoint !== undefined && { endpoint: s3Endpoint, forcePathStyle: true }),
  })
}

interface Place {
  readonly Bucket: string
  readonly Key: string
}

async function hold(
  s3: S3Client,
  place: Place,
  sealed: AsyncIterable<Uint8Array>,
): Promise<HeldImage> {
  const begin = new CreateMultipartUploadCommand({ ...place, ContentType: contentType })
  const { UploadId } = await orUnavailable(s3.send(begin))
  const upload = { ...place, UploadId }
  const drop = async () => {
    await orUnavailable(s3.send(new AbortMultipartUploadCommand(upload)))
  }
  const parts: CompletedPart[] = []
  try {
    for await (const Body of partsOf(sealed, partBytes)) {
      const PartNumber = parts.length + 1
      const part = new UploadPartCommand({ ...upload, PartNumber, Body })
      const { ETag } = await orUnavailable(s3.send(part))
      parts.push({ PartNumber, ETag })
    }
  } catch (error) {
    // What cannot be dropped now, the bucket's lifecycle drops.
    await drop().catch(() => undefined)
    throw error
  }
  const whole = { ...upload, IfNoneMatch: onlyNew, MultipartUpload: { Parts: parts } }
  return {
    keep: async () => {
      await orUnavailable(s3.send(new CompleteMultipartUploadCommand(whole)))
    },
    drop,
  }
}

async function orUnavailable<T>(promise: Promise<T>): Promise<T> {
  try {
    return await promise
  } catch (error) {
    throw new ImageStoreError(error)
  }
}
