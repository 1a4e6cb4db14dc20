import type { Reason } from '@anteroom/document-reader'
import { animated, pixelBomb, textFile, truncated, withArchive } from './broken-files.ts'
import { back, changed, front, type Photo, refused, specimen } from './compose.ts'
import { virginia } from './people.ts'
import type { Specimen } from './specimen.ts'

const goodBack = back(virginia)

/** Files that are no photos, or none that anybody should open. */
export const wrongFiles: readonly Specimen[] = [
  wrongFront('text-file', 'A text file named .jpg', {
    photo: async () => textFile,
    reason: 'wrong-file',
  }),
  wrongFront('polyglot', 'A photo that is also an archive', {
    photo: changed(front(virginia), withArchive),
    reason: 'wrong-file',
  }),
  wrongFront('truncated', 'A file that breaks off', {
    photo: changed(front(virginia), truncated),
    reason: 'damaged',
  }),
  wrongFront('animated', 'An animated PNG', {
    photo: changed(front(virginia), animated),
    reason: 'animated',
  }),
  wrongFront('pixel-bomb', 'A small PNG that claims 500 million pixels', {
    photo: async () => pixelBomb(),
    reason: 'too-large',
  }),
  specimen({
    name: 'without-back',
    title: 'Only the front',
    photos: [front(virginia)],
    expected: refused(['back', 'missing']),
  }),
]

interface WrongFile {
  readonly photo: Photo
  readonly reason: Reason
}

function wrongFront(name: string, title: string, { photo, reason }: WrongFile): Specimen {
  return specimen({ name, title, photos: [photo, goodBack], expected: refused(['front', reason]) })
}
