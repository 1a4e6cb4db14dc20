import sharp, { type Sharp } from 'sharp'
import { inspectImageFile } from './image-file.ts'
import { isPolyglot } from './polyglot.ts'
import { type ImageFault, maxVettedBytes, type VettedImage } from './vetted-image.ts'

const vettedLongSide = 4000

/** Decodes the whole image and encodes it anew. Never throws for what the bytes are. */
export async function vetImage(bytes: Uint8Array): Promise<VettedImage | ImageFault> {
  const fault = findFault(bytes)
  if (fault !== undefined) return fault
  try {
    const picture = await openPicture(bytes, vettedLongSide)
    const { data, info } = await picture.jpeg({ quality: 85 }).toBuffer({ resolveWithObject: true })
    if (data.length > maxVettedBytes) return 'too-large'
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
  if (file.heldBytes > maxHeldBytes) return 'too-large'
  return isPolyglot(bytes, file) ? 'wrong-file' : undefined
}

/**
 * A decoder of a file that has no fault: with white for what is transparent, no longer than so many pixels on a side,
 * and turned as its EXIF orientation says. It is turned last: only a small picture is then held as a whole.
 */
export async function openPicture(bytes: Uint8Array, longSide: number): Promise<Sharp> {
  const image = sharp(bytes, {
    limitInputPixels: maxPixels,
    failOn: 'error',
    sequentialRead: true,
  })
  const { orientation = 1 } = await image.metadata()
  const { turn, flip, flop } = orientations[orientation] ?? upright
  return image
    .timeout({ seconds: maxSeconds })
    .flatten({ background: '#ffffff' })
    .resize({ width: longSide, height: longSide, fit: 'inside', withoutEnlargement: true })
    .rotate(turn)
    .flip(flip)
    .flop(flop)
}

/** Stopping the thread would not stop the decoder in it. */
const maxSeconds = 10

const upright = { turn: 0, flip: false, flop: false }

const orientations: Readonly<Record<number, typeof upright>> = {
  2: { ...upright, flop: true },
  3: { ...upright, turn: 180 },
  4: { ...upright, flip: true },
  5: { turn: 270, flip: false, flop: true },
  6: { ...upright, turn: 90 },
  7: { turn: 90, flip: false, flop: true },
  8: { ...upright, turn: 270 },
}

const maxBytes = 15 * 1024 * 1024

const maxPixels = 40_000_000

/** The most that a JPEG can have on one side. */
const maxEdge = 65_535

/** What a decoder holds for images that come in passes. A camera's 40 megapixels are below it. */
const maxHeldBytes = 128 * 1024 * 1024
