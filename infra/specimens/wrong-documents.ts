import type { Card } from './card.ts'
import { back, front, type Parts, page, refused, type SideAndReason, specimen } from './compose.ts'
import { ohioId, passport, texas, virginia, washington } from './people.ts'
import type { Specimen } from './specimen.ts'

const expired: Card = { ...virginia, issuedOn: '2011-06-06', expiresOn: '2019-06-06' }
const child: Card = {
  ...virginia,
  firstName: 'NOEL',
  dateOfBirth: '2020-06-06',
  number: 'T64235790',
}
const withoutBirthDate: Card = { ...virginia, flaw: 'no-birth-date' }
const withoutCard: Card = { ...virginia, flaw: 'not-a-card' }
const impossible: Card = { ...virginia, flaw: 'impossible-date' }
const relative: Card = {
  ...virginia,
  firstName: 'THOMAS',
  dateOfBirth: '1984-01-30',
  number: 'T61187342',
}
const otherZone: Card = {
  ...washington,
  zoneOf: { ...washington, lastName: 'LINDQVIST', dateOfBirth: '1981-10-02' },
}
const passportCard: Card = { ...washington, zoneCode: 'IP' }
const zoneAlone: Card = { ...washington, flaw: 'no-barcode' }
const scratch = { spot: { kind: 'scratch', x: 0.5, y: 0.33, radius: 0.32 } } as const

/** Photographed well, and not to be accepted. */
export const wrongDocuments: readonly Specimen[] = [
  wrong('front-twice', 'The front twice', {
    photos: [front(virginia), front(virginia, { turn: 2 })],
    problem: ['back', 'wrong-side'],
  }),
  wrong('back-twice', 'The back twice', {
    photos: [back(virginia, { turn: 2 }), back(virginia)],
    problem: ['front', 'wrong-side'],
  }),
  wrong('same-file-twice', 'One file for both sides', {
    photos: [front(virginia), front(virginia)],
    problem: ['both', 'same-image'],
  }),
  specimen({
    name: 'sides-swapped',
    title: 'The back as front, the front as back',
    photos: [back(virginia), front(virginia)],
    expected: refused(['front', 'wrong-side'], ['back', 'wrong-side']),
  }),
  wrong('expired', 'Expired', {
    photos: [front(expired), back(expired)],
    problem: ['both', 'expired'],
  }),
  wrong('under-age', 'Of a child', {
    photos: [front(child), back(child)],
    problem: ['both', 'under-age'],
  }),
  wrong('another-persons-back', "Another person's back", {
    photos: [front(virginia), back(texas)],
    problem: ['both', 'sides-differ'],
  }),
  wrong('a-relatives-back', "A relative's back: same name, same address", {
    photos: [front(virginia), back(relative)],
    problem: ['both', 'sides-differ'],
  }),
  wrong('passport-as-license', "A passport as a driver's license", {
    photos: [page(passport), back(virginia)],
    problem: ['front', 'wrong-type'],
  }),
  wrong('id-as-license', "A state ID card as a driver's license", {
    photos: [front(ohioId), back(ohioId)],
    problem: ['both', 'wrong-type'],
  }),
  specimen({
    name: 'license-as-passport',
    title: "A driver's license as a passport",
    documentType: 'passport',
    photos: [front(virginia)],
    expected: refused(['front', 'wrong-type']),
  }),
  wrong('barcode-without-birth-date', 'A barcode without a date of birth', {
    photos: [front(withoutBirthDate), back(withoutBirthDate)],
    problem: ['back', 'incomplete'],
  }),
  wrong('barcode-of-something-else', "A shop's barcode", {
    photos: [front(withoutCard), back(withoutCard)],
    problem: ['back', 'barcode-invalid'],
  }),
  wrong('barcode-impossible', 'A barcode that says 30 February', {
    photos: [front(impossible), back(impossible)],
    problem: ['back', 'barcode-invalid'],
  }),
  wrong('zone-of-another', "Another person's machine-readable zone", {
    photos: [front(otherZone), back(otherZone)],
    problem: ['back', 'mrz-invalid'],
  }),
  wrong('zone-of-another-tilted', "Another person's machine-readable zone, upside down", {
    photos: [front(otherZone), back(otherZone, { turn: 186 })],
    problem: ['back', 'mrz-invalid'],
  }),
  wrong('passport-card', 'A passport card under the front of a license, its barcode scratched', {
    photos: [front(passportCard), back(passportCard, scratch)],
    problem: ['back', 'wrong-type'],
  }),
  wrong('zone-without-barcode', 'A machine-readable zone, and no barcode at all', {
    photos: [front(zoneAlone), back(zoneAlone)],
    problem: ['back', 'wrong-type'],
  }),
  specimen({
    name: 'passport-forged',
    title: 'A passport with a wrong check digit',
    documentType: 'passport',
    photos: [page({ ...passport, forged: true })],
    expected: refused(['front', 'mrz-invalid']),
  }),
  specimen({
    name: 'passport-expired',
    title: 'An expired passport',
    documentType: 'passport',
    photos: [page({ ...passport, expiresOn: '2024-01-19' })],
    expected: refused(['both', 'expired']),
  }),
  specimen({
    name: 'passport-of-last-century',
    title: 'A passport that expired in 1999',
    documentType: 'passport',
    photos: [page({ ...passport, dateOfBirth: '1960-08-12', expiresOn: '1999-12-31' })],
    expected: refused(['both', 'expired']),
  }),
]

type Wrong = Pick<Parts, 'photos'> & { readonly problem: SideAndReason }

function wrong(name: string, title: string, { photos, problem }: Wrong): Specimen {
  return specimen({ name, title, photos, expected: refused(problem) })
}
