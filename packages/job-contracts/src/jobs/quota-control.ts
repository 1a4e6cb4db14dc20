import { z } from 'zod'
import { defineJob } from '../define-job.ts'

/** An operator sets how often a vendor may be called, or stops calls to it for a while. What is not given stays. */
export const quotaControl = defineJob({
  name: 'quota-control',
  payload: z.object({
    vendor: z.enum(['registry']),
    /** Rises with every command: an older one that comes late changes nothing. */
    revision: z.number().int().positive(),
    calls: z.number().int().min(1).max(100_000).optional(),
    windowSeconds: z.number().int().min(1).max(86_400).optional(),
    paused: z.boolean().optional(),
  }),
  clear: ['vendor', 'revision', 'calls', 'windowSeconds', 'paused'],
  result: z.object({ applied: z.boolean() }),
  outcomeSeconds: 60,
  deadlineSeconds: 60,
  retry: { attempts: 3, firstDelaySeconds: 1, maxDelaySeconds: 5 },
})
