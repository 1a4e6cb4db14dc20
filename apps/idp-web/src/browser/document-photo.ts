import { fileKindOf } from '../documents/file-kind.ts'
import { type Hint, hintsOf } from './document-hints.ts'
import { greyOf, type Measures, measure } from './document-measures.ts'

export interface Photo {
  readonly contentType: string
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly hints: readonly Hint[]
  /** A small copy to look at; a file of the sandbox has none. */
  readonly preview?: HTMLCanvasElement
}

/** Why a file cannot be sent at all. */
export type Refusal = 'wrong-file' | 'too-large' | 'damaged'

export type Looked =
  | { readonly state: 'photo'; readonly photo: Photo }
  | { readonly state: 'refused'; readonly reason: Refusal }

export interface PhotoRules {
  readonly maxBytes: number
  readonly fixtures: boolean
}

/** Makes of a file what can be sent, unchanged where possible, and says what speaks against it. */
export async function lookAt(file: Blob, rules: PhotoRules): Promise<Looked> {
  const kind = fileKindOf(new Uint8Array(await file.slice(0, headBytes).arrayBuffer()))
  if (kind === 'text' && rules.fixtures && file.size <= headBytes) {
    return { state: 'photo', photo: await photoOf(file, 'text/yaml', []) }
  }
  if (kind === 'text' || kind === 'other') return { state: 'refused', reason: 'wrong-file' }
  if (file.size > mostBytes) return { state: 'refused', reason: 'too-large' }
  const bitmap = await createImageBitmap(file).catch(() => undefined)
  // Few browsers open HEIC; the others need another format.
  if (!bitmap) return { state: 'refused', reason: kind === 'heic' ? 'wrong-file' : 'damaged' }
  const isSendable =
    kind !== 'heic' && file.size <= rules.maxBytes && bitmap.width * bitmap.height <= mostPixels
  return lookAtPicture(bitmap, isSendable ? file : undefined, rules).finally(() => bitmap.close())
}

/** How bright, sharp and blank something is that can be drawn, measured on a small copy. */
export function lookAtSmall(source: CanvasImageSource, size: Size): SmallCopy {
  const canvas = drawScaled(source, size, smallSide)
  const pixels = contextOf(canvas).getImageData(0, 0, canvas.width, canvas.height)
  const grey = greyOf(pixels.data, pixels.width, pixels.height)
  return { canvas, measures: measure(grey) }
}

/** @throws {Error} The picture is too large for this browser. */
export function toJpeg(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    const done = (blob: Blob | null) =>
      blob ? resolve(blob) : reject(new Error('The photo could not be written'))
    canvas.toBlob(done, 'image/jpeg', 0.92)
  })
}

interface Size {
  readonly width: number
  readonly height: number
}

interface SmallCopy {
  readonly canvas: HTMLCanvasElement
  readonly measures: Measures
}

/** Enough to tell every kind of file, and more than any file of the sandbox. */
const headBytes = 64 * 1024
/** Larger files are not even opened: a photo is none of them. */
const mostBytes = 100 * 1024 * 1024
/** As many as whoever reads the document takes. */
const mostPixels = 40_000_000
/** Longer side of a photo that has to be written anew. */
const largeSide = 3_000
/** Longer side of the copy that is shown and measured. */
const smallSide = 600

async function lookAtPicture(
  bitmap: ImageBitmap,
  file: Blob | undefined,
  { maxBytes }: PhotoRules,
): Promise<Looked> {
  const sent = file ?? (await toJpeg(drawScaled(bitmap, bitmap, largeSide)))
  if (sent.size > maxBytes) return { state: 'refused', reason: 'too-large' }
  const { canvas, measures } = lookAtSmall(bitmap, bitmap)
  const contentType = fileKindOf(await headOf(sent)) === 'png' ? 'image/png' : 'image/jpeg'
  const photo = await photoOf(sent, contentType, hintsOf(measures, bitmap))
  return { state: 'photo', photo: { ...photo, preview: canvas } }
}

async function photoOf(
  file: Blob,
  contentType: string,
  hints: readonly Hint[],
): Promise<Omit<Photo, 'preview'>> {
  return { contentType, bytes: new Uint8Array(await file.arrayBuffer()), hints }
}

async function headOf(file: Blob): Promise<Uint8Array> {
  return new Uint8Array(await file.slice(0, 16).arrayBuffer())
}

/** Nothing is made larger. */
function drawScaled(source: CanvasImageSource, size: Size, longerSide: number): HTMLCanvasElement {
  const scale = Math.min(1, longerSide / Math.max(size.width, size.height))
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round(size.width * scale))
  canvas.height = Math.max(1, Math.round(size.height * scale))
  const context = contextOf(canvas)
  context.imageSmoothingQuality = 'high'
  context.drawImage(source, 0, 0, canvas.width, canvas.height)
  return canvas
}

function contextOf(canvas: HTMLCanvasElement): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (!context) throw new Error('The browser cannot draw')
  return context
}
