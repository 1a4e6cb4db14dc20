import { findTurns } from './gradients.ts'
import { type Grey, resized, stretched, toGrey, turned } from './grey.ts'
import { doubtful, measure, type Quality } from './quality.ts'
import type { Reason } from './reading.ts'
import { openPicture } from './vet-image.ts'

/** A photo of one side, made ready for reading. */
export interface Photo {
  readonly quality: Quality
  /** At one size, and with full contrast, whatever the camera gave. */
  readonly picture: Grey
  /** By how much to turn it, the likeliest first; a right angle more or less is not told. */
  readonly turns: readonly number[]
}

/** Throws if the file cannot be decoded to its end. */
export async function openPhoto(bytes: Uint8Array): Promise<Photo> {
  const image = await openPicture(bytes, maxSide)
  const grey = await toGrey(image.greyscale())
  const picture = stretched(await resized(grey, workSide))
  return { quality: await measure(grey), picture, turns: await findTurns(picture) }
}

/** More pixels than these tell nothing more of a card. */
const maxSide = 3200

/** A card that fills the photo has 21 pixels a millimetre. */
const workSide = 1800

/** The picture as it may lie the right way up or upside down, the likeliest first. */
export async function* layings({ picture, turns }: Photo): AsyncGenerator<Grey> {
  const quarter = picture.width >= picture.height ? 0 : 90
  for (const turn of turns.slice(0, 2)) {
    yield await turned(picture, turn + quarter)
    yield await turned(picture, turn + 90 - quarter)
  }
}

/** The reason to give for a photo that shows something which cannot be read. */
export function explain(photo: Photo, otherwise: Reason): Reason {
  return doubtOf(photo) ?? otherwise
}

/** What of the photo may have kept something from being read. */
export function doubtOf({ quality, picture }: Photo): Reason | undefined {
  return doubtful(quality) ?? (reachesEdge(picture) ? 'cropped' : undefined)
}

/** Whether an outline or a letter is cut off by the edge of the photo. */
function reachesEdge(picture: Grey): boolean {
  const { width, height } = picture
  const edges = [
    stepsAlong(picture, { start: 2 * width, step: 1, length: width }),
    stepsAlong(picture, { start: (height - 3) * width, step: 1, length: width }),
    stepsAlong(picture, { start: 2, step: width, length: height }),
    stepsAlong(picture, { start: width - 3, step: width, length: height }),
  ]
  return edges.some((steps) => steps >= 2)
}

interface Edge {
  readonly start: number
  readonly step: number
  readonly length: number
}

/** How often brightness jumps on the way along an edge of the photo. */
function stepsAlong({ data }: Grey, { start, step, length }: Edge): number {
  const reach = 6
  let jumps = 0
  for (let index = reach; index < length; index++) {
    const here = data[start + index * step] ?? 0
    const before = data[start + (index - reach) * step] ?? 0
    if (Math.abs(here - before) < 70) continue
    jumps += 1
    index += 4 * reach
  }
  return jumps
}
