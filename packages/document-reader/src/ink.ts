import type { Grey } from './grey.ts'

/** How dark each pixel is against its surroundings: 0 is paper, 255 is ink. */
export interface Ink {
  readonly data: Uint8Array
  readonly width: number
  readonly height: number
}

/** A connected piece of ink: a letter, if it has a letter's size. */
export interface Blob {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
  readonly centreX: number
  readonly centreY: number
  readonly width: number
  readonly height: number
}

/** Neither shade nor a coloured ground counts: each pixel is compared with those around it. */
function findInk(picture: Grey): Ink {
  const { data, width, height } = picture
  const sums = integral(picture)
  const ink = new Uint8Array(width * height)
  for (let y = 0; y < height; y++) {
    const top = Math.max(0, y - reach) * (width + 1)
    const bottom = Math.min(height, y + reach + 1) * (width + 1)
    const rows = (bottom - top) / (width + 1)
    for (let x = 0; x < width; x++) {
      const left = Math.max(0, x - reach)
      const right = Math.min(width, x + reach + 1)
      const sum =
        at(sums, bottom + right) -
        at(sums, top + right) -
        at(sums, bottom + left) +
        at(sums, top + left)
      const mean = sum / (rows * (right - left))
      const light = Math.max(mean, leastLight)
      const darkness = ((mean * paper - at(data, y * width + x)) * 255) / (light * (paper - black))
      if (darkness > 0) ink[y * width + x] = Math.min(255, darkness)
    }
  }
  return { data: ink, width, height }
}

/** Brightness of paper and of ink, as shares of the brightness around. */
const paper = 0.92

const black = 0.5

/** In the dark, where nothing is printed, grain would look like ink. */
const leastLight = 110

/** Darker than this is part of a letter. */
const threshold = 75

/** Half the side of the square a pixel is compared with: about a letter's height. */
const reach = 26

/** Sums of everything above and to the left, with a row and a column of zeros in front. */
function integral({ data, width, height }: Grey): Uint32Array {
  const sums = new Uint32Array((width + 1) * (height + 1))
  for (let y = 0; y < height; y++) {
    let row = 0
    for (let x = 0; x < width; x++) {
      row += at(data, y * width + x)
      sums[(y + 1) * (width + 1) + x + 1] = at(sums, y * (width + 1) + x + 1) + row
    }
  }
  return sums
}

const at = (values: ArrayLike<number>, index: number): number => values[index] ?? 0

/** Ink and the pieces of it that may be letters, from left to right. */
export interface Letters {
  readonly ink: Ink
  readonly blobs: readonly Blob[]
}

export function findLetters(picture: Grey): Letters {
  const ink = findInk(picture)
  const seen = ink.data.map((darkness) => (darkness < threshold ? 1 : 0))
  const stack = new Int32Array(ink.data.length)
  const blobs: Blob[] = []
  for (let start = seen.indexOf(0); start !== -1; start = seen.indexOf(0, start + 1)) {
    const blob = fill(ink, { start, seen, stack })
    if (blob) blobs.push(blob)
  }
  return { ink, blobs: blobs.sort((one, other) => one.centreX - other.centreX) }
}

/** The same, turned by 180 degrees. */
export function upsideDown({ ink, blobs }: Letters): Letters {
  const { data, width, height } = ink
  const turned = blobs.map((blob) => ({
    ...blob,
    left: width - 1 - blob.right,
    right: width - 1 - blob.left,
    top: height - 1 - blob.bottom,
    bottom: height - 1 - blob.top,
    centreX: width - 1 - blob.centreX,
    centreY: height - 1 - blob.centreY,
  }))
  return { ink: { data: data.toReversed(), width, height }, blobs: turned.toReversed() }
}

interface Filling {
  readonly start: number
  readonly seen: Uint8Array
  readonly stack: Int32Array
}

function fill({ width, height }: Ink, { start, seen, stack }: Filling): Blob | undefined {
  let [left, right, top, bottom, pixels, depth] = [width, 0, height, 0, 0, 0]
  stack[depth++] = start
  seen[start] = 1
  while (depth > 0) {
    const here = stack[--depth] ?? 0
    const x = here % width
    const y = (here - x) / width
    pixels += 1
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
    for (let ny = Math.max(0, y - 1); ny <= Math.min(height - 1, y + 1); ny++) {
      for (let nx = Math.max(0, x - 1); nx <= Math.min(width - 1, x + 1); nx++) {
        const next = ny * width + nx
        if (seen[next]) continue
        seen[next] = 1
        stack[depth++] = next
      }
    }
  }
  return toBlob({ left, right, top, bottom }, pixels)
}

function toBlob(
  box: { left: number; right: number; top: number; bottom: number },
  pixels: number,
): Blob | undefined {
  const width = box.right - box.left + 1
  const height = box.bottom - box.top + 1
  if (height < 10 || height > 110 || width < 2 || width > 110 || pixels < 16) return undefined
  const centreX = (box.left + box.right) / 2
  const centreY = (box.top + box.bottom) / 2
  return { ...box, width, height, centreX, centreY }
}
