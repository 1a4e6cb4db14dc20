import { z } from 'zod'
import { moment } from './moment.ts'
import { reasonFromWorker } from './outcome.ts'

/**
 * What the worker tells the web's records about a job, from its ledger. It carries nothing about the person,
 * may arrive more than once, and counts only if its `seq` is higher than the last one applied. Numbers are such as the
 * database takes: one report that it refused would hold up those that are applied with it.
 */
export const report = z.object({
  v: z.literal(1),
  jobId: z.base64url().length(43),
  job: z.string(),
  seq: z.int32().positive(),
  /** `running` is told only of jobs that move bytes. */
  state: z.enum(['running', 'waiting', 'done', 'failed']),
  reason: reasonFromWorker.nullable(),
  attempt: z.int32().nonnegative(),
  /** When the next attempt is due (`waiting` only), milliseconds since the epoch in database time. */
  nextTry: moment.nullable(),
  /** Vendor calls that were answered and so may be billed. */
  billed: z.int32().nonnegative(),
  /** Bytes moved, for jobs that move bytes. */
  bytes: z.number().int().nonnegative(),
  /** More exactly than `reason`, for jobs that have words of their own for it: a code from the job's closed list. */
  code: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/)
    .optional(),
  /** Of a job that is done and `reportsResult`: its result, sealed as in the outcome. */
  sealed: z.string().optional(),
})

export type Report = z.output<typeof report>
