import type { DocumentType } from '@anteroom/job-contracts'
import { randomId } from '../random-id.ts'
import type { SessionPatch, Submission } from '../session/session.ts'

/** A document of this type, not photographed yet. */
export function newSubmission(documentType: DocumentType): Submission {
  return { submissionId: randomId(), documentType, uploads: [] }
}

/** Forgets what an earlier document said, and all that was built on it. */
export const withoutDocument = {
  readDocument: undefined,
  documentPass: undefined,
  confirmedDocument: undefined,
  details: undefined,
  detailsId: undefined,
  detailsDocument: undefined,
  passed: undefined,
  phone: undefined,
} as const satisfies SessionPatch
