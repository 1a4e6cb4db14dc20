import { S3Error } from './error.ts'

/** A trailing header, such as the checksum that was computed while the body was sent. */
export type Trailer = readonly [name: string, value: string]

const maxLineBytes = 1024

/** Takes the chunk framing of `Content-Encoding: aws-chunked` off a body and hands its trailers to `onTrailer`. */
export async function* decodeAwsChunked(
  source: AsyncIterable<Buffer>,
  onTrailer: (trailer: Trailer) => void,
): AsyncGenerator<Buffer> {
  const reader = createByteReader(source)
  for (;;) {
    const size = chunkSize(await reader.line())
    if (size === 0) break
    yield* reader.bytes(size)
    if ((await reader.line()) !== '') throw new S3Error('IncompleteBody')
  }
  for (let line = await reader.line(); line !== ''; line = await reader.line()) {
    const [name = '', ...value] = line.split(':')
    onTrailer([name.trim().toLowerCase(), value.join(':').trim()])
  }
  if (await reader.hasMore()) throw new S3Error('IncompleteBody')
}

function chunkSize(line: string): number {
  const [, size] = /^([0-9a-f]{1,8})(?:;.*)?$/i.exec(line) ?? []
  if (size === undefined) throw new S3Error('IncompleteBody')
  return Number.parseInt(size, 16)
}

interface ByteReader {
  /** Up to the next CRLF, which is taken off. */
  line(): Promise<string>
  bytes(count: number): AsyncGenerator<Buffer>
  hasMore(): Promise<boolean>
}

function createByteReader(source: AsyncIterable<Buffer>): ByteReader {
  const iterator = source[Symbol.asyncIterator]()
  let held: Buffer = Buffer.alloc(0)
  const pull = async () => {
    const { done, value } = await iterator.next()
    if (!done) held = held.length === 0 ? value : Buffer.concat([held, value])
    return !done
  }
  const take = (count: number) => {
    const taken = held.subarray(0, count)
    held = held.subarray(count)
    return taken
  }
  return {
    line: async () => {
      for (;;) {
        const end = held.indexOf('\r\n')
        if (end >= 0) return take(end + 2).toString('latin1', 0, end)
        if (held.length > maxLineBytes || !(await pull())) throw new S3Error('IncompleteBody')
      }
    },
    bytes: async function* (count) {
      for (let left = count; left > 0; ) {
        if (held.length === 0 && !(await pull())) throw new S3Error('IncompleteBody')
        const taken = take(left)
        left -= taken.length
        if (taken.length > 0) yield taken
      }
    },
    hasMore: async () => held.length > 0 || (await pull()),
  }
}
