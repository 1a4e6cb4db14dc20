import { type CardData, parseCardText } from './aamva.ts'
import { readBarcode } from './barcode.ts'
import { type BarcodeArea, findBarcodeArea, looksLikeBarcode } from './barcode-area.ts'
import type { MrzData } from './mrz.ts'
import { explain, type Photo } from './photo.ts'
import type { Reason } from './reading.ts'
import { isLegible, readText, readZone } from './side-text.ts'

export type BackFinding =
  | { readonly state: 'barcode'; readonly data: CardData; readonly mrz: MrzData | undefined }
  /** The barcode is there and cannot be read. */
  | { readonly state: 'mrz'; readonly data: MrzData }
  | { readonly state: 'problem'; readonly reason: Reason }

/** What the back of a card shows. */
export async function readBack(photo: Photo, today: string): Promise<BackFinding> {
  const area = await findBarcodeArea(photo.picture, photo.turns[0] ?? 0)
  const barcode = await readBarcode(photo.picture, anglesToTry(photo.turns, area))
  if (!barcode) return readWithoutBarcode(photo, area, today)
  const data = parseCardText(barcode.text)
  if (!data) return { state: 'problem', reason: 'barcode-invalid' }
  const zone = await readZone(photo, { turn: barcode.turn, today })
  return { state: 'barcode', data, mrz: zone?.state === 'read' ? zone.data : undefined }
}

async function readWithoutBarcode(
  photo: Photo,
  area: BarcodeArea,
  today: string,
): Promise<BackFinding> {
  const text = await readText(photo, today)
  const zone = text.mrz?.state === 'read' ? text.mrz.data : undefined
  if (zone?.kind === 'passport') return { state: 'problem', reason: 'wrong-type' }
  if (looksLikeBarcode(area)) {
    if (zone) return { state: 'mrz', data: zone }
    return { state: 'problem', reason: explain(photo, 'barcode-unreadable') }
  }
  // A state's card has both.
  if (zone) return { state: 'problem', reason: explain(photo, 'wrong-type') }
  return {
    state: 'problem',
    reason: explain(photo, isLegible(text) ? 'wrong-side' : 'not-a-document'),
  }
}

/** The edges in the picture tell the angle; where a barcode seems to be, a little to either side is worth a try. */
function anglesToTry(turns: readonly number[], area: BarcodeArea): readonly number[] {
  const [first = 0] = turns
  return looksLikeBarcode(area) ? [...turns, ...[-2, 2, -4, 4].map((step) => first + step)] : turns
}
