import { z } from 'zod'
import { defineJob } from '../define-job.ts'
import * as fields from '../fields.ts'
import { applicant, attemptId, hasWholeStateId, vendorReference } from './applicant.ts'

/** Does this telephone number belong to this person at this address? */
export const addressProofing = defineJob({
  name: 'address-proofing',
  payload: z.object({ attemptId, ...applicant, phone: fields.phone }).refine(hasWholeStateId),
  clear: ['attemptId'],
  result: z.object({
    verified: z.boolean(),
    references: z.object({ address: vendorReference }),
  }),
  outcomeSeconds: 60,
  deadlineSeconds: 60,
  retry: { attempts: 1 },
})
