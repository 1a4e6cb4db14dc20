import type { Db } from '@anteroom/job-channel'
import { jobs, type Report } from '@anteroom/job-contracts'

/** Events advance by the worker's reports. Returns the jobs of those that are dead now. */
export async function applyEventReports(db: Db, reports: readonly Report[]): Promise<string[]> {
  const ours = reports.filter(({ job }) => job === jobs.riscDelivery.name)
  if (ours.length === 0) return []
  const { rows } = await db.query<{ jobId: string; state: string }>(
    `with latest as (
       select distinct on (job_id) job_id, seq, state, reason, attempt, next_try
       from jsonb_to_recordset($1) as report (
         job_id text, seq integer, state text, reason text, attempt integer, next_try timestamptz
       )
       order by job_id, seq desc
     )
     update web.security_events as told set
       report_seq = latest.seq,
       attempts = latest.attempt,
       next_try = latest.next_try,
       -- One that was revived may try for longer than it could at first.
       deadline_at = greatest(deadline_at, latest.next_try + interval '1 hour'),
       state = case
         when told.state = 'resigned' then 'resigned'
         when latest.state = 'done' then 'delivered'
         when latest.state = 'failed' then 'dead'
         else 'queued'
       end,
       reason = latest.reason,
       record = case when latest.state <> 'done' then record end,
       settled_at = case when latest.state in ('done', 'failed') then now() end
     from latest
     where told.job_id = latest.job_id and told.report_seq < latest.seq
     returning told.job_id as "jobId", told.state`,
    [JSON.stringify(ours.map(toRow))],
  )
  return rows.flatMap(({ jobId, state }) => (state === 'dead' ? [jobId] : []))
}

function toRow({ jobId, seq, state, reason, attempt, nextTry }: Report) {
  return {
    job_id: jobId,
    seq,
    state,
    reason,
    attempt,
    next_try: nextTry === null ? null : new Date(nextTry).toISOString(),
  }
}

/** Since when events are waiting for the report that ends them; undefined if none is. */
export async function oldestUntold(db: Db): Promise<Date | undefined> {
  const { rows } = await db.query<{ since: Date | null }>(
    "select min(queued_at) as since from web.security_events where state = 'queued'",
  )
  return rows[0]?.since ?? undefined
}

/** As above, but only where it is overdue. */
export async function overdueUntold(db: Db): Promise<Date | undefined> {
  const { rows } = await db.query<{ since: Date | null }>(
    `select min(queued_at) as since from web.security_events
     where state = 'queued' and deadline_at < now() - interval '30 seconds'`,
  )
  return rows[0]?.since ?? undefined
}

/** After a month nothing is told any more, and no address is kept; after three, not even that there was something to tell. */
export async function purgeSecurityEvents(db: Db): Promise<void> {
  await db.query(
    `update web.security_events set state = 'dead', reason = 'too-old', settled_at = now()
     where state = 'held' and happened_at < now() - interval '30 days'`,
  )
  await db.query(
    `update web.security_events set record = null
     where record is not null and happened_at < now() - interval '30 days'`,
  )
  await db.query(
    "delete from web.security_events where happened_at < now() - interval '90 days' and state <> 'queued'",
  )
}
