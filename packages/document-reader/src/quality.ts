import { type Grey, percentiles, resized } from './grey.ts'
import type { Reason } from './reading.ts'

/** How good a photo is, whatever it shows. */
export interface Quality {
  /** Pixels of the longer side. */
  readonly longSide: number
  /** The steepest step from pixel to pixel, as a share of the contrast around it: 1 is a knife's edge. */
  readonly sharpness: number
  /** Brightness that only the brightest twentieth exceeds, 0 to 255. */
  readonly brightness: number
  /** Share of the picture that is blown out to white. */
  readonly glare: number
}

/**
 * Two bounds for each measure. Beyond `hopeless` nothing was ever read, so that nothing is tried; beyond `doubtful`
 * some was not, so that it is given as the reason if nothing could be read. Both with a tenth to spare, by the
 * procedure in docs/documents.md: `node infra/specimens/calibrate.ts` prints the measures anew.
 */
const bounds = {
  longSide: { hopeless: 400, doubtful: 500 },
  sharpness: { hopeless: 0.24, doubtful: 0.41 },
  brightness: { hopeless: 8, doubtful: 18 },
  glare: { doubtful: 0.011 },
} as const

export async function measure(picture: Grey): Promise<Quality> {
  const normal = await resized(picture, 1000)
  const [brightness = 0] = percentiles(normal, [0.95])
  return {
    longSide: Math.max(picture.width, picture.height),
    sharpness: sharpnessOf(normal),
    brightness,
    glare: glareOf(normal),
  }
}

/** What alone makes a photo useless. */
export function hopeless({ longSide, brightness, sharpness }: Quality): Reason | undefined {
  if (longSide < bounds.longSide.hopeless) return 'too-small'
  if (brightness < bounds.brightness.hopeless) return 'too-dark'
  if (sharpness < bounds.sharpness.hopeless) return 'blurred'
  return undefined
}

/** What may have made a photo unreadable. */
export function doubtful({ longSide, brightness, sharpness, glare }: Quality): Reason | undefined {
  if (longSide < bounds.longSide.doubtful) return 'too-small'
  if (brightness < bounds.brightness.doubtful) return 'too-dark'
  if (sharpness < bounds.sharpness.doubtful) return 'blurred'
  if (glare > bounds.glare.doubtful) return 'glare'
  return undefined
}

const tile = 25

/** The upper quartile over all tiles with contrast: a table without any must not count. */
function sharpnessOf(picture: Grey): number {
  const [dark = 0, bright = 255] = percentiles(picture, [0.01, 0.99])
  const steps: number[] = []
  for (let top = 1; top + tile < picture.height; top += tile) {
    for (let left = 1; left + tile < picture.width; left += tile) {
      const { contrast, steepest } = tileOf(picture, left, top)
      if (contrast > 0.4 * (bright - dark) && contrast > 8) steps.push(steepest / contrast)
    }
  }
  steps.sort((one, other) => one - other)
  // A picture without any contrast shows no blur either.
  return steps[Math.floor(steps.length * 0.75)] ?? 1
}

function tileOf({ data, width }: Grey, left: number, top: number) {
  let [darkest, brightest, steepest] = [255, 0, 0]
  for (let y = top; y < top + tile; y++) {
    for (let x = left; x < left + tile; x++) {
      const here = data[y * width + x] ?? 0
      darkest = Math.min(darkest, here)
      brightest = Math.max(brightest, here)
      const right = Math.abs(here - (data[y * width + x + 1] ?? 0))
      const below = Math.abs(here - (data[(y + 1) * width + x] ?? 0))
      steepest = Math.max(steepest, right, below)
    }
  }
  return { contrast: brightest - darkest, steepest }
}

/** Tiles that are white through and through. */
function glareOf({ data, width, height }: Grey): number {
  let [blown, all] = [0, 0]
  for (let top = 0; top + tile <= height; top += tile) {
    for (let left = 0; left + tile <= width; left += tile) {
      let white = 0
      for (let index = 0; index < tile * tile; index++) {
        const y = top + Math.floor(index / tile)
        if ((data[y * width + left + (index % tile)] ?? 0) >= 250) white += 1
      }
      all += 1
      if (white >= tile * tile * 0.97) blown += 1
    }
  }
  return all === 0 ? 0 : blown / all
}
