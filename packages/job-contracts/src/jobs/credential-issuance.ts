import { z } from 'zod'
import { defineJob } from '../define-job.ts'
import * as fields from '../fields.ts'

/** Has the registry enter this person, and makes the signed credential they leave with. */
export const credentialIssuance = defineJob({
  name: 'credential-issuance',
  payload: z.object({
    /** 256 random bits, base64url: the same however often the issuing of this credential is begun anew. */
    credentialId: z.base64url().length(43),
    firstName: fields.personName,
    lastName: fields.personName,
    dateOfBirth: fields.dateOfBirth,
  }),
  clear: ['credentialId'],
  result: z.object({
    /** The credential as a PDF file, base64. */
    pdf: z.base64(),
    /** Its number, as it is printed. */
    number: z.string(),
    expiresOn: z.iso.date(),
  }),
  resultPurpose: 'credential',
  outcomeSeconds: 600,
  deadlineSeconds: 300,
  retry: { attempts: 3, firstDelaySeconds: 2, maxDelaySeconds: 20 },
})
