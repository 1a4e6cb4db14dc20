import { failureReason } from '@anteroom/job-contracts'
import { z } from 'zod'

/** The checks a person goes through, in order, by the names of their jobs. */
export const checks = ['document-proofing', 'resolution-proofing', 'address-proofing'] as const
export type Check = (typeof checks)[number]
const check = z.enum(checks)
/** The checks that compare what a person says with records. */
const recordCheck = z.enum(['resolution-proofing', 'address-proofing'])
export type RecordCheck = z.output<typeof recordCheck>
/** The attempt stays open until its answer has been shown. */
const attemptId = z.string()

/** What the person is told at the end of a check. It stands in their session, so it does not say who they are. */
export const answer = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('verified'), check: recordCheck, attemptId }),
  z.object({ kind: z.literal('not-verified'), check: recordCheck, attemptId }),
  /** The document was read; what it says is sealed apart. */
  z.object({ kind: z.literal('read'), check, attemptId }),
  z.object({
    kind: z.literal('refused'),
    check,
    attemptId,
    /** What was wrong with the document, sealed like the person's data: it says something about them. */
    problems: z.string(),
  }),
  z.object({
    kind: z.literal('failed'),
    check,
    reason: failureReason,
    attemptId,
    /** Stopped by the person when the vendors had been asked already. */
    begun: z.boolean().optional(),
  }),
  /** Milliseconds since the epoch. */
  z.object({ kind: z.literal('limited'), check, retryAt: z.number() }),
  /** The check ended well, but nobody came for the result while it was kept. */
  z.object({ kind: z.literal('expired-unread'), check, attemptId }),
])

export type Answer = z.output<typeof answer>
