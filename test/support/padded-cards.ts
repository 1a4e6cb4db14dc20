import { specimens } from '@anteroom/infra/specimens/index.ts'
import type { Files } from './document-desk.ts'

/**
 * Both sides of so many cards, each a file as large as asked for. One card in five is photographed well and read to the
 * end; the others are out of focus, and so are decoded, measured and refused.
 */
export async function paddedCards(count: number, bytes: number): Promise<Files[]> {
  const good = await paddedCard('drivers-license', bytes)
  const poor = await paddedCard('blurred', bytes)
  return Array.from({ length: count }, (_, card) => (card % 5 === 0 ? good : poor))
}

async function paddedCard(name: string, bytes: number): Promise<Files> {
  const files = await specimens.find((specimen) => specimen.name === name)?.files()
  if (!files?.back) throw new Error(`No specimen of two sides is named ${name}`)
  return { front: padded(files.front, bytes), back: padded(files.back, bytes) }
}

const startOfImage = 2
const mostInComment = 65_533
const commentHead = 4

/** What is added are JPEG comments, which a decoder reads and drops. */
function padded(photo: Buffer, bytes: number): Buffer {
  const comments: Buffer[] = []
  for (let left = bytes - photo.length; left > 0; left -= mostInComment + commentHead) {
    comments.push(comment(Math.min(mostInComment, Math.max(0, left - commentHead))))
  }
  return Buffer.concat([photo.subarray(0, startOfImage), ...comments, photo.subarray(startOfImage)])
}

/** A COM segment (ITU-T T.81, B.2.4.5); its length counts itself. */
function comment(bytes: number): Buffer {
  const segment = Buffer.alloc(commentHead + bytes)
  segment.set([0xff, 0xfe])
  segment.writeUInt16BE(2 + bytes, 2)
  return segment
}
