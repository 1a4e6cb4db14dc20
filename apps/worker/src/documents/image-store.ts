import { imageObjectKey } from '@anteroom/job-contracts'
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3'

/** Sealed images in S3. Everything but "there is none" is an ImageStoreError. */
export interface ImageStore {
  /** Bytes of a sealed image; undefined if there is none. */
  sizeOf(key: string, signal: AbortSignal): Promise<number | undefined>
  /** A sealed image of exactly so many bytes. Undefined if it is gone, or is not of that size any more. */
  read(key: string, bytes: number, signal: AbortSignal): Promise<Uint8Array | undefined>
  /** Removing what is not there is no error. At most a thousand keys. */
  remove(keys: readonly string[]): Promise<void>
  /** Removes whatever was uploaded for a submission, handed in or replaced before. */
  removeSubmission(submissionId: string): Promise<void>
  /** At most a thousand at a time, in the order of their keys. */
  page(after: string | undefined): Promise<ImagePage>
}

export interface ImagePage {
  readonly images: readonly StoredImage[]
  /** Where the next page begins; undefined on the last one. */
  readonly next: string | undefined
}

export interface StoredImage {
  readonly key: string
  /** Milliseconds since the epoch, by the clock of S3. */
  readonly storedAt: number
}

export interface ImageStoreOptions {
  readonly bucket: string
  readonly region: string
  /** Another S3 server than AWS's. */
  readonly endpoint?: string | undefined
}

/** Everything we keep lies below this; the worker's role allows nothing else. */
const folder = 'documents/'

export function createImageStore(options: ImageStoreOptions): ImageStore & { close(): void } {
  const { bucket: Bucket } = options
  const client = createClient(options)
  return {
    sizeOf: (Key, abortSignal) =>
      unlessMissing(async () => {
        const head = await client.send(new HeadObjectCommand({ Bucket, Key }), { abortSignal })
        return head.ContentLength
      }),
    read: (Key, bytes, abortSignal) =>
      unlessMissing(async () => {
        const object = await client.send(new GetObjectCommand({ Bucket, Key }), { abortSignal })
        const { Body, ContentLength } = object
        if (!Body || !(Symbol.asyncIterator in Body)) throw new ImageStoreError()
        return collect(Body, ContentLength === bytes ? bytes : 0)
      }),
    remove,
    async removeSubmission(submissionId) {
      // A submission has far fewer uploads than fit on a page.
      const { images } = await page(imageObjectKey(submissionId, ''))
      await remove(images.map(({ key }) => key))
    },
    page: (after) => page(folder, after),
    close: () => client.destroy(),
  }

  async function remove(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return
    const Delete = { Objects: keys.map((Key) => ({ Key })), Quiet: true }
    const { Errors = [] } = await translated(() =>
      client.send(new DeleteObjectsCommand({ Bucket, Delete })),
    )
    if (Errors.length > 0) throw new ImageStoreError()
  }

  async function page(Prefix: string, after?: string): Promise<ImagePage> {
    const list = new ListObjectsV2Command({ Bucket, Prefix, ContinuationToken: after })
    const { Contents = [], NextContinuationToken: next } = await translated(() => client.send(list))
    const images = Contents.flatMap(({ Key: key, LastModified }) =>
      key && LastModified ? [{ key, storedAt: LastModified.getTime() }] : [],
    )
    return { images, next }
  }
}

/** S3 gave no answer that we could use. `cause` is the SDK's error, and goes no further than this process. */
export class ImageStoreError extends Error {
  override readonly name = 'ImageStoreError'
  readonly code = 'IMAGE_STORE_UNAVAILABLE'

  constructor(options?: ErrorOptions) {
    super('The images cannot be reached', options)
  }
}

function createClient({ region, endpoint }: ImageStoreOptions): S3Client {
  return new S3Client({
    region,
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
    // Like the calls to KMS: a kept-alive connection may have died meanwhile.
    maxAttempts: 2,
    // An image says itself, by its tag, whether it is whole.
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: 3_000,
      requestTimeout: 10_000,
      socketTimeout: 10_000,
      throwOnRequestTimeout: true,
    },
  })
}

async function collect(
  body: AsyncIterable<Uint8Array>,
  bytes: number,
): Promise<Uint8Array | undefined> {
  const image = Buffer.allocUnsafeSlow(bytes)
  let at = 0
  for await (const chunk of body) {
    // Leaving the loop ends the download.
    if (at + chunk.length > bytes) return undefined
    image.set(chunk, at)
    at += chunk.length
  }
  return at === bytes && bytes > 0 ? image : undefined
}

async function unlessMissing<T>(call: () => Promise<T>): Promise<T | undefined> {
  try {
    return await call()
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) {
      return undefined
    }
    throw new ImageStoreError({ cause: error })
  }
}

async function translated<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call()
  } catch (error) {
    throw new ImageStoreError({ cause: error })
  }
}
