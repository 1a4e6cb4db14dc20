import sharp, { type Sharp } from 'sharp'
import { inspectImageFile } from './image-file.ts'
import { isPolyglot } from './polyglot.ts'

/** Why a file is not looked at. */
export type ImageFault = 'damaged' | 'wrong-file' | 'too-large' | 'animated'

/** The image alone: upright, without metadata and whatever else the file held. */
export interface VettedImage {
  /** JPEG. */
  readonly bytes: Uint8Array
  /** In pixels. */
  readonly width: number
  readonly height: number
}

/** Decodes the whole image and encodes it anew. Never throws for what the bytes are. */
export async function vetImage(bytes: Uint8Array): Promise<VettedImage | ImageFault> {
  const fault = findFault(bytes)
  if (fault !== undefined) return fault
  try {
    const { data, info } = await openPicture(bytes)
      .flatten({ background: '#ffffff' })
      .jpeg({ quality: 92 })
      .toBuffer({ resolveWithObject: true })
    return { bytes: data, width: info.width, height: info.height }
  } catch {
    return 'damaged'
  }
}

/** What can be said of a file without decoding it: enough for a decompression bomb, which must not be decoded. */
export function findFault(bytes: Uint8Array): ImageFault | undefined {
  if (bytes.byteLength > maxBytes) return 'too-large'
  const file = inspectImageFile(bytes)
  if (file === undefined) return 'wrong-file'
  if (file === 'damaged') return 'damaged'
  if (file.animated) return 'animated'
  if (file.width === 0 || file.height === 0) return 'damaged'
  if (file.width * file.height > maxPixels || Math.max(file.width, file.height) > maxEdge) {
    return 'too-large'
  }
  return isPolyglot(bytes, file) ? 'wrong-file' : undefined
}

/** A decoder of a file that has no fault, turned as its EXIF orientation says. */
export function openPicture(bytes: Uint8Array): Sharp {
  return sharp(bytes, {
    limitInputPixels: maxPixels,
    failOn: 'error',
    sequentialRead: true,
  }).autoOrient()
}

const maxBytes = 15 * 1024 * 1024

const maxPixels = 40_000_000

/** The most that a JPEG can have on one side. */
const maxEdge = 65_535
