import { expect, test } from 'vitest'
import { createQuickXorHash } from './quick-xor-hash.ts'

function hashOf(...chunks: Uint8Array[]): string {
  const hash = createQuickXorHash()
  for (const chunk of chunks) hash.update(chunk)
  return hash.digest()
}

test.each([
  ['', 'AAAAAAAAAAAAAAAAAAAAAAAAAAA='],
  ['Sg==', 'SgAAAAAAAAAAAAAAAQAAAAAAAAA='],
  ['tbQ=', 'taAFAAAAAAAAAAAAAgAAAAAAAAA='],
])('the bytes %s have the hash that is known', (bytes, hash) => {
  expect(hashOf(Buffer.from(bytes, 'base64'))).toBe(hash)
})

test('it is what its definition says, bit by bit, and does not depend on how the bytes are cut', () => {
  const bytes = Buffer.from(Array.from({ length: 1_000 }, (_, at) => (at * 37 + (at >> 3)) % 256))

  expect(hashOf(bytes)).toBe(byDefinition(bytes))
  expect(hashOf(bytes.subarray(0, 7), bytes.subarray(7, 333), bytes.subarray(333))).toBe(
    hashOf(bytes),
  )
})

/** Slow and plain: a number of 160 bits, turned by 11 for each byte. */
function byDefinition(bytes: Uint8Array): string {
  const all = (1n << 160n) - 1n
  const turn = (byte: number, by: bigint) => {
    const wide = BigInt(byte) << by
    return (wide & all) ^ (wide >> 160n)
  }
  let ring = 0n
  for (const [at, byte] of bytes.entries()) ring ^= turn(byte, BigInt((at * 11) % 160))
  ring ^= BigInt(bytes.length) << 96n
  const hex = ring.toString(16).padStart(40, '0')
  return Buffer.from(hex, 'hex').reverse().toString('base64')
}
