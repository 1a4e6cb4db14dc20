/** How files of each type begin. */
const signatures: readonly (readonly [type: string, begins: string, at?: number])[] = [
  ['application/pdf', '%PDF-'],
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8'],
  ['image/tiff', 'II*\0'],
  ['image/tiff', 'MM\0*'],
  ['image/webp', 'WEBP', 8],
  ['application/zip', 'PK\x03\x04'],
  ['application/gzip', '\x1f\x8b'],
]

const unknownMediaType = 'application/octet-stream'

/** What a file is, by its first bytes alone: what its source says or its name ends with may be anything. */
export function mediaTypeOf(first: Uint8Array): string {
  const text = Buffer.from(first.subarray(0, 16)).toString('latin1')
  const found = signatures.find(([, begins, at = 0]) => text.startsWith(begins, at))
  return found?.[0] ?? unknownMediaType
}
