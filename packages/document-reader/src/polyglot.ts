import type { ImageFile } from './image-file.ts'

/**
 * Whether the file is also something else that a program would open or run. Phones append things of their own to
 * photos (a depth map, a second of film), so that it is not enough that anything follows the image.
 */
export function isPolyglot(bytes: Uint8Array, image: ImageFile): boolean {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const after = buffer.subarray(image.end)
  // PDF readers look for the header anywhere in the first kilobyte, ZIP programs for the directory at the end.
  const before = buffer.subarray(0, 1024)
  return (
    foreign.some((signature) => after.includes(signature)) ||
    markup.test(after.toString('latin1')) ||
    markup.test(before.toString('latin1')) ||
    before.includes('%PDF-')
  )
}

const foreign = [
  '%PDF-',
  'PK\x03\x04',
  'PK\x05\x06',
  'Rar!\x1a\x07',
  '7z\xbc\xaf\x27\x1c',
  '\x7fELF',
].map((signature) => Buffer.from(signature, 'latin1'))

const markup = /<(?:!doctype|html|script|svg|\?php)|^#!\//i
