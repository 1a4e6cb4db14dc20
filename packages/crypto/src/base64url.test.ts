import { expect, test } from 'vitest'
import { fromBase64url, toBase64url } from './base64url.ts'

test('bytes of every length come back as they were', () => {
  for (let length = 0; length < 70; length++) {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 89) % 256))

    expect(fromBase64url(toBase64url(bytes))).toEqual(bytes)
  }
})

test('a view into a larger buffer encodes only what it shows', () => {
  const view = new Uint8Array([1, 2, 3, 4, 5]).subarray(1, 3)

  expect(toBase64url(view)).toBe('AgM')
})

test.each([
  ['padding', 'AgM='],
  ['the alphabet of plain base64', '-_-_'.replaceAll('-', '+').replaceAll('_', '/')],
  ['white space', 'Ag M'],
  ['a line break at the end', 'AgM\n'],
  ['bits set after the last byte', 'AgN'],
  ['a single character', 'A'],
  ['a foreign character', 'Ag*M'],
  ['a letter that is none of ASCII', 'AgМ'],
])('a spelling with %s is refused', (_what, text) => {
  expect(fromBase64url(text)).toBeUndefined()
})
