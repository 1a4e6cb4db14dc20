import {
  cancelJobs,
  createGroupCommit,
  type Db,
  inTransaction,
  isCommitUnknown,
  type JobRider,
} from '@anteroom/job-channel'
import { givesAttemptBack, type Report } from '@anteroom/job-contracts'
import type pg from 'pg'
import type { Limit } from './limits.ts'

/** The only home of the columns of `web.attempts`; those of `web.limit_uses` are known to `account/guess-limits.ts` besides. */

/** An attempt to be reserved together with its job. */
export interface AttemptRider extends JobRider {
  readonly attemptId: string
  readonly person: string
  readonly limits: readonly Limit[]
}

/** Times are milliseconds since the epoch, database time. */
export type Submitted =
  | { readonly accepted: true; readonly enqueuedAt: number; readonly deadlineAt: number }
  | { readonly accepted: false; readonly retryAt: number }

export interface OpenAttemptRow {
  readonly attemptId: string
  readonly jobId: string
  readonly job: string
  readonly enqueuedAt: number
  readonly deadlineAt: number
}

/** What the records know of an attempt, by the worker's reports. */
export interface AttemptState {
  readonly state: 'reserved' | 'waiting' | 'done' | 'failed'
  readonly reason: string | null
}

export type AppliedReport = Pick<Report, 'state' | 'reason'>

export interface UsesLeft {
  readonly left: number
  /** When there is none left: when the next one is free, milliseconds since the epoch. */
  readonly retryAt?: number
}

export interface Attempts {
  /** Reserves against every limit and enqueues, or refuses; at most one answer for an attempt id, however often it is asked. */
  submit(rider: AttemptRider): Promise<Submitted>
  state(attemptId: string): Promise<AttemptState | undefined>
  /** How many more uses these limits all allow, without counting those of an attempt that is about to be given back. */
  usesLeft(limits: readonly Limit[], withoutAttempt?: string): Promise<UsesLeft>
  /** The person has their answer, or has gone on without it. */
  close(attemptId: string): Promise<void>
  /** Takes the job out of the queue if no worker has claimed it, and gives the attempt back. False if it was claimed. */
  cancel(attempt: { attemptId: string; jobId: string }): Promise<boolean>
  /** The latest attempt of this person in the last quarter of an hour that nobody has closed. */
  openOf(hashes: readonly string[]): Promise<OpenAttemptRow | undefined>
  /** Idempotent: only a report newer than the last one applied counts. Returns those that did. */
  applyReports(reports: readonly Report[]): Promise<AppliedReport[]>
}

export function createAttempts(db: pg.Pool): Attempts {
  return {
    submit: createGroupCommit({
      commit: (riders: readonly AttemptRider[]) => submit(db, riders),
      isCommitUnknown,
    }),
    state: (attemptId) => readState(db, attemptId),
    usesLeft: (limits, withoutAttempt) => countUsesLeft(db, limits, withoutAttempt),
    async close(attemptId) {
      await db.query(
        'update web.attempts set closed_at = now() where id = $1 and closed_at is null',
        [attemptId],
      )
    },
    cancel: (attempt) => inTransaction(db, (tx) => cancel(tx, attempt)),
    openOf: (hashes) => readOpen(db, hashes),
    applyReports: (reports) => applyReports(db, reports),
  }
}

async function submit(db: Db, riders: readonly AttemptRider[]): Promise<Submitted[]> {
  const { rows } = await db.query<{
    accepted: boolean
    enqueued_at: string
    deadline_at: string
    retry_at: string
  }>({
    name: 'attempts.submit',
    text: 'select accepted, enqueued_at, deadline_at, retry_at from web.submit($1)',
    values: [JSON.stringify(riders)],
  })
  return rows.map((row) =>
    row.accepted
      ? { accepted: true, enqueuedAt: Number(row.enqueued_at), deadlineAt: Number(row.deadline_at) }
      : { accepted: false, retryAt: Number(row.retry_at) },
  )
}

async function readState(db: Db, attemptId: string): Promise<AttemptState | undefined> {
  const { rows } = await db.query<AttemptState>(
    'select state, reason from web.attempts where id = $1',
    [attemptId],
  )
  return rows[0]
}

async function countUsesLeft(
  db: Db,
  limits: readonly Limit[],
  withoutAttempt = '',
): Promise<UsesLeft> {
  const { rows } = await db.query<{ left: number; retryAt: number | null }>(
    `select
       (select min(greatest(0, rule.max - (
          select count(*) from web.limit_uses
          where limit_key = rule.key and (lasting or attempt_id <> $2)
            and used_at > now() - make_interval(secs => rule."windowSeconds")
        )))::integer from jsonb_to_recordset($1) as rule (key text, max integer, "windowSeconds" integer)) as left,
       extract(epoch from web.limited_until($1))::float8 * 1000 as "retryAt"`,
    [JSON.stringify(limits), withoutAttempt],
  )
  const { left = 0, retryAt = null } = rows[0] ?? {}
  return left > 0 || retryAt === null ? { left } : { left, retryAt: Math.ceil(retryAt) }
}

async function cancel(
  tx: Db,
  { attemptId, jobId }: { attemptId: string; jobId: string },
): Promise<boolean> {
  const [cancelled] = await cancelJobs(tx, [jobId])
  if (cancelled === undefined) return false
  await tx.query(
    `update web.attempts set state = 'failed', reason = 'cancelled', settled_at = now(), closed_at = now() where id = $1`,
    [attemptId],
  )
  await tx.query(giveBackSql('$1'), [[jobId]])
  return true
}

async function readOpen(db: Db, hashes: readonly string[]): Promise<OpenAttemptRow | undefined> {
  const { rows } = await db.query<OpenAttemptRow>(
    `select id as "attemptId", job_id as "jobId", job,
       extract(epoch from enqueued_at)::float8 * 1000 as "enqueuedAt",
       extract(epoch from deadline_at)::float8 * 1000 as "deadlineAt"
     from web.attempts
     where person = any ($1) and closed_at is null and enqueued_at > now() - interval '15 minutes'
     order by enqueued_at desc limit 1`,
    [hashes],
  )
  return rows[0]
}

/** One statement: the reports count, and what they give back is free, from the same moment. */
async function applyReports(db: Db, reports: readonly Report[]): Promise<AppliedReport[]> {
  const givenBack = reports.filter(
    ({ state, reason }) => state === 'failed' && reason !== null && givesAttemptBack(reason),
  )
  const { rows } = await db.query<AppliedReport>({
    name: 'attempts.apply-reports',
    text: `with applied as (
       update web.attempts as attempt set
         state = report.state, reason = report.reason, billed = report.billed, report_seq = report.seq,
         settled_at = case when report.state = 'waiting' then null else now() end
       from (
         select distinct on ("jobId") * from jsonb_to_recordset($1)
           as report ("jobId" text, seq integer, state text, reason text, billed integer)
         order by "jobId", seq desc
       ) as report
       where attempt.job_id = report."jobId" and attempt.report_seq < report.seq
       returning attempt.state, attempt.reason
     ), given_back as (${giveBackSql('$2')})
     select * from applied`,
    values: [JSON.stringify(reports), givenBack.map(({ jobId }) => jobId)],
  })
  return rows
}

/** The reservation goes, and with it what counted against the limits. */
const giveBackSql = (jobIds: string) => `
  delete from web.limit_uses using web.attempts
  where limit_uses.attempt_id = attempts.id and attempts.job_id = any (${jobIds}::text[]) and not lasting`
