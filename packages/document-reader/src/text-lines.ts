import { type Glyph, likeness } from './glyphs.ts'
import type { Blob, Ink, Letters } from './ink.ts'

/** A piece of ink and what it may be. */
export interface Letter {
  readonly box: Blob
  readonly likeness: ReadonlyMap<string, number>
  /** The likeliest character, and how alike it is. */
  readonly char: string
  readonly score: number
}

export type TextLine = readonly Letter[]

export interface TextLines {
  readonly ink: Ink
  readonly lines: readonly (readonly Blob[])[]
}

/** Rows of pieces of ink of about one size, each at least so long. Nothing is recognised yet. */
export function findLines(letters: Letters, minimumLength: number): TextLines {
  const { ink, blobs } = letters
  if (isGrain(letters)) return { ink, lines: [] }
  const used = new Set<Blob>()
  const lines: Blob[][] = []
  for (const [index, blob] of blobs.entries()) {
    if (used.has(blob)) continue
    const line = followLine(blobs, index, used)
    if (line.length < minimumLength) continue
    for (const member of line) used.add(member)
    lines.push(line)
  }
  return { ink, lines }
}

/** A card has a few hundred letters. More pieces are grain, and looking for rows among them takes for ever. */
export const isGrain = ({ blobs }: Letters): boolean => blobs.length > 3000

/** What the pieces of a row look like. */
export function recognise(ink: Ink, line: readonly Blob[], glyphs: readonly Glyph[]): TextLine {
  return line.map((box) => {
    const alike = likeness(ink, box, glyphs)
    let [char, score] = ['?', -1]
    for (const [candidate, value] of alike) if (value > score) [char, score] = [candidate, value]
    return { box, likeness: alike, char, score }
  })
}

/** From one piece to the next on its right, along the slope of the last few. */
function followLine(blobs: readonly Blob[], start: number, used: ReadonlySet<Blob>): Blob[] {
  const first = blobs[start]
  const line = first ? [first] : []
  let from = start
  for (;;) {
    const next = nextInLine(blobs, from, { line, used })
    if (next === undefined) return line
    const blob = blobs[next]
    if (blob) line.push(blob)
    from = next
  }
}

interface LineSoFar {
  readonly line: readonly Blob[]
  readonly used: ReadonlySet<Blob>
}

function nextInLine(
  blobs: readonly Blob[],
  from: number,
  { line, used }: LineSoFar,
): number | undefined {
  const last = line.at(-1)
  if (!last) return undefined
  const size = Math.max(...line.slice(-5).map(({ height }) => height))
  const slope = slopeOf(line)
  let best: number | undefined
  let bestDistance = Number.POSITIVE_INFINITY
  for (let index = from + 1; index < blobs.length; index++) {
    const blob = blobs[index]
    const along = (blob?.centreX ?? 0) - last.centreX
    if (!blob || along > size * 1.9) break
    const aside = Math.abs(blob.centreY - last.centreY - slope * along)
    const fits = along > size * 0.2 && aside < size * 0.35 && blob.height < size * 1.6
    if (!fits || used.has(blob) || along + aside * 3 >= bestDistance) continue
    best = index
    bestDistance = along + aside * 3
  }
  return best
}

function slopeOf(line: readonly Blob[]): number {
  const last = line.at(-1)
  const before = line.at(Math.max(-9, -line.length))
  if (!last || !before || line.length <= 4) return 0
  return (last.centreY - before.centreY) / (last.centreX - before.centreX)
}
