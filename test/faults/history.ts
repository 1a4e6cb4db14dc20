import type { FailureReason } from '@anteroom/job-contracts'

/**
 * What happened in a run, from every side: what people saw, what vendors were asked, what the database and Redis held.
 * The checker knows nothing else. Times are milliseconds since the epoch, all by this machine's clock.
 */
export interface History {
  readonly visits: readonly Visit[]
  readonly attempts: readonly AttemptRow[]
  readonly ledger: readonly LedgerEvent[]
  readonly questions: readonly QuestionRow[]
  readonly leases: readonly LeaseEvent[]
  readonly calls: readonly VendorCall[]
  readonly outcomes: readonly OutcomeSeen[]
  readonly left: Residue
  readonly injections: readonly Injection[]
}

export const verdicts = ['verified', 'not-verified', 'read', 'refused'] as const
/** What a check can find: of details the first two, of a document the others. */
export type Verdict = (typeof verdicts)[number]

/**
 * What a person can be told at the end; `foreign` is a document that is not theirs, `unknown` a page that is none of ours
 * for an end.
 */
export type Ending = Verdict | FailureReason | 'expired-unread' | 'limited' | 'foreign' | 'unknown'

/** One person's way from the first page to their answer. */
export interface Visit {
  /** Stands in the person's name, so that no two applicants are the same. */
  readonly nonce: string
  /** The fault that was going on when they came. */
  readonly fault: string
  /** The hash by which the vendors know them. */
  readonly vendorHash: string
  /** The hash by which the web's records know their device; absent if they never got a cookie. */
  readonly deviceHash: string | undefined
  /** What the vendors say of them; absent if the vendors give no answer. */
  readonly truth: Verdict | undefined
  /** When a page first said that their check is under way. */
  readonly acknowledgedAt: number | undefined
  /** Closed the browser while the check was under way, and never came back. */
  readonly left: boolean
  /** How often they asked for the same check again after trouble that was not theirs. */
  readonly retries: number
  /** The documents they photographed, by the ids under which the images lie. */
  readonly submissions: readonly string[]
  /** Every look at the page with the last answer. */
  readonly answers: readonly { readonly ending: Ending; readonly at: number }[]
  /** Replies of 500 and above, and connections that broke. */
  readonly troubles: number
  readonly slowestReplyMs: number
  /** Replies that took longer than a page may take. */
  readonly slowReplies: number
}

/** The web's record, with how many uses still count against a limit. */
export interface AttemptRow {
  readonly deviceHash: string
  readonly jobId: string
  /** The check, named as its job. */
  readonly job: string
  readonly enqueuedAt: number
  readonly deadlineAt: number
  readonly state: string
  readonly reason: FailureReason | undefined
  readonly billed: number
  readonly uses: number
}

/** The worker's ledger row of a job as it was after each change; `claimed`, with no starts, is a claim of its queue row. */
export interface LedgerEvent {
  readonly at: number
  /** Which life of which worker made the change. */
  readonly worker: string
  readonly jobId: string
  readonly state: string
  readonly starts: number
  readonly settledAt: number | undefined
}

/** A lease taken (`insert`) or ended (`delete`), and by which life. */
export interface LeaseEvent {
  readonly at: number
  readonly worker: string
  readonly what: string
  readonly lease: string
}

/** A question that the worker recorded; absent answers are unknown to it. */
export interface QuestionRow {
  readonly jobId: string
  readonly vendor: string
  readonly answeredAt: number | undefined
}

/** All requests a vendor had with one idempotency key. */
export interface VendorCall {
  readonly vendor: string
  readonly key: string
  readonly requests: number
  readonly billed: number
  readonly person: string
  readonly transaction: string
  readonly lastAt: number
}

/** An outcome as it lay in Redis, opened. */
export interface OutcomeSeen {
  readonly jobId: string
  readonly verdict: Verdict
  readonly references: readonly string[]
}

/** What was still there 65 seconds after the last answer, by job id; images by submission. */
export interface Residue {
  readonly outcomeKeys: readonly string[]
  readonly queueRows: readonly string[]
  readonly ledgerOutcomes: readonly string[]
  readonly replies: readonly string[]
  readonly images: readonly string[]
  /** Images that were there even after a sweep at the time at which all of them are too old. */
  readonly imagesAfterSweep: readonly string[]
}

/** One time a fault struck. */
export interface Injection {
  readonly fault: string
  readonly at: number
  /** When the harness had put right what it broke; absent where only the system itself could. */
  readonly healedAt: number | undefined
  /** The worker's life that ended or stood still. */
  readonly victim: string | undefined
}
