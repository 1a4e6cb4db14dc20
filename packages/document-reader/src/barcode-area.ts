import { eachGradient } from './gradients.ts'
import { type Grey, resized, turned } from './grey.ts'

/** Where something with the texture of a PDF417 barcode lies. Shares are of the picture, turned upright. */
export interface BarcodeArea {
  readonly share: number
}

export const looksLikeBarcode = ({ share }: BarcodeArea): boolean => share >= 0.06

/** Looks for a block of short strokes, most of them upright, whether or not they can be decoded. */
export async function findBarcodeArea(picture: Grey, turn: number): Promise<BarcodeArea> {
  const small = await resized(picture, 700)
  const upright = await turned(small, turn)
  const areas = await Promise.all([strokeArea(upright), turned(upright, 90).then(strokeArea)])
  const [largest] = areas.sort((one, other) => other.share - one.share)
  return largest ?? { share: 0 }
}

const cellSize = 10

function strokeArea(picture: Grey): BarcodeArea {
  const columns = Math.floor(picture.width / cellSize)
  const rows = Math.floor(picture.height / cellSize)
  const across = new Float64Array(columns * rows)
  const down = new Float64Array(columns * rows)
  eachGradient(picture, (right, below, index) => {
    const column = Math.floor((index % picture.width) / cellSize)
    const row = Math.floor(index / picture.width / cellSize)
    if (column >= columns || row >= rows) return
    const cell = row * columns + column
    across[cell] = (across[cell] ?? 0) + Math.abs(right)
    down[cell] = (down[cell] ?? 0) + Math.abs(below)
  })
  const dense = (cell: number): boolean => {
    const right = (across[cell] ?? 0) / cellSize ** 2
    const below = (down[cell] ?? 0) / cellSize ** 2
    return right > 90 && right > 1.15 * below
  }
  return largestBlock({ columns, rows, dense })
}

interface Cells {
  readonly columns: number
  readonly rows: number
  readonly dense: (cell: number) => boolean
}

function largestBlock({ columns, rows, dense }: Cells): BarcodeArea {
  const seen = new Uint8Array(columns * rows)
  let best: BarcodeArea = { share: 0 }
  for (let start = 0; start < seen.length; start++) {
    if (seen[start] || !dense(start)) continue
    const block = [start]
    seen[start] = 1
    for (let next = 0; next < block.length; next++) {
      const cell = block[next] ?? 0
      const [x, y] = [cell % columns, Math.floor(cell / columns)]
      for (const beside of neighbours(x, y, { columns, rows })) {
        if (seen[beside] || !dense(beside)) continue
        seen[beside] = 1
        block.push(beside)
      }
    }
    const share = block.length / seen.length
    if (share > best.share) best = { share }
  }
  return best
}

function neighbours(
  x: number,
  y: number,
  { columns, rows }: Pick<Cells, 'columns' | 'rows'>,
): number[] {
  const beside = [
    [x - 1, y],
    [x + 1, y],
    [x, y - 1],
    [x, y + 1],
  ] as const
  return beside
    .filter(([a, b]) => a >= 0 && b >= 0 && a < columns && b < rows)
    .map(([a, b]) => b * columns + a)
}
