/** What a file is, by its first bytes: its name and its declared type are only claims. Told in browsers as well. */
export type FileKind = 'jpeg' | 'png' | 'heic' | 'text' | 'other'

/** @param head The first bytes of the file, all of it if it is short. */
export function fileKindOf(head: Uint8Array): FileKind {
  if (startsWith(head, [0xff, 0xd8, 0xff])) return 'jpeg'
  if (startsWith(head, [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])) return 'png'
  if (isHeic(head)) return 'heic'
  return isText(head) ? 'text' : 'other'
}

function startsWith(head: Uint8Array, magic: readonly number[]): boolean {
  return head.length >= magic.length && magic.every((byte, at) => head[at] === byte)
}

/** Brands of ISO/IEC 23008-12 with pictures in HEVC. */
const heicBrands = ['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'mif1', 'msf1']

function isHeic(head: Uint8Array): boolean {
  const ascii = String.fromCharCode(...head.subarray(4, 12))
  return ascii.startsWith('ftyp') && heicBrands.includes(ascii.slice(4))
}

/** UTF-8 with none of the characters that only programs write. */
function isText(head: Uint8Array): boolean {
  if (head.length === 0) return false
  const decoder = new TextDecoder('utf-8', { fatal: true })
  try {
    // The last character may be cut in two.
    const text = decoder.decode(head, { stream: true })
    return !Array.from(text).some((character) => character < ' ' && !'\t\n\r'.includes(character))
  } catch {
    return false
  }
}
