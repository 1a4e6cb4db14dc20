import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** DejaVu Sans, in two weights. */
export type Face = 'regular' | 'bold'

const files = { regular: 'DejaVuSans.ttf', bold: 'DejaVuSans-Bold.ttf' } as const

export function readFace(face: Face): Buffer {
  return readFileSync(fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${files[face]}`)))
}

/** From which character to which there is a shape. */
type Range = readonly [from: number, to: number]

const known = new Map<Face, readonly Range[]>()

/** Whether a face has a shape for every character. What it lacks would be printed as an empty box. */
export function canWrite(face: Face, text: string): boolean {
  const ranges = known.get(face) ?? readRanges(readFace(face))
  known.set(face, ranges)
  return [...text].every((char) => {
    const point = char.codePointAt(0) ?? 0
    return ranges.some(([from, to]) => from <= point && point <= to)
  })
}

/**
 * @throws Error if the issuer's name has letters that cannot be printed. It is asked in the worker's own thread, where fontkit would
 * take 13 MB only to say so: what draws is in threads of its own.
 */
export function assertPrintable(issuerName: string): void {
  if (canWrite('regular', issuerName)) return
  throw new Error('The name of the issuer has letters that cannot be printed')
}

/** The font's table `cmap`, as OpenType has it for all of Unicode: format 12, for platform 3 and encoding 10. */
function readRanges(font: Buffer): readonly Range[] {
  const entries = (count: number, at: number, bytes: number) =>
    Array.from({ length: count }, (_, index) => at + index * bytes)
  const isCmap = (at: number) => font.toString('latin1', at, at + 4) === 'cmap'
  const table = entries(font.readUInt16BE(4), 12, 16).find(isCmap)
  const cmap = font.readUInt32BE((table ?? 0) + 8)
  const isUnicode = (at: number) => font.readUInt32BE(at) === 0x0003_000a
  const found = entries(font.readUInt16BE(cmap + 2), cmap + 4, 8).find(isUnicode)
  const unicode = cmap + font.readUInt32BE((found ?? 0) + 4)
  if (!table || !found || font.readUInt16BE(unicode) !== 12) throw new Error('Another kind of font')
  return entries(font.readUInt32BE(unicode + 12), unicode + 16, 12).map((at) => [
    font.readUInt32BE(at),
    font.readUInt32BE(at + 4),
  ])
}
