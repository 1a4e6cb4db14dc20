import { readBarcode } from './barcode.ts'
import { findBarcodeArea, looksLikeBarcode } from './barcode-area.ts'
import { doubtOf, explain, type Photo } from './photo.ts'
import type { Print } from './print.ts'
import type { Reason } from './reading.ts'
import { isLegible, readText } from './side-text.ts'

export type FrontFinding =
  | {
      readonly state: 'printed'
      readonly print: Print
      /** What may have kept the rest from being read. */
      readonly doubt: Reason | undefined
    }
  | { readonly state: 'problem'; readonly reason: Reason }

/** What the front of a card shows. */
export async function readFront(photo: Photo, today: string): Promise<FrontFinding> {
  if (await showsBarcode(photo)) return { state: 'problem', reason: 'wrong-side' }
  const text = await readText(photo, today)
  if (text.mrz?.state === 'read') {
    const reason = text.mrz.data.kind === 'passport' ? 'wrong-type' : 'wrong-side'
    return { state: 'problem', reason }
  }
  if (isLegible(text)) return { state: 'printed', print: text.print, doubt: doubtOf(photo) }
  return { state: 'problem', reason: explain(photo, 'not-a-document') }
}

async function showsBarcode({ picture, turns }: Photo): Promise<boolean> {
  const [turn = 0] = turns
  const area = await findBarcodeArea(picture, turn)
  return looksLikeBarcode(area) && (await readBarcode(picture, [turn])) !== undefined
}
