import type { Db } from '@anteroom/job-channel'
import { type Job, jobs, type WireJob } from '@anteroom/job-contracts'

/** The only home of the columns of `worker.dead_letters`, but for operators' functions. */

/** Numbers and words from closed lists: they are readable. */
export type DeadFacts = Readonly<Record<string, string | number | undefined>>

/** A job that failed, sealed as it was, for an operator to queue it again. */
export interface DeadLetter {
  readonly wire: WireJob
  readonly code: string
  readonly facts: DeadFacts
  /** Milliseconds since the epoch: from then on it is of no use to anybody. */
  readonly uselessAt?: number | undefined
  readonly keptDays: number
}

/**
 * Part of the statement that writes the ending down: one is kept exactly if the job ended so.
 * @param ended Relation with the rows of the ledger that have ended
 * @param letters Parameter: a JSON list of {@link DeadLetter}
 */
export const keepDeadLetters = (ended: string, letters: string): string => `
  insert into worker.dead_letters (job_id, job, wire, reason, code, facts, useless_at, purge_at)
  select ${ended}.job_id, ${ended}.job, letter.wire, ${ended}.reason, letter.code, letter.facts,
    to_timestamp(letter."uselessAt" / 1000.0), clock_timestamp() + make_interval(days => letter."keptDays")
  from ${ended}
  join jsonb_to_recordset(${letters}::jsonb)
    as letter (wire jsonb, code text, facts jsonb, "uselessAt" bigint, "keptDays" integer)
    on letter.wire ->> 'id' = ${ended}.job_id
  where ${ended}.state = 'failed' and ${wantedStill(`${ended}.job_id`)}
  on conflict (job_id) do nothing`

/** What whoever asked for it wanted stopped is not tried again. */
function wantedStill(jobId: string): string {
  return `not exists (select from worker.stop_requests as stop where stop.job_id = ${jobId})`
}

/** By the names of the jobs that are kept when they fail: for how many days. */
const keptDays: Readonly<Record<string, number>> = Object.fromEntries(
  Object.values<Job>(jobs).flatMap(({ name, deadLetterDays: days }) =>
    days === undefined ? [] : [[name, days]],
  ),
)

/** Keeps what no worker has ended, as it lies in the queue: its deadline passed while nobody had it. Returns their jobs. */
export async function keepOverdue(tx: Db, jobIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ job: string }>(
    `insert into worker.dead_letters (job_id, job, wire, reason, code, facts, purge_at)
     select job_id, job, queued.payload, reason, 'JOB_ABANDONED', '{}',
       clock_timestamp() + make_interval(days => ($2::jsonb ->> job)::integer)
     from worker.ledger join graphile_worker._private_jobs as queued on queued.key = job_id
     where job_id = any ($1) and $2::jsonb ? job
       and coalesce(queued.payload #>> '{clear,deadLetter}', '') <> 'never'
       and ${wantedStill('ledger.job_id')}
     on conflict (job_id) do nothing
     returning job`,
    [jobIds, JSON.stringify(keptDays)],
  )
  return rows.map(({ job }) => job)
}

/** How many there are of each job that is kept, those without any included. */
export async function countDeadLetters(db: Db): Promise<ReadonlyMap<string, number>> {
  const { rows } = await db.query<{ job: string; count: number }>(
    'select job, count(*)::integer as count from worker.dead_letters group by job',
  )
  const counted = new Map(Object.keys(keptDays).map((job) => [job, 0]))
  for (const { job, count } of rows) counted.set(job, count)
  return counted
}

export async function purgeDeadLetters(tx: Db): Promise<void> {
  await tx.query('delete from worker.dead_letters where purge_at < now()')
}
