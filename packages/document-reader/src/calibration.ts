import { readBack } from './back.ts'
import { ocrB } from './glyphs.ts'
import { turned } from './grey.ts'
import { findLetters } from './ink.ts'
import { enough } from './judge.ts'
import { openPhoto, type Photo } from './photo.ts'
import { agreementWith } from './print.ts'
import type { Quality } from './quality.ts'
import { readText } from './side-text.ts'
import { findLines, recognise } from './text-lines.ts'

/** What the thresholds are chosen by: the reader's measures without its verdicts. For the procedure in docs/documents.md. */

export type { Quality }

export interface Examined {
  readonly quality: Quality
  /** The barcode, the machine-readable zone, or on a front the text that must be there. */
  readonly read: boolean
}

const today = '2026-06-01'

export async function examineFront(bytes: Uint8Array, text: string): Promise<Examined> {
  const photo = await openPhoto(bytes)
  const [best = 0] = await agreementsOf(photo, [text])
  return { quality: photo.quality, read: best >= enough.alone }
}

export async function examineBack(bytes: Uint8Array): Promise<Examined> {
  const photo = await openPhoto(bytes)
  const { state } = await readBack(photo, today)
  return { quality: photo.quality, read: state === 'barcode' }
}

export async function examinePassport(bytes: Uint8Array): Promise<Examined> {
  const photo = await openPhoto(bytes)
  const { mrz } = await readText(photo, today)
  return { quality: photo.quality, read: mrz?.state === 'read' }
}

/** How well each text agrees with what is printed on a front, 0 to 1. */
export async function agreements(bytes: Uint8Array, texts: readonly string[]): Promise<number[]> {
  return agreementsOf(await openPhoto(bytes), texts)
}

async function agreementsOf(photo: Photo, texts: readonly string[]): Promise<number[]> {
  const { print } = await readText(photo, today)
  return texts.map((text) => agreementWith(print, text))
}

/** Each long row of an upright photo: its letters as read, and how alike the least alike of them is. */
export async function zoneRows(
  bytes: Uint8Array,
): Promise<{ text: string; least: number; mean: number }[]> {
  const { picture, turns } = await openPhoto(bytes)
  const { ink, lines } = findLines(findLetters(await turned(picture, turns[0] ?? 0)), 24)
  const glyphs = await ocrB()
  return lines.map((line) => {
    const row = recognise(ink, line, glyphs)
    const scores = row.map(({ score }) => score)
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
    return { text: row.map(({ char }) => char).join(''), least: Math.min(...scores), mean }
  })
}
