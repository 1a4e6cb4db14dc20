import type { DocumentType, Problem, Reason } from '@anteroom/document-reader'
import { drawBack } from './back.ts'
import type { Card, Passport } from './card.ts'
import { drawFront } from './front.ts'
import { drawPassportPage } from './passport-page.ts'
import { photograph, type Shot } from './photo.ts'
import type { Expected, ExpectedFields, Specimen } from './specimen.ts'

/** A photo that is made when somebody wants it. */
export type Photo = () => Promise<Buffer>

export const front =
  (card: Card, shot?: Shot): Photo =>
  async () =>
    photograph(await frontOf(card), shot)

export const back =
  (card: Card, shot?: Shot): Photo =>
  async () =>
    photograph(await backOf(card), shot)

export const page =
  (passport: Passport, shot?: Shot): Photo =>
  async () =>
    photograph(await pageOf(passport), shot)

// The drawings take longer than the photos, and many photos are of one drawing.
const frontOf = once(drawFront)
const backOf = once(drawBack)
const pageOf = once(drawPassportPage)

/** The file of a photo, changed. */
export const changed =
  (photo: Photo, change: (file: Buffer) => Buffer | Promise<Buffer>): Photo =>
  async () =>
    change(await photo())

export interface Parts {
  readonly name: string
  readonly title: string
  readonly documentType?: DocumentType
  readonly photos: readonly [front: Photo, back?: Photo]
  readonly expected: Expected
}

export function specimen({
  photos: [front, back],
  documentType = 'drivers-license',
  ...parts
}: Parts): Specimen {
  const files = async () => ({ front: await front(), ...(back && { back: await back() }) })
  return { ...parts, documentType, files }
}

export const read = (fields: ExpectedFields): Expected => ({ read: fields })

export type SideAndReason = readonly [side: Problem['side'], reason: Reason]

export const refused = (...problems: readonly SideAndReason[]): Expected => ({
  refused: problems.map(([side, reason]) => ({ side, reason })),
})

export function cardFields(card: Card): ExpectedFields {
  const { firstName, lastName, dateOfBirth, number, state, expiresOn } = card
  const fields = { firstName, lastName, dateOfBirth, number, issuer: state }
  return expiresOn === undefined ? fields : { ...fields, expiresOn }
}

export function passportFields(passport: Passport): ExpectedFields {
  const { firstName, lastName, dateOfBirth, number, country, expiresOn } = passport
  return { firstName, lastName, dateOfBirth, number, issuer: country, expiresOn }
}

function once<T extends object>(draw: (what: T) => Promise<Buffer>): (what: T) => Promise<Buffer> {
  const drawn = new WeakMap<T, Promise<Buffer>>()
  return (what) => {
    const known = drawn.get(what) ?? draw(what)
    drawn.set(what, known)
    return known
  }
}
