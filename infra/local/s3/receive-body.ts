import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { decodeAwsChunked } from './aws-chunked.ts'
import type { S3Call } from './call.ts'
import { type Checksum, createChecksum, createDigest, isChecksumHeader } from './checksums.ts'
import { S3Error } from './error.ts'

export interface ReceivedBody {
  readonly size: number
  readonly md5: Buffer
  /** The checksum headers that were given and hold. */
  readonly checksums: Readonly<Record<string, string>>
}

const unsignedPayload = 'UNSIGNED-PAYLOAD'
const chunkedPayload = 'STREAMING-UNSIGNED-PAYLOAD-TRAILER'

/** Streams the body of a call into a new file and checks its length and every digest that came with it. */
export async function receiveBody(call: S3Call, file: string): Promise<ReceivedBody> {
  const length = declaredLength(call)
  if (length > call.bucket.maxBytes) throw new S3Error('EntityTooLarge')

  const expected = expectedDigests(call)
  const meter = createMeter(call.bucket.maxBytes, expected)
  // Leaving the loop early must not destroy the request: the refusal is still to be sent on its connection.
  const raw: AsyncIterable<Buffer> = call.request.iterator({ destroyOnReturn: false })
  const body = isChunked(call)
    ? decodeAwsChunked(raw, ([name, value]) => expected.expectTrailer(name, value))
    : raw
  await pipeline(body, meter.measure, createWriteStream(file, { flags: 'wx' }))
  if (meter.size() !== length) throw new S3Error('IncompleteBody')
  return { size: length, ...expected.verify() }
}

function isChunked(call: S3Call): boolean {
  return call.payloadHash === chunkedPayload
}

function declaredLength(call: S3Call): number {
  const text = isChunked(call)
    ? call.header('x-amz-decoded-content-length')
    : call.header('content-length')
  if (text === undefined) throw new S3Error('MissingContentLength')
  if (!/^\d{1,15}$/.test(text)) throw new S3Error('InvalidArgument')
  return Number(text)
}

interface Meter {
  measure(source: AsyncIterable<Buffer>): AsyncGenerator<Buffer>
  size(): number
}

function createMeter(maxBytes: number, digests: ExpectedDigests): Meter {
  let size = 0
  return {
    size: () => size,
    measure: async function* (source) {
      for await (const chunk of source) {
        size += chunk.length
        if (size > maxBytes) throw new S3Error('EntityTooLarge')
        digests.update(chunk)
        yield chunk
      }
    },
  }
}

interface ExpectedDigests {
  update(chunk: Buffer): void
  expectTrailer(name: string, value: string): void
  verify(): Pick<ReceivedBody, 'md5' | 'checksums'>
}

function expectedDigests(call: S3Call): ExpectedDigests {
  const md5 = createDigest('md5')
  const contentMd5 = readContentMd5(call)
  const sha256 = signedHash(call)
  const checksums = expectedChecksums(call)
  return {
    update: (chunk) => {
      md5.update(chunk)
      sha256?.hash.update(chunk)
      checksums.update(chunk)
    },
    expectTrailer: checksums.expectTrailer,
    verify: () => {
      const digest = md5.digest()
      if (contentMd5 !== undefined && contentMd5 !== digest) throw new S3Error('BadDigest')
      if (sha256 && sha256.expected !== sha256.hash.digest()) {
        throw new S3Error('XAmzContentSHA256Mismatch')
      }
      return { md5: Buffer.from(digest, 'base64'), checksums: checksums.verify() }
    },
  }
}

/** The x-amz-checksum- headers; the one that x-amz-trailer names comes behind the body. */
function expectedChecksums(call: S3Call) {
  const trailer = call.header('x-amz-trailer')?.toLowerCase()
  const values = new Map<string, string>()
  for (const name of call.headerNames().filter(isChecksumHeader)) {
    values.set(name, call.header(name) ?? '')
  }
  const checksums = new Map<string, Checksum>()
  for (const name of trailer === undefined ? values.keys() : [...values.keys(), trailer]) {
    const checksum = createChecksum(name)
    // A checksum that is not known here is refused, never left unchecked.
    if (!checksum) throw new S3Error('NotImplemented')
    checksums.set(name, checksum)
  }
  return {
    update: (chunk: Buffer) => {
      for (const checksum of checksums.values()) checksum.update(chunk)
    },
    expectTrailer: (name: string, value: string) => {
      if (name !== trailer) throw new S3Error('InvalidRequest')
      values.set(name, value)
    },
    verify: () => {
      for (const [name, checksum] of checksums) {
        if (values.get(name) !== checksum.digest()) throw new S3Error('BadDigest')
      }
      return Object.fromEntries(values)
    },
  }
}

function readContentMd5(call: S3Call): string | undefined {
  const given = call.header('content-md5')
  if (given !== undefined && Buffer.from(given, 'base64').length !== 16) {
    throw new S3Error('InvalidDigest')
  }
  return given
}

function signedHash(call: S3Call): { hash: Checksum; expected: string } | undefined {
  const { payloadHash } = call
  if (payloadHash === unsignedPayload || payloadHash === chunkedPayload) return undefined
  if (payloadHash.startsWith('STREAMING-')) throw new S3Error('NotImplemented')
  if (!/^[0-9a-f]{64}$/.test(payloadHash)) throw new S3Error('InvalidArgument')
  return {
    hash: createDigest('sha256'),
    expected: Buffer.from(payloadHash, 'hex').toString('base64'),
  }
}
