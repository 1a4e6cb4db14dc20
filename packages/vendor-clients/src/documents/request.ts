import type { StreamedBody } from '../http.ts'

export type DocumentType = 'drivers-license' | 'state-id' | 'passport'
export type DocumentSide = 'front' | 'back'

export interface DocumentQuestion {
  readonly type: DocumentType
  readonly images: readonly DocumentFile[]
}

export interface DocumentFile {
  readonly side: DocumentSide
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** A JSON body with the images in base64, made as it is sent: a whole one would take three times their memory. */
export function documentsRequest({ type, images }: DocumentQuestion): StreamedBody {
  const open = `{"document_type":${JSON.stringify(type)},"images":[`
  const heads = images.map(headOf)
  const bytes = images.reduce(
    (sum, image, index) =>
      sum + byteLength(heads[index]) + base64Length(image.bytes) + close.length,
    byteLength(open) + end.length,
  )
  return {
    bytes,
    *chunks() {
      yield open
      for (const [index, image] of images.entries()) {
        yield heads[index] ?? ''
        yield* base64Of(image.bytes)
        yield close
      }
      yield end
    },
  }
}

const close = '"}'
const end = ']}'

function headOf({ side, contentType }: DocumentFile, index: number): string {
  const comma = index === 0 ? '' : ','
  return `${comma}{"side":${JSON.stringify(side)},"content_type":${JSON.stringify(contentType)},"data":"`
}

const byteLength = (text = ''): number => Buffer.byteLength(text)

const base64Length = (bytes: Uint8Array): number => Math.ceil(bytes.length / 3) * 4

/** A multiple of three, so that no piece but the last is padded. */
const sliceBytes = 48 * 1024

function* base64Of(bytes: Uint8Array): Iterable<string> {
  const all = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  for (let at = 0; at < all.length; at += sliceBytes) {
    yield all.toString('base64', at, at + sliceBytes)
  }
}
