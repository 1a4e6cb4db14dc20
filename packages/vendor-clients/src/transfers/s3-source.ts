import { Readable } from 'node:stream'
import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { chunksOf } from './chunks.ts'
import { createTransferS3, ofS3, type S3Options, statusOf } from './s3-client.ts'
import { maxResumptions, type OpenedSource, type Source, type TransferCall } from './source.ts'
import { suggestedName } from './suggested-name.ts'
import { TransferError } from './transfer-error.ts'

const maxFruitless = 2

export interface S3Object {
  readonly bucket: string
  readonly key: string
}

/**
 * Objects of buckets, all by one client. A connection that breaks is taken up again as long as the object is the same. No client is
 * ever destroyed: its connections are those of the worker's one agent, and others' calls are under way on them.
 */
export function createS3Sources(options: S3Options): (object: S3Object) => Source {
  const client = createTransferS3(options)
  return (object) => sourceOf(client, object, options.idleMs)
}

function sourceOf(
  client: S3Client,
  { bucket: Bucket, key: Key }: S3Object,
  idleMs: number,
): Source {
  async function get({ signal: abortSignal }: TransferCall, rest?: { at: number; etag: string }) {
    const range = rest && { Range: `bytes=${rest.at}-`, IfMatch: rest.etag }
    try {
      const got = await client.send(new GetObjectCommand({ Bucket, Key, ...range }), {
        abortSignal,
      })
      // In Node it is a stream of bytes; the SDK's type is of every platform.
      if (!(got.Body instanceof Readable)) {
        throw new TransferError('source-unreachable', { cause: 'BODY' })
      }
      return { ...got, body: got.Body }
    } catch (error) {
      throw statusOf(error) === 412 ? new TransferError('source-changed') : ofS3(error, 'source')
    }
  }

  return {
    async open(call) {
      const first = await get(call)
      const { ContentLength: size, ETag: etag, ContentDisposition: disposition } = first
      let current = first
      const bytes = (async function* () {
        let at = 0
        let fruitless = 0
        let resumptions = 0
        for (;;) {
          const from = at
          try {
            for await (const chunk of chunksOf(current.body, idleMs)) {
              at += chunk.length
              yield chunk
            }
            if (size === undefined || at === size) return
            throw new TransferError('source-incomplete')
          } catch (error) {
            fruitless = at > from ? 0 : fruitless + 1
            resumptions += 1
            const isEnough = fruitless > maxFruitless || resumptions > maxResumptions
            if (!etag || isEnough || call.signal.aborted) {
              throw ofS3(error, 'source')
            }
            current = await get(call, { at, etag })
          }
        }
      })()
      return {
        size,
        etag,
        suggestedName: suggestedName(
          disposition,
          `/${encodeURIComponent(Key.split('/').at(-1) ?? '')}`,
        ),
        bytes,
        close: () => void current.body.destroy(),
      } satisfies OpenedSource
    },
  }
}
