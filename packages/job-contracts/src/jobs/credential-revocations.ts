import { z } from 'zod'
import { defineJob } from '../define-job.ts'

/** Revokes credentials by their numbers, and signs the list of all that are revoked. Without numbers it signs anew. */
export const credentialRevocations = defineJob({
  name: 'credential-revocations',
  payload: z.object({ numbers: z.array(z.string().min(1).max(24)).max(1_000) }),
  clear: ['numbers'],
  result: z.object({
    /** The signed list, a compact JWS. */
    list: z.string(),
    /** Numbers that no credential of ours has. */
    unknown: z.array(z.string()),
  }),
  outcomeSeconds: 600,
  deadlineSeconds: 300,
  retry: { attempts: 3, firstDelaySeconds: 2, maxDelaySeconds: 20 },
})
