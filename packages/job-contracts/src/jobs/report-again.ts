import { z } from 'zod'
import { defineJob } from '../define-job.ts'

/** Asks the worker to report again, from its ledger, what it settled since a moment: reports were lost with Redis. */
export const reportAgain = defineJob({
  name: 'report-again',
  payload: z.object({ since: z.iso.datetime() }),
  clear: ['since'],
  result: z.object({ reported: z.number().int().nonnegative() }),
  outcomeSeconds: 60,
  deadlineSeconds: 600,
  retry: { attempts: 3, firstDelaySeconds: 5, maxDelaySeconds: 60 },
})
