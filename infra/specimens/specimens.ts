import { badPhotos } from './bad-photos.ts'
import { goodPhotos } from './good-photos.ts'
import type { Specimen } from './specimen.ts'
import { wrongDocuments } from './wrong-documents.ts'
import { wrongFiles } from './wrong-files.ts'

/** Every specimen there is. The first is the plainest: a driver's license that is to be read. */
export const specimens: readonly Specimen[] = [
  ...goodPhotos,
  ...badPhotos,
  ...wrongDocuments,
  ...wrongFiles,
]
