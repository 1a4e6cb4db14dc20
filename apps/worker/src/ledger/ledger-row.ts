import { failureReason, type Report } from '@anteroom/job-contracts'
import type { Ending, Settled } from './ledger.ts'

/** A row of the ledger, as far as it is read. */
export interface LedgerRow {
  readonly job_id: string
  readonly job: string
  readonly state: string
  readonly reason: string | null
  readonly attempt: number
  readonly seq: number
  readonly billed: number
  readonly bytes: string
  readonly next_try: Date | null
  readonly outcome: string | null
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
    state: row.state === 'done' || row.state === 'failed' ? row.state : 'waiting',
    reason: row.reason === null ? null : failureReason.catch('internal').parse(row.reason),
    attempt: row.attempt,
    nextTry: row.next_try?.getTime() ?? null,
    billed: row.billed,
    bytes: Number(row.bytes),
  }
}
