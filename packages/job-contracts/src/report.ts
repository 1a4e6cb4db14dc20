import { z } from 'zod'
import { reasonFromWorker } from './outcome.ts'

/**
 * What the worker tells the web's records about a job, from its ledger. It carries nothing about the person,
 * may arrive more than once, and counts only if its `seq` is higher than the last one applied.
 */
export const report = z.object({
  v: z.literal(1),
  jobId: z.base64url().length(43),
  job: z.string(),
  seq: z.number().int().positive(),
  state: z.enum(['waiting', 'done', 'failed']),
  reason: reasonFromWorker.nullable(),
  attempt: z.number().int().nonnegative(),
  /** When the next attempt is due (`waiting` only), milliseconds since the epoch in database time. */
  nextTry: z.number().int().nullable(),
  /** Vendor calls that were answered and so may be billed. */
  billed: z.number().int().nonnegative(),
  /** Bytes moved, for jobs that move bytes. */
  bytes: z.number().int().nonnegative(),
})

export type Report = z.output<typeof report>
