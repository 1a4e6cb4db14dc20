import { type Grey, resized } from './grey.ts'

/**
 * By how many degrees to turn the picture so that its content stands upright or lies on a side: the likeliest first.
 * Edges of a card, of its letters and of its bars all run in two directions.
 */
export async function findTurns(picture: Grey): Promise<number[]> {
  const histogram = edgeDirections(await resized(picture, 700))
  const peaks = [...histogram.keys()]
    .filter((bin) => isPeak(histogram, bin))
    .sort((one, other) => (histogram[other] ?? 0) - (histogram[one] ?? 0))
  const turns = peaks.slice(0, 3).map((bin) => -refined(histogram, bin))
  // A direction of less than a degree needs no turn, and the turn would cost sharpness.
  return [...new Set([...turns.map((angle) => (Math.abs(angle) < 0.6 ? 0 : angle)), 0])]
}

const binsPerDegree = 2

const bins = 90 * binsPerDegree

/** How much edge there is in each direction, modulo a right angle; bin 0 is upright. */
function edgeDirections(picture: Grey): Float64Array {
  const histogram = new Float64Array(bins)
  eachGradient(picture, (across, down) => {
    const strength = Math.hypot(across, down)
    if (strength < 60) return
    const degrees = (Math.atan2(down, across) * 180) / Math.PI + 360
    const bin = Math.round(degrees * binsPerDegree) % bins
    histogram[bin] = (histogram[bin] ?? 0) + strength
  })
  return histogram
}

/** Sobel operator. */
export function eachGradient(
  { data, width, height }: Grey,
  visit: (across: number, down: number, at: number) => void,
): void {
  const at = (index: number): number => data[index] ?? 0
  for (let y = 1; y < height - 1; y++) {
    for (let x = 1; x < width - 1; x++) {
      const i = y * width + x
      const right = at(i - width + 1) + 2 * at(i + 1) + at(i + width + 1)
      const left = at(i - width - 1) + 2 * at(i - 1) + at(i + width - 1)
      const below = at(i + width - 1) + 2 * at(i + width) + at(i + width + 1)
      const above = at(i - width - 1) + 2 * at(i - width) + at(i - width + 1)
      visit(right - left, below - above, i)
    }
  }
}

function valueAt(histogram: Float64Array, bin: number): number {
  return histogram[(bin + bins) % bins] ?? 0
}

function isPeak(histogram: Float64Array, bin: number): boolean {
  const here = valueAt(histogram, bin)
  const near = [-4, -3, -2, -1, 1, 2, 3, 4].map((step) => valueAt(histogram, bin + step))
  return here > 0 && near.every((value) => value <= here)
}

/** Degrees between -45 and 45, by the centre of gravity around the peak. */
function refined(histogram: Float64Array, bin: number): number {
  const steps = [-2, -1, 0, 1, 2]
  const weights = steps.map((step) => valueAt(histogram, bin + step))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const shift = steps.reduce((sum, step, index) => sum + step * (weights[index] ?? 0), 0) / total
  const degrees = (bin + shift) / binsPerDegree
  return degrees > 45 ? degrees - 90 : degrees
}
