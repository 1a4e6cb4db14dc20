import { GetObjectCommand } from '@aws-sdk/client-s3'
import { createTransferS3, ofS3, type S3Options, statusOf } from './s3-client.ts'
import type { OpenedSource, Source, TransferCall } from './source.ts'
import { suggestedName } from './suggested-name.ts'
import { TransferError } from './transfer-error.ts'

const maxFruitless = 2

/** One object of a bucket. A connection that breaks is taken up again as long as the object is the same. */
export function createS3Source(options: S3Options & { readonly key: string }): Source {
  const { bucket: Bucket, key: Key } = options
  const client = createTransferS3(options)

  async function get({ signal: abortSignal }: TransferCall, rest?: { at: number; etag: string }) {
    const range = rest && { Range: `bytes=${rest.at}-`, IfMatch: rest.etag }
    try {
      const got = await client.send(new GetObjectCommand({ Bucket, Key, ...range }), {
        abortSignal,
      })
      if (!got.Body || !(Symbol.asyncIterator in got.Body)) {
        throw new TransferError('source-unreachable', { cause: 'BODY' })
      }
      // In Node it is a stream of bytes; the SDK's type is of every platform.
      return { ...got, body: got.Body as AsyncIterable<Uint8Array> & { destroy(): void } }
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
        for (;;) {
          const from = at
          try {
            for await (const chunk of current.body) {
              at += chunk.length
              yield chunk
            }
            if (size === undefined || at === size) return
            throw new TransferError('source-incomplete')
          } catch (error) {
            fruitless = at > from ? 0 : fruitless + 1
            if (!etag || fruitless > maxFruitless || call.signal.aborted) {
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
        close() {
          current.body.destroy()
          client.destroy()
        },
      } satisfies OpenedSource
    },
  }
}
