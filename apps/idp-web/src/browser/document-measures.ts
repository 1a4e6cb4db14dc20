import { glareOf } from './document-glare.ts'

/** A picture as brightness alone, row by row, 0 (black) to 255 (white). */
export interface Grey {
  readonly width: number
  readonly height: number
  readonly levels: Uint8Array
}

export interface Measures {
  /** How steeply brightness changes from one pixel to the next, against how much it changes at all. */
  readonly sharpness: number
  /** The level that only a tenth of the picture reaches: how bright its bright parts are. */
  readonly brightness: number
  /** Share of the picture, 0 to 1, that lies under spots without any detail left. */
  readonly glare: number
}

/** @param pixels Red, green, blue and opacity of each pixel, as a canvas gives them. */
export function greyOf(pixels: Uint8ClampedArray, width: number, height: number): Grey {
  const levels = new Uint8Array(width * height)
  for (let at = 0; at < levels.length; at += 1) {
    // By index: a view or an array for each pixel would take most of the time of a look.
    const red = pixels[4 * at] ?? 0
    const green = pixels[4 * at + 1] ?? 0
    const blue = pixels[4 * at + 2] ?? 0
    levels[at] = (red * 299 + green * 587 + blue * 114) / 1000
  }
  return { width, height, levels }
}

export function measure(grey: Grey): Measures {
  return {
    sharpness: sharpnessOf(grey),
    brightness: brightnessOf(grey),
    glare: glareOf(grey),
  }
}

/** Variance of the Laplacian over the variance of the levels: light and contrast cancel out, so that dark is not blurred. */
function sharpnessOf({ width, height, levels }: Grey): number {
  const edges = new Float32Array(Math.max(0, (width - 2) * (height - 2)))
  let edge = 0
  for (let y = 1; y < height - 1; y += 1) {
    for (let at = y * width + 1; at < (y + 1) * width - 1; at += 1) {
      edges[edge] =
        levelAt(levels, at - 1) +
        levelAt(levels, at + 1) +
        levelAt(levels, at - width) +
        levelAt(levels, at + width) -
        4 * levelAt(levels, at)
      edge += 1
    }
  }
  const contrast = varianceOf(levels)
  return contrast === 0 ? 0 : varianceOf(edges) / contrast
}

function levelAt(levels: Uint8Array, at: number): number {
  return levels[at] ?? 0
}

function varianceOf(values: Uint8Array | Float32Array): number {
  if (values.length === 0) return 0
  let sum = 0
  let squares = 0
  for (const value of values) {
    sum += value
    squares += value * value
  }
  const mean = sum / values.length
  return squares / values.length - mean * mean
}

function brightnessOf({ levels }: Grey): number {
  const counts = new Uint32Array(256)
  for (const level of levels) counts[level] = (counts[level] ?? 0) + 1
  let above = levels.length / 10
  for (let level = 255; level > 0; level -= 1) {
    above -= counts[level] ?? 0
    if (above <= 0) return level
  }
  return 0
}
