import { turned } from './grey.ts'
import { findLetters, type Letters, upsideDown } from './ink.ts'
import { findMrz, type MrzFinding } from './mrz.ts'
import { layings, type Photo } from './photo.ts'
import { type Print, readPrint } from './print.ts'
import { findLines, isGrain } from './text-lines.ts'

/** What can be read on a side without its barcode. */
export interface SideText {
  readonly print: Print
  readonly mrz: MrzFinding | undefined
}

/** Turns the photo until its text can be read; else gives the best there was. */
export async function readText(photo: Photo, today: string): Promise<SideText> {
  let best: SideText = { print: { lines: [], legible: 0 }, mrz: undefined }
  for await (const picture of layings(photo)) {
    const letters = findLetters(picture)
    if (isGrain(letters)) return best
    for (const upright of [letters, upsideDown(letters)]) {
      const text = await readUpright(upright, today)
      if (text.mrz?.state === 'read') return text
      if (weightOf(text) > weightOf(best)) best = text
    }
    if (isLegible(best)) return best
  }
  return best
}

async function readUpright(letters: Letters, today: string): Promise<SideText> {
  const mrz = await findMrz(findLines(letters, zoneLength), today)
  return { print: await readPrint(findLines(letters, shortestRow)), mrz }
}

/** The machine-readable zone of a photo that is upright once it is turned by so much. */
export async function readZone(
  { picture }: Photo,
  { turn, today }: { readonly turn: number; readonly today: string },
): Promise<MrzFinding | undefined> {
  return findMrz(findLines(findLetters(await turned(picture, turn)), zoneLength), today)
}

/** Letters in a row: fewer are specks. */
const shortestRow = 4

/** The shortest row of a zone has 30, of which some may not be found. */
const zoneLength = 24

/** Enough letters to compare it with what the barcode says. From `node infra/specimens/calibrate.ts`. */
export function isLegible({ print }: SideText): boolean {
  return print.legible >= 25
}

/** Upside down, too, some letters look like letters: fewer. */
function weightOf({ print, mrz }: SideText): number {
  const alike = print.lines.flat().reduce((sum, { score }) => sum + Math.max(0, score), 0)
  return print.legible + alike / 100 + (mrz ? 50 : 0)
}
