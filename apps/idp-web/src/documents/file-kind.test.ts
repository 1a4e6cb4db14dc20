import { expect, test } from 'vitest'
import { fileKindOf } from './file-kind.ts'

const ascii = (text: string): Uint8Array => new TextEncoder().encode(text)
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values)

test.each([
  ['a JPEG', bytes(0xff, 0xd8, 0xff, 0xe0, 0, 16), 'jpeg'],
  ['a PNG', bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0), 'png'],
  ['a photo of an iPhone', ascii('\0\0\0\x24ftypheic\0\0\0\0'), 'heic'],
  ['a picture in the general HEIF format', ascii('\0\0\0\x24ftypmif1\0\0\0\0'), 'heic'],
  ['a YAML file', ascii('document:\n  first_name: Süsan\n'), 'text'],
  ['a GIF', bytes(0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0), 'other'],
  ['an AVIF', ascii('\0\0\0\x24ftypavif\0\0\0\0'), 'other'],
  ['a PDF', Uint8Array.from([...ascii('%PDF-1.7\n'), 0xe2, 0xe3]), 'other'],
  ['a PNG that lacks its end', bytes(0x89, 0x50, 0x4e), 'other'],
  ['text in another encoding', bytes(0x53, 0xfc, 0x73), 'other'],
  ['an empty file', bytes(), 'other'],
])('%s is told by its bytes', (_what, head, kind) => {
  expect(fileKindOf(head)).toBe(kind)
})

test('text that was cut within a character is still text', () => {
  expect(fileKindOf(ascii('name: Sü').subarray(0, -1))).toBe('text')
})
