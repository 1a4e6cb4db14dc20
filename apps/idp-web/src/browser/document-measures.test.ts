import { expect, test } from 'vitest'
import { hintsOf } from './document-hints.ts'
import { type Grey, greyOf, measure } from './document-measures.ts'

const width = 600
const height = 400
const large = { width: 2_000, height: 1_300 }

/** A picture by the level at each place. */
function picture(levelAt: (x: number, y: number) => number): Grey {
  const levels = Uint8Array.from({ length: width * height }, (_, at) =>
    levelAt(at % width, Math.floor(at / width)),
  )
  return { width, height, levels }
}

/** A pale card with dark lines of writing on a dark table. */
function card(x: number, y: number): number {
  if (x < 60 || x >= 540 || y < 40 || y >= 360) return 70
  const isWriting = y % 20 < 8 && (x * 7 + Math.floor(y / 20) * 13) % 23 < 9
  return isWriting ? 60 : 225
}

/** Each level becomes the mean of those around it, twice over in both directions. */
function blurred(grey: Grey, radius: number): Grey {
  return [1, width, 1, width].reduce((before, step) => smeared(before, radius, step), grey)
}

function smeared({ levels, ...size }: Grey, radius: number, step: number): Grey {
  const smear = (_: number, at: number) => {
    let sum = 0
    for (let by = -radius; by <= radius; by += 1) sum += levels[at + by * step] ?? 70
    return sum / (2 * radius + 1)
  }
  return { ...size, levels: levels.map(smear) }
}

/** A round spot of light that fades over half of its radius. */
function withSpot(x: number, y: number, radius: number): number {
  const distance = Math.hypot(x - 300, y - 200) / radius
  const share = Math.min(1, Math.max(0, 2 - 2 * distance))
  return card(x, y) * (1 - share) + 255 * share
}

const hints = (grey: Grey) => hintsOf(measure(grey), large)

test('nothing speaks against a sharp, well lit photo', () => {
  expect(hints(picture(card))).toEqual([])
})

test('a blurred photo is told from a sharp one, in good light and in bad', () => {
  const dim = picture((x, y) => card(x, y) * 0.5)

  expect(hints(blurred(picture(card), 6))).toEqual(['blurred'])
  expect(hints(dim)).toEqual([])
  expect(hints(blurred(dim, 6))).toEqual(['blurred'])
})

test('a photo without light is too dark, and not said to be blurred', () => {
  expect(hints(picture((x, y) => card(x, y) * 0.2))).toEqual(['too-dark'])
})

test('a spot of light is found; small ones do not matter', () => {
  expect(hints(picture((x, y) => withSpot(x, y, 80)))).toEqual(['glare'])
  expect(hints(picture((x, y) => withSpot(x, y, 12)))).toEqual([])
})

test('white paper and a white background are no glare', () => {
  const onWhite = picture((x, y) => (card(x, y) === 70 ? 255 : card(x, y)))
  const withPaper = picture((x, y) => (x > 200 && x < 400 && y > 250 && y < 340 ? 255 : card(x, y)))

  expect(measure(onWhite).glare).toBe(0)
  expect(measure(withPaper).glare).toBe(0)
})

test('a photo with few pixels is too small, whichever way it was held', () => {
  const good = measure(picture(card))

  expect(hintsOf(good, { width: 360, height: 240 })).toEqual(['too-small'])
  expect(hintsOf(good, { width: 240, height: 499 })).toEqual(['too-small'])
})

test('what a plain camera gives is enough', () => {
  const good = measure(picture(card))

  expect(hintsOf(good, { width: 640, height: 480 })).toEqual([])
  expect(hintsOf(good, { width: 300, height: 500 })).toEqual([])
})

test('what is worst is said first', () => {
  const bad = blurred(
    picture((x, y) => card(x, y) * 0.2),
    20,
  )

  expect(hintsOf(measure(bad), { width: 90, height: 60 })[0]).toBe('too-small')
})

test('a picture of one level, or of a few pixels, is measured without harm', () => {
  const empty = { width: 0, height: 0, levels: new Uint8Array() }
  const tiny = { width: 1, height: 1, levels: new Uint8Array([255]) }

  for (const grey of [empty, tiny, picture(() => 128)]) {
    expect(Object.values(measure(grey)).every(Number.isFinite)).toBe(true)
  }
})

test('green looks brighter than blue', () => {
  const pixels = new Uint8ClampedArray([0, 255, 0, 255, 0, 0, 255, 255, 255, 255, 255, 255])

  expect([...greyOf(pixels, 3, 1).levels]).toEqual([149, 29, 255])
})
