import type { Db } from '@anteroom/job-channel'
import type { Report } from '@anteroom/job-contracts'
import type { Settled } from './ledger.ts'
import { bySettledJob, type LedgerRow, toReport } from './ledger-row.ts'

/**
 * Ends what no start will end any more: its deadline has passed, and the worker that had it is dead or was never there.
 * The new token keeps a start that comes back to life from saying anything else.
 */
export async function settleOverdue(db: Db): Promise<{ jobId: string; job: string }[]> {
  const { rows } = await db.query<{ jobId: string; job: string }>(
    `update worker.ledger set
       state = 'failed', reason = 'timed-out', code = 'JOB_ABANDONED', token = nextval('worker.tokens'), seq = seq + 1,
       settled_at = clock_timestamp(), outcome_seconds = 60,
       billed = (
         select count(*) from worker.vendor_calls
         where vendor_calls.job_id = ledger.job_id and answered_at is not null
       )
     where settled_at is null and deadline_at < clock_timestamp()
     returning job_id as "jobId", job`,
  )
  return rows
}

/** What was settled a while ago and is not known to have been pushed. */
export async function readLeftUnpushed(db: Db): Promise<Settled[]> {
  const { rows } = await db.query<LedgerRow>(
    `select * from worker.ledger as ledger
     where settled_at < clock_timestamp() - interval '5 seconds' and pushed_at is null
     order by settled_at limit 500`,
  )
  return [...bySettledJob(rows).values()]
}

/** The ledger remembers a month, for operators and for lost reports. */
export async function purgeLedger(db: Db): Promise<void> {
  await db.query(
    `with purged as (
       delete from worker.ledger where settled_at < now() - interval '30 days' returning job_id
     )
     delete from worker.vendor_calls as call using purged where call.job_id = purged.job_id`,
  )
}

/** Everything settled since then, for reports that were lost. */
export async function readSettledSince(db: Db, since: string): Promise<Report[]> {
  const { rows } = await db.query<LedgerRow>(
    `select * from worker.ledger as ledger where settled_at >= $1 order by settled_at`,
    [since],
  )
  return rows.map(toReport)
}
