import { withSecondPicture } from './broken-files.ts'
import type { Card, Passport } from './card.ts'
import {
  back,
  cardFields,
  changed,
  front,
  page,
  passportFields,
  read,
  specimen,
} from './compose.ts'
import { colorado, ohioId, ohioIdForLife, passport, texas, virginia, washington } from './people.ts'
import type { Shot } from './photo.ts'
import type { Specimen } from './specimen.ts'

/** Good enough to be read, all of them. */
export const goodPhotos: readonly Specimen[] = [
  card('drivers-license', "A driver's license, well photographed", { of: virginia }),
  card('state-id', 'A state ID card', { of: ohioId }),
  card('never-expires', 'A state ID card that never expires', { of: ohioIdForLife }),
  card('license-of-2005', 'A license with a barcode of the 2005 edition', { of: texas }),
  card('license-of-2000', 'A license with a barcode of the first edition', { of: colorado }),
  card('enhanced-license', 'A license with a machine-readable zone', { of: washington }),
  card('tilted-3', 'Tilted by 3 degrees', { of: virginia, shot: { turn: 3 } }),
  card('tilted-8', 'Tilted by 8 degrees', { of: ohioId, shot: { turn: 8 } }),
  card('tilted-17', 'Tilted by 17 degrees', { of: texas, shot: { turn: 17 } }),
  card('tilted-left-12', 'Tilted to the left by 12 degrees', { of: virginia, shot: { turn: -12 } }),
  card('tilted-33', 'Tilted by 33 degrees', { of: washington, shot: { turn: 33 } }),
  card('upside-down', 'Upside down', { of: virginia, shot: { turn: 180 } }),
  card('upside-down-tilted', 'Upside down and tilted', { of: ohioId, shot: { turn: 174 } }),
  card('sideways', 'On its side', { of: texas, shot: { turn: 90 } }),
  card('exif-rotated', 'The phone on its side, as the EXIF data say', {
    of: virginia,
    shot: {
      exifRotated: true,
    },
  }),
  card('slightly-blurred', 'Slightly out of focus', { of: virginia, shot: { blur: 1.6 } }),
  card('dim', 'In poor light', { of: virginia, shot: { light: 0.3, noise: 4 } }),
  card('grainy', 'With a grainy camera', { of: ohioId, shot: { noise: 14 } }),
  card('compressed', 'A JPEG of low quality', { of: texas, shot: { quality: 35 } }),
  card('as-png', 'As PNG', { of: virginia, shot: { format: 'png' } }),
  card('scanned', 'Scanned, without a table around it', {
    of: virginia,
    shot: { withoutTable: true },
  }),
  card('white-table', 'On a white table', { of: texas, shot: { table: 'white', turn: 4 } }),
  card('wooden-table', 'On a table with a strong grain', {
    of: ohioId,
    shot: { table: 'wooden', turn: -7 },
  }),
  card('slanted', 'From a slant', { of: virginia, shot: { slant: 0.05 } }),
  card('half-size', 'Half as many pixels', { of: virginia, shot: { longSide: 1100 } }),
  card('large', 'Twelve megapixels', { of: texas, shot: { longSide: 4000 } }),
  card('harmless-glare', 'A reflection where nothing is to be read', {
    of: virginia,
    shot: {
      spot: { kind: 'glare', x: 0.16, y: 0.88, radius: 0.05 },
    },
  }),
  specimen({
    name: 'phone-extras',
    title: 'A photo with a second picture appended, as phones do',
    photos: [changed(front(virginia), withSecondPicture), back(virginia)],
    expected: read(cardFields(virginia)),
  }),
  specimen({
    name: 'barcode-scratched-with-zone',
    title: 'The barcode scratched, the machine-readable zone whole',
    photos: [
      front(washington),
      back(washington, { spot: { kind: 'scratch', x: 0.5, y: 0.33, radius: 0.32 } }),
    ],
    expected: { toConfirm: cardFields(washington) },
  }),
  passportPage('passport', 'A passport'),
  passportPage('passport-tilted', 'A passport, tilted by 6 degrees', { turn: 6 }),
  passportPage('passport-upside-down', 'A passport, upside down', { turn: 180 }),
  passportPage('passport-dim', 'A passport in poor light', { light: 0.3, noise: 4 }),
  passportPage('passport-half-size', 'A passport, half as many pixels', { longSide: 1100 }),
]

function card(
  name: string,
  title: string,
  { of: what, shot }: { of: Card; shot?: Shot },
): Specimen {
  return specimen({
    name,
    title,
    documentType: what.documentType,
    photos: [front(what, shot), back(what, shot)],
    expected: read(cardFields(what)),
  })
}

function passportPage(name: string, title: string, shot?: Shot): Specimen {
  const whose: Passport = passport
  return specimen({
    name,
    title,
    documentType: 'passport',
    photos: [page(whose, shot)],
    expected: read(passportFields(whose)),
  })
}
