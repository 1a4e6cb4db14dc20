import { sansSerif } from './glyphs.ts'
import { type Letter, recognise, type TextLine, type TextLines } from './text-lines.ts'

/** What is printed on a picture, as far as it can be made out. */
export interface Print {
  readonly lines: readonly TextLine[]
  /** How many letters stand in rows that are clearly rows of letters. */
  readonly legible: number
}

/**
 * Recognises rows of letters. Agencies print in many typefaces, and ours are few, so that the letters are not to be
 * relied on one by one; {@link agreementWith} asks only whether a known text may stand there.
 */
export async function readPrint({ ink, lines }: TextLines): Promise<Print> {
  const glyphs = await sansSerif()
  const longest = [...lines].sort((one, other) => other.length - one.length).slice(0, maxLines)
  const read = longest.map((line) => recognise(ink, line.slice(0, maxLetters), glyphs))
  const legible = read.filter(isClear).reduce((sum, line) => sum + line.length, 0)
  return { lines: read, legible }
}

/** Specks look like letters now and then, rows of them do not. */
function isClear(line: TextLine): boolean {
  const clear = line.filter(({ score }) => score >= clearlyALetter).length
  return clear >= 0.75 * line.length
}

/** Bounds on the work that a picture full of specks can make. */
const maxLines = 60

const maxLetters = 80

const clearlyALetter = 0.6

/**
 * How well a text that is known from elsewhere agrees with one of the rows, 0 to 1. Letters and digits count, in this
 * order, though some may be spoiled and others stand between. Texts too short to tell anything do not agree.
 */
export function agreementWith({ lines }: Print, text: string): number {
  const wanted = [...text.toUpperCase()].filter((char) => /[A-Z0-9]/.test(char))
  if (wanted.length < shortest) return 0
  return Math.max(0, ...lines.map((line) => agreement(wanted, line)))
}

/** Shorter texts are found by chance. */
const shortest = 4

/** A letter agrees if it is this close to being the likeliest. */
const doubt = 0.1

/** Local alignment: the best stretch of the row. */
function agreement(wanted: readonly string[], line: TextLine): number {
  let row = new Float64Array(line.length + 1)
  for (const [index, char] of wanted.entries()) {
    const next = new Float64Array(line.length + 1)
    next[0] = -(index + 1)
    for (const [column, letter] of line.entries()) {
      const here = (row[column] ?? 0) + (agrees(letter, char) ? 1 : -0.4)
      const skippedChar = (row[column + 1] ?? 0) - 0.6
      const skippedLetter = (next[column] ?? 0) - 0.25
      next[column + 1] = Math.max(here, skippedChar, skippedLetter)
    }
    row = next
  }
  return Math.max(...row) / wanted.length
}

function agrees({ likeness, score }: Letter, char: string): boolean {
  const alike = likeness.get(char) ?? -1
  return alike > 0.35 && alike >= score - doubt
}
