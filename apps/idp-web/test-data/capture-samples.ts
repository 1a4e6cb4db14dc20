import { type DocumentType, sidesOf } from '@anteroom/job-contracts'
import { busyPage } from '../src/documents/pages/busy.ts'
import { choosePage } from '../src/documents/pages/choose.ts'
import { type PhotosData, photosPage } from '../src/documents/pages/photos.ts'
import type { PageSamples } from './page-samples.ts'

/** The pages on which a document is chosen and photographed, in every state. */
export function captureSamples(): PageSamples {
  return {
    'choose a document': choosePage,
    'photos of a license': photos('drivers-license', {}),
    'photos of a state ID': photos('state-id', { presigned: false }),
    'photos of a passport': photos('passport', { fixtures: true }),
    'photos again': photos('state-id', {
      problems: [
        { side: 'front', reason: 'blurred' },
        { side: 'both', reason: 'sides-differ' },
      ],
    }),
    'photos missing': photos('state-id', { errors: { front: 'missing', back: 'not-sent' } }),
    'photos that are no photos': photos('drivers-license', {
      errors: { front: 'wrong-file', back: 'too-large' },
    }),
    'photos of which one is missing': photos('state-id', {
      errors: { front: 'again', back: 'missing' },
    }),
    'no room for photos': busyPage,
    'photos that do not open': photos('passport', { errors: { front: 'damaged' } }),
  }
}

function photos(documentType: DocumentType, changes: Partial<PhotosData>): PageSamples[string] {
  const data = {
    documentType,
    sides: sidesOf(documentType),
    submissionId: 'x'.repeat(43),
    fixtures: false,
    presigned: true,
    errors: {},
    ...changes,
  }
  return (view) => photosPage(view, data)
}
