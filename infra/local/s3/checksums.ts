import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

/** A digest that grows with the body; `digest` is base64, as S3 headers have it. */
export interface Checksum {
  update(chunk: Uint8Array): void
  digest(): string
}

const creators = new Map<string, () => Checksum>([
  ['x-amz-checksum-crc32', () => createCrc(crc32)],
  ['x-amz-checksum-crc32c', () => createCrc(crc32c)],
  ['x-amz-checksum-sha1', () => createDigest('sha1')],
  ['x-amz-checksum-sha256', () => createDigest('sha256')],
])

export const isChecksumHeader = (name: string) => /^x-amz-checksum-(crc|sha)/.test(name)

/** Undefined for a checksum that is not known here. */
export function createChecksum(header: string): Checksum | undefined {
  return creators.get(header)?.()
}

export function createDigest(algorithm: 'md5' | 'sha1' | 'sha256'): Checksum {
  const hash = createHash(algorithm)
  return { update: (chunk) => void hash.update(chunk), digest: () => hash.digest('base64') }
}

function createCrc(step: (chunk: Uint8Array, value: number) => number): Checksum {
  let value = 0
  return {
    update: (chunk) => {
      value = step(chunk, value)
    },
    digest: () => {
      const bytes = Buffer.alloc(4)
      bytes.writeUInt32BE(value)
      return bytes.toString('base64')
    },
  }
}

// Castagnoli's polynomial, bits reversed (RFC 3720 section 12.1).
const castagnoli = 0x82f63b78
const crc32cTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = (value >>> 1) ^ (value & 1 ? castagnoli : 0)
  return value
})

function crc32c(chunk: Uint8Array, value: number): number {
  let crc = ~value
  for (const byte of chunk) crc = (crc >>> 8) ^ (crc32cTable[(crc ^ byte) & 0xff] ?? 0)
  return ~crc >>> 0
}
