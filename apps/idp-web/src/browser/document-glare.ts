import type { Grey } from './document-measures.ts'

/**
 * Share of the picture, 0 to 1, that lies under spots of light. A spot is white without any detail, and fades towards
 * its rim: white paper ends at an edge instead, and a white background reaches the edge of the picture.
 */
export function glareOf(grey: Grey): number {
  const blocks = blocksOf(grey)
  const blank = Array.from({ length: blocks.count }, (_, block) => isBlank(blocks, block))
  let covered = 0
  for (const block of blank.keys()) {
    const spot = takeSpot(blocks, blank, block)
    if (spot.length >= fewestBlocks && isSpotOfLight(blocks, spot)) covered += spot.length
  }
  return blocks.count === 0 ? 0 : covered / blocks.count
}

/** Pixels along each side of a square that is looked at as one. */
const blockSize = 10
/** Smaller spots hide nothing that matters. */
const fewestBlocks = 4
/** From this level on a camera tells nothing apart. */
const saturated = 250
/** The steepest step, in levels from one pixel to the next, of a rim that fades. */
const softStep = 25

interface Blocks {
  readonly grey: Grey
  readonly columns: number
  readonly rows: number
  readonly count: number
}

function blocksOf(grey: Grey): Blocks {
  const columns = Math.floor(grey.width / blockSize)
  const rows = Math.floor(grey.height / blockSize)
  return { grey, columns, rows, count: columns * rows }
}

/** The rows of pixels of a block. */
function rowsOf({ grey, columns }: Blocks, block: number): readonly Uint8Array[] {
  const top = Math.floor(block / columns) * blockSize
  const left = (block % columns) * blockSize
  return Array.from({ length: blockSize }, (_, row) => {
    const start = (top + row) * grey.width + left
    return grey.levels.subarray(start, start + blockSize)
  })
}

function isBlank(blocks: Blocks, block: number): boolean {
  return rowsOf(blocks, block).every((row) => row.every((level) => level >= saturated))
}

/** The blank blocks that hang together with this one, which are blank no longer. */
function takeSpot(blocks: Blocks, blank: boolean[], first: number): readonly number[] {
  const spot: number[] = []
  const next = [first]
  for (let block = next.pop(); block !== undefined; block = next.pop()) {
    if (!blank[block]) continue
    blank[block] = false
    spot.push(block)
    next.push(...neighboursOf(blocks, block))
  }
  return spot
}

function isSpotOfLight(blocks: Blocks, spot: readonly number[]): boolean {
  if (spot.some((block) => neighboursOf(blocks, block).length < 4)) return false
  const inside = new Set(spot)
  const rim = new Set(spot.flatMap((block) => neighboursOf(blocks, block)))
  const steps = [...rim].filter((block) => !inside.has(block)).map((block) => stepOf(blocks, block))
  return median(steps) <= softStep
}

/** Fewer than four at the edge of the picture. */
function neighboursOf({ columns, rows }: Blocks, block: number): readonly number[] {
  const column = block % columns
  const row = Math.floor(block / columns)
  return [
    ...(column > 0 ? [block - 1] : []),
    ...(column < columns - 1 ? [block + 1] : []),
    ...(row > 0 ? [block - columns] : []),
    ...(row < rows - 1 ? [block + columns] : []),
  ]
}

/** The steepest step along the rows or the columns of a block. */
function stepOf(blocks: Blocks, block: number): number {
  const rows = rowsOf(blocks, block)
  const steps = rows.flatMap((row, y) =>
    Array.from(row, (level, x) =>
      Math.max(
        Math.abs(level - (row[x + 1] ?? level)),
        Math.abs(level - (rows[y + 1]?.[x] ?? level)),
      ),
    ),
  )
  return Math.max(0, ...steps)
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
