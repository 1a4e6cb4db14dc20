import { fileURLToPath } from 'node:url'
import sharp from 'sharp'
import { toGrey } from './grey.ts'
import type { Blob, Ink } from './ink.ts'

/** A known letter or digit of a typeface, brought to a small grid. */
export interface Glyph {
  readonly char: string
  readonly shape: Float32Array
  /** Width over height. */
  readonly aspect: number
}

const mrzAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<'

const printAlphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

const gridWidth = 16

const gridHeight = 24

/** The letters that a machine-readable zone is set in. */
export function ocrB(): Promise<readonly Glyph[]> {
  ocrBGlyphs ??= drawGlyphs({ family: 'OCRB', file: 'OCRB7.ttf', thicker: 0 }, mrzAlphabet)
  return ocrBGlyphs
}

/** Letters without serifs, as agencies print them: of two cuts, one of them thin and thick. */
export function sansSerif(): Promise<readonly Glyph[]> {
  printGlyphs ??= Promise.all([
    drawGlyphs({ family: 'OCRB', file: 'OCRB7.ttf', thicker: 0 }, printAlphabet),
    drawGlyphs({ family: 'Inconsolata', file: 'Inconsolata.otf', thicker: 0 }, printAlphabet),
    drawGlyphs({ family: 'Inconsolata', file: 'Inconsolata.otf', thicker: 4 }, printAlphabet),
  ]).then((faces) => faces.flat())
  return printGlyphs
}

// Drawn once per thread.
let ocrBGlyphs: Promise<readonly Glyph[]> | undefined
let printGlyphs: Promise<readonly Glyph[]> | undefined

interface Face {
  readonly family: string
  /** Among the fonts of the package that draws barcodes: they lie beside what it exports. */
  readonly file: string
  /** By how many pixels a stroke is made thicker on each side; a capital letter is about 50 high. */
  readonly thicker: number
}

function drawGlyphs(face: Face, alphabet: string): Promise<readonly Glyph[]> {
  return Promise.all([...alphabet].map((char) => drawGlyph(char, face)))
}

async function drawGlyph(char: string, { family, file, thicker }: Face): Promise<Glyph> {
  const fontfile = fileURLToPath(new URL(`../fonts/${file}`, import.meta.resolve('bwip-js/node')))
  const text = char === '<' ? '&lt;' : char
  const drawn = sharp({ text: { text, font: `${family} 40`, fontfile, dpi: 144, rgba: false } })
  const edge = { top: 10, bottom: 10, left: 10, right: 10, background: '#000000' }
  const { data, width, height } = await toGrey(drawn.extend(edge))
  const ink = {
    data: thicker > 0 ? await thickened({ data, width, height }, thicker) : data,
    width,
    height,
  }
  const box = boundsOf(ink)
  return { char, shape: shapeOf(ink, box), aspect: box.width / box.height }
}

async function thickened({ data, width, height }: Ink, pixels: number): Promise<Uint8Array> {
  const image = sharp(data, { raw: { width, height, channels: 1 } }).dilate(pixels)
  return (await toGrey(image)).data
}

function boundsOf({ data, width, height }: Ink): Blob {
  let [left, right, top, bottom] = [width, 0, height, 0]
  for (const [index, value] of data.entries()) {
    if (value < 75) continue
    const x = index % width
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, (index - x) / width)
    bottom = Math.max(bottom, (index - x) / width)
  }
  return {
    left,
    right,
    top,
    bottom,
    centreX: (left + right) / 2,
    centreY: (top + bottom) / 2,
    width: right - left + 1,
    height: bottom - top + 1,
  }
}

/**
 * A piece of ink on the grid, its proportions kept, as a vector of length 1 around 0: the product of two such vectors
 * says how alike they are, from -1 to 1.
 */
function shapeOf({ data, width }: Ink, box: Blob): Float32Array {
  const scale = Math.min(gridWidth / box.width, gridHeight / box.height)
  const offsetX = (gridWidth - box.width * scale) / 2
  const offsetY = (gridHeight - box.height * scale) / 2
  const shape = new Float32Array(gridWidth * gridHeight)
  for (let cell = 0; cell < shape.length; cell++) {
    let sum = 0
    for (let sample = 0; sample < 9; sample++) {
      const gridX = (cell % gridWidth) + ((sample % 3) + 0.5) / 3
      const gridY = Math.floor(cell / gridWidth) + (Math.floor(sample / 3) + 0.5) / 3
      const x = Math.floor((gridX - offsetX) / scale) + box.left
      const y = Math.floor((gridY - offsetY) / scale) + box.top
      if (x < box.left || x > box.right || y < box.top || y > box.bottom) continue
      sum += data[y * width + x] ?? 0
    }
    shape[cell] = sum
  }
  return normalised(shape)
}

function normalised(shape: Float32Array): Float32Array {
  const mean = shape.reduce((sum, value) => sum + value, 0) / shape.length
  const length = Math.sqrt(shape.reduce((sum, value) => sum + (value - mean) ** 2, 0))
  return shape.map((value) => (value - mean) / (length || 1))
}

/** How alike a piece of ink is to each character, from -1 to 1. */
export function likeness(
  ink: Ink,
  box: Blob,
  glyphs: readonly Glyph[],
): ReadonlyMap<string, number> {
  const shape = shapeOf(ink, box)
  const aspect = box.width / box.height
  const scores = new Map<string, number>()
  for (const glyph of glyphs) {
    // The grid keeps proportions, but a thin stroke fills it like any other.
    const squeezed = Math.min(0.4, Math.abs(Math.log(aspect / glyph.aspect)) * 0.35)
    const score = product(shape, glyph.shape) - squeezed
    if (score > (scores.get(glyph.char) ?? -1)) scores.set(glyph.char, score)
  }
  return scores
}

function product(one: Float32Array, other: Float32Array): number {
  let sum = 0
  for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (other[index] ?? 0)
  return sum
}
