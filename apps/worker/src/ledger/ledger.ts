import { createGroupCommit, inTransaction, isCommitUnknown } from '@anteroom/job-channel'
import type { FailureReason, Report, WireJob } from '@anteroom/job-contracts'
import type pg from 'pg'
import type { DeadLetter } from './dead-letters.ts'
import {
  beginAttempts,
  deferAttempt,
  markPushed,
  noteProgress,
  settleAttempts,
} from './statements.ts'

/** One start of a job. Only the holder of the latest token may settle it. */
export interface Attempt {
  readonly jobId: string
  readonly token: string
  /** Business attempts, this one included. */
  readonly attempt: number
  /** Starts, crashes included. */
  readonly starts: number
  /** Starts that nobody ended. */
  readonly crashes: number
  /** Milliseconds left until the worker must be silent; not positive if that moment has passed. */
  readonly leftMs: number
  /** Milliseconds since the epoch, database time. */
  readonly startedAt: number
  /** With which code the attempt before it failed, if one did. */
  readonly failedBefore: string | undefined
}

/** What a job ended with: stored in the ledger first, then pushed. */
export type Ending =
  | { readonly state: 'done'; readonly sealed: string }
  | { readonly state: 'failed'; readonly reason: FailureReason }

/** An ending the ledger holds, ready to be pushed; pushing it twice is harmless. */
export interface Settled {
  readonly ending: Ending
  readonly outcomeSeconds: number
  /** Milliseconds since the epoch, database time. */
  readonly deadlineAt: number
  readonly report: Report
}

export type Begun =
  | { readonly state: 'running'; readonly attempt: Attempt }
  /** An earlier start settled it and died before it could push. */
  | { readonly state: 'settled'; readonly settled: Settled | undefined }

export interface Settling {
  readonly attempt: Attempt
  /** Vendors whose answers stand in no record yet. */
  readonly answered: readonly string[]
  readonly ending: Ending
  readonly outcomeSeconds: number
  /** Of a failure: as which code it is remembered. */
  readonly code?: string | undefined
  /** Of a job that failed and is kept: written with its ending. */
  readonly deadLetter?: DeadLetter | undefined
  /** Whether the sealed result is kept with the job and told with its report. */
  readonly reportsResult?: boolean
}

export interface Deferral {
  readonly attempt: Attempt
  /** As in {@link Settling}. */
  readonly answered: readonly string[]
  readonly wire: WireJob
  readonly delayMs: number
  readonly reason: FailureReason
  readonly code: string
  /** False when we stop for reasons of our own, such as a shutdown. */
  readonly costsAttempt: boolean
}

export interface Beginning {
  readonly wire: WireJob
  readonly vendors: readonly string[]
}

/** The worker's own record of what it started and how that ended. Commits of jobs that run at once are grouped. */
export interface Ledger {
  /** Writes down that the job is started, and whom it is about to ask. */
  begin(wire: WireJob, vendors: readonly string[]): Promise<Begun>
  /** Undefined if the token is stale or the deadline has passed: this start may not answer. */
  settle(settling: Settling): Promise<Settled | undefined>
  /** Puts the rest of the job off and queues its next attempt, in one commit. Undefined if the token is stale. */
  defer(deferral: Deferral): Promise<Report | undefined>
  /** Writes down how many bytes were moved, and reports that the job runs. Undefined if the token is stale. */
  progress(attempt: Attempt, bytes: number): Promise<Report | undefined>
  /** The ending was pushed: the sealed outcome is dropped from the ledger, unless it is reported. */
  pushed(jobId: string): Promise<void>
}

export function createLedger(db: pg.Pool): Ledger {
  const begin = createGroupCommit({
    commit: (beginnings: readonly Beginning[]) => beginAttempts(db, beginnings),
    isCommitUnknown,
  })
  return {
    begin: (wire, vendors) => begin({ wire, vendors }),
    settle: createGroupCommit({
      commit: (settlings: readonly Settling[]) => settleAttempts(db, settlings),
      isCommitUnknown,
    }),
    defer: (deferral) => inTransaction(db, (tx) => deferAttempt(tx, deferral)),
    progress: (attempt, bytes) => noteProgress(db, attempt, bytes),
    pushed: createGroupCommit({
      commit: (jobIds: readonly string[]) => markPushed(db, jobIds),
      // Nobody waits for it, so many may ride together.
      gatherMs: 100,
    }),
  }
}
