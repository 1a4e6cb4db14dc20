import { z } from 'zod'
import { defineJob } from '../define-job.ts'
import { applicant, attemptId, hasWholeStateId, vendorReference } from './applicant.ts'

/** Does this person exist in the records, and does their driver's license or state ID, if they have one? */
export const resolutionProofing = defineJob({
  name: 'resolution-proofing',
  payload: z.object({ attemptId, ...applicant }).refine(hasWholeStateId),
  clear: ['attemptId'],
  result: z.object({
    verified: z.boolean(),
    references: z.object({ resolution: vendorReference, stateId: vendorReference.optional() }),
  }),
  outcomeSeconds: 60,
  deadlineSeconds: 60,
  retry: { attempts: 1 },
})
