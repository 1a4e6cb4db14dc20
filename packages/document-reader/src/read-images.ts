import { readBack } from './back.ts'
import { readFront } from './front.ts'
import { enough, judgeCard, judgePassport, type Rules } from './judge.ts'
import { explain, openPhoto, type Photo } from './photo.ts'
import { agreementWith } from './print.ts'
import { hopeless } from './quality.ts'
import type { DocumentType, Problem, Reading, Reason, Side, SideImage } from './reading.ts'
import { isLegible, readText, type SideText } from './side-text.ts'
import { findFault } from './vet-image.ts'

export interface ReadRequest {
  readonly type: DocumentType
  readonly images: readonly SideImage[]
  readonly rules: Rules
}

/**
 * Reads a document, in order: the files, the photos as photos, what they show, whether it fits together, and last
 * whether it is still good. A refusal names for each side the one thing that is most worth changing.
 */
export async function readImages({ type, images, rules }: ReadRequest): Promise<Reading> {
  const sides: readonly Side[] = type === 'passport' ? ['front'] : ['front', 'back']
  const files = sides.map((side) => ({
    side,
    bytes: images.find((image) => image.side === side)?.bytes,
  }))
  const faults = problemsOf(files, ({ bytes }) => (bytes ? findFault(bytes) : 'missing'))
  if (faults.length > 0) return { state: 'refused', problems: faults }
  const [front, back] = files.map(({ bytes }) => bytes)
  if (front && back && Buffer.compare(front, back) === 0) {
    return { state: 'refused', problems: [{ side: 'both', reason: 'same-image' }] }
  }

  const photos = []
  for (const { side, bytes } of files) photos.push({ side, photo: await open(bytes) })
  const poor = problemsOf(photos, ({ photo }) => (photo ? hopeless(photo.quality) : 'damaged'))
  if (poor.length > 0) return { state: 'refused', problems: poor }
  const opened = photos.flatMap(({ photo }) => (photo ? [photo] : []))
  return type === 'passport' ? readPassport(opened, rules) : readCard(type, opened, rules)
}

function problemsOf<T extends { readonly side: Side }>(
  items: readonly T[],
  reasonOf: (item: T) => Reason | undefined,
): Problem[] {
  return items.flatMap((item) => {
    const reason = reasonOf(item)
    return reason === undefined ? [] : [{ side: item.side, reason }]
  })
}

/** `undefined`: the file looks like an image and breaks off somewhere in it. */
async function open(bytes: Uint8Array | undefined): Promise<Photo | undefined> {
  try {
    return bytes && (await openPhoto(bytes))
  } catch {
    return undefined
  }
}

async function readCard(
  type: DocumentType,
  [front, back]: readonly Photo[],
  rules: Rules,
): Promise<Reading> {
  if (!front || !back) return { state: 'refused', problems: [{ side: 'both', reason: 'missing' }] }
  const findings = {
    front: await readFront(front, rules.today),
    back: await readBack(back, rules.today),
  }
  return judgeCard(type, findings, rules)
}

async function readPassport([page]: readonly Photo[], rules: Rules): Promise<Reading> {
  if (!page) return { state: 'refused', problems: [{ side: 'front', reason: 'missing' }] }
  const text = await readText(page, rules.today)
  if (text.mrz) return judgePassport(text.mrz, rules)
  return { state: 'refused', problems: [{ side: 'front', reason: reasonWithoutZone(page, text) }] }
}

function reasonWithoutZone(page: Photo, text: SideText): Reason {
  const isCard = cardTitles.some((title) => agreementWith(text.print, title) >= enough.alone)
  if (isCard) return 'wrong-type'
  return explain(page, isLegible(text) ? 'mrz-unreadable' : 'not-a-document')
}

const cardTitles = ['DRIVER LICENSE', 'IDENTIFICATION CARD']
