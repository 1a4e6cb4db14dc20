import { failureReason, type Report } from '@anteroom/job-contracts'
import type { Ending, Settled } from './ledger.ts'

/** A row of the ledger, as far as it is read. */
export interface LedgerRow {
  readonly job_id: string
  readonly job: string
  readonly state: string
  readonly reason: string | null
  /** Of the latest failure: a word of the job's own list, or one of ours for the log. */
  readonly code: string | null
  readonly attempt: number
  readonly seq: number
  readonly billed: number
  readonly bytes: string
  readonly next_try: Date | null
  readonly outcome: string | null
  readonly reports_result: boolean
  readonly outcome_seconds: number | null
  readonly deadline_at: Date
}

export function bySettledJob(rows: readonly LedgerRow[]): Map<string, Settled> {
  return new Map(
    rows.map((row) => [
      row.job_id,
      {
        ending: toEnding(row),
        outcomeSeconds: row.outcome_seconds ?? 60,
        deadlineAt: row.deadline_at.getTime(),
        report: toReport(row),
      },
    ]),
  )
}

function toEnding(row: LedgerRow): Ending {
  if (row.state === 'done' && row.outcome !== null) return { state: 'done', sealed: row.outcome }
  return { state: 'failed', reason: failureReason.catch('internal').parse(row.reason) }
}

export function toReport(row: LedgerRow): Report {
  return {
    v: 1,
    jobId: row.job_id,
    job: row.job,
    seq: row.seq,
    state: reportedState(row.state),
    reason: row.reason === null ? null : failureReason.catch('internal').parse(row.reason),
    attempt: row.attempt,
    nextTry: row.next_try?.getTime() ?? null,
    billed: row.billed,
    bytes: Number(row.bytes),
    ...(hasOwnWord(row) && { code: row.code }),
    ...(row.state === 'done' &&
      row.reports_result &&
      row.outcome !== null && { sealed: row.outcome }),
  }
}

function reportedState(state: string): Report['state'] {
  return state === 'done' || state === 'failed' || state === 'running' ? state : 'waiting'
}

/** Codes of ours are in capitals, and for the log alone. */
function hasOwnWord<Row extends LedgerRow>(row: Row): row is Row & { readonly code: string } {
  const failed = row.state === 'failed' || row.state === 'waiting'
  return failed && row.code !== null && /^[a-z][a-z0-9-]{0,63}$/.test(row.code)
}
