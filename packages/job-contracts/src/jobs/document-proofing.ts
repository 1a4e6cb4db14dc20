import { z } from 'zod'
import { defineJob } from '../define-job.ts'
import {
  documentImage,
  documentType,
  imageFingerprint,
  imageKey,
  submissionId,
} from '../documents.ts'
import { documentProblem, readDocument } from '../read-document.ts'
import { attemptId, vendorReference } from './applicant.ts'

/** What does this ID document say, and can it be believed? */
export const documentProofing = defineJob({
  name: 'document-proofing',
  payload: z.object({
    attemptId,
    submissionId,
    documentType,
    imageKey,
    /** One for each side that the type has. */
    images: z.array(documentImage).min(1).max(2),
    /** Images of this person that failed before: they are not looked at again. */
    failedImages: z.array(imageFingerprint).max(40),
  }),
  clear: ['attemptId'],
  result: z.discriminatedUnion('verdict', [
    z.object({
      verdict: z.literal('read'),
      document: readDocument,
      /** The barcode could not be read, but something else could: the person says whether it is right. */
      toConfirm: z.boolean(),
      reference: vendorReference.optional(),
    }),
    z.object({
      verdict: z.literal('refused'),
      problems: z.array(documentProblem).min(1),
      failedImages: z.array(imageFingerprint).max(2),
    }),
  ]),
  outcomeSeconds: 60,
  deadlineSeconds: 60,
  retry: { attempts: 1 },
})
