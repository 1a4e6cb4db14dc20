import { landscape } from './broken-files.ts'
import { back, front, page, refused, specimen } from './compose.ts'
import { passport, virginia } from './people.ts'
import type { Specimen } from './specimen.ts'

const goodFront = front(virginia)
const goodBack = back(virginia)

/** Photos of good documents that cannot be read. */
export const badPhotos: readonly Specimen[] = [
  specimen({
    name: 'blurred',
    title: 'Out of focus',
    photos: [front(virginia, { blur: 9 }), back(virginia, { blur: 9 })],
    expected: refused(['front', 'blurred'], ['back', 'blurred']),
  }),
  specimen({
    name: 'back-blurred',
    title: 'The back a little out of focus',
    photos: [goodFront, back(virginia, { blur: 4.5 })],
    expected: refused(['back', 'blurred']),
  }),
  specimen({
    name: 'dark',
    title: 'In the dark',
    photos: [
      front(virginia, { light: 0.015, noise: 4 }),
      back(virginia, { light: 0.015, noise: 4 }),
    ],
    expected: refused(['front', 'too-dark'], ['back', 'too-dark']),
  }),
  specimen({
    name: 'glare-on-barcode',
    title: 'A reflection on the barcode',
    photos: [goodFront, back(virginia, { spot: { kind: 'glare', x: 0.5, y: 0.36, radius: 0.2 } })],
    expected: refused(['back', 'glare']),
  }),
  specimen({
    name: 'glare-on-front',
    title: 'A reflection on the front',
    photos: [
      front(virginia, { spot: { kind: 'glare', x: 0.58, y: 0.45, radius: 0.36 } }),
      goodBack,
    ],
    expected: refused(['front', 'glare']),
  }),
  specimen({
    name: 'small',
    title: 'A thumbnail',
    photos: [front(virginia, { longSide: 360 }), back(virginia, { longSide: 360 })],
    expected: refused(['front', 'too-small'], ['back', 'too-small']),
  }),
  specimen({
    name: 'barcode-cropped',
    title: 'The barcode half outside the photo',
    photos: [goodFront, back(virginia, { crop: { right: 0.4 } })],
    expected: refused(['back', 'cropped']),
  }),
  specimen({
    name: 'front-cropped',
    title: 'What is printed outside the photo',
    photos: [front(virginia, { crop: { right: 0.62 } }), goodBack],
    expected: refused(['front', 'cropped']),
  }),
  specimen({
    name: 'barcode-scratched',
    title: 'The barcode scratched',
    photos: [
      goodFront,
      back(virginia, { spot: { kind: 'scratch', x: 0.5, y: 0.36, radius: 0.32 } }),
    ],
    expected: refused(['back', 'barcode-unreadable']),
  }),
  specimen({
    name: 'no-document',
    title: 'A landscape',
    photos: [landscape, goodBack],
    expected: refused(['front', 'not-a-document']),
  }),
  specimen({
    name: 'passport-blurred',
    title: 'A passport out of focus',
    documentType: 'passport',
    photos: [page(passport, { blur: 9 })],
    expected: refused(['front', 'blurred']),
  }),
  specimen({
    name: 'passport-zone-cropped',
    title: 'A passport without its two lowest lines',
    documentType: 'passport',
    photos: [page(passport, { crop: { bottom: 0.25 } })],
    expected: refused(['front', 'cropped']),
  }),
  specimen({
    name: 'passport-zone-scratched',
    title: 'A passport with scratched lines',
    documentType: 'passport',
    photos: [page(passport, { spot: { kind: 'scratch', x: 0.5, y: 0.79, radius: 0.1 } })],
    expected: refused(['front', 'mrz-unreadable']),
  }),
]
