import { z } from 'zod'

/** Why a job failed. The list is closed: pages, reports and docs/jobs.md answer for every entry. */
export const failureReasons = [
  'timed-out',
  'vendor-unavailable',
  'rejected-input',
  'unreadable',
  'cancelled',
  'internal',
] as const

export type FailureReason = (typeof failureReasons)[number]

export const failureReason = z.enum(failureReasons)

/** As it comes over the channel: a reason that a newer worker knows and this code does not is one of ours. */
export const reasonFromWorker = failureReason.catch('internal')

/** What lies in Redis for the person's page. State and reason are readable, the result is sealed. */
export const outcome = z.discriminatedUnion('state', [
  z.object({ state: z.literal('done'), sealed: z.string() }),
  z.object({ state: z.literal('failed'), reason: reasonFromWorker }),
])

export type Outcome = z.output<typeof outcome>

/** Whether a failure gives the person their attempt back: true for every trouble that was not theirs. */
export function givesAttemptBack(reason: FailureReason): boolean {
  switch (reason) {
    case 'timed-out':
    case 'vendor-unavailable':
    case 'unreadable':
    case 'cancelled':
    case 'internal':
      return true
    case 'rejected-input':
      return false
  }
}
