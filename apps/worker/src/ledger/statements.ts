import type { Db } from '@anteroom/job-channel'
import { failureReason, type Report, type WireJob } from '@anteroom/job-contracts'
import type { Attempt, Begun, Deferral, Ending, Settled, Settling } from './ledger.ts'

/** The only home of the ledger's columns. Each statement carries a whole group. */

/** The worker is silent this long before the web says that time is up: one answer, never two. */
export const silenceBeforeDeadlineSeconds = 2

const silentAt = `(ledger.deadline_at - interval '${silenceBeforeDeadlineSeconds} seconds')`

const beginSql = `
insert into worker.ledger as ledger (job_id, job, state, attempt, starts, token, enqueued_at, deadline_at)
select job_id, job, 'running', 1, 1, nextval('worker.tokens'), to_timestamp(enqueued_at / 1000.0), to_timestamp(deadline_at / 1000.0)
from unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[]) as begun (job_id, job, enqueued_at, deadline_at)
on conflict (job_id) do update set
  state = 'running',
  attempt = ledger.attempt + (ledger.state = 'waiting')::integer,
  starts = ledger.starts + 1,
  token = excluded.token,
  next_try = null,
  started_at = clock_timestamp()
where ledger.state in ('running', 'waiting')
returning job_id, token::text, attempt, starts,
  extract(epoch from clock_timestamp())::float8 * 1000 as now_ms,
  extract(epoch from ${silentAt} - clock_timestamp())::float8 * 1000 as left_ms`

interface BeginRow {
  readonly job_id: string
  readonly token: string
  readonly attempt: number
  readonly starts: number
  readonly now_ms: number
  readonly left_ms: number
}

export async function beginAttempts(db: Db, wires: readonly WireJob[]): Promise<Begun[]> {
  const { rows } = await db.query<BeginRow>({
    name: 'ledger.begin',
    text: beginSql,
    values: [
      wires.map(({ id }) => id),
      wires.map(({ job }) => job),
      wires.map(({ enqueuedAt }) => enqueuedAt),
      wires.map(({ deadlineAt }) => deadlineAt),
    ],
  })
  const running = new Map(rows.map((row) => [row.job_id, toAttempt(row)]))
  const missing = wires.map(({ id }) => id).filter((id) => !running.has(id))
  const settled = missing.length > 0 ? await readUnpushed(db, missing) : new Map<string, Settled>()
  return wires.map(({ id }) => {
    const attempt = running.get(id)
    return attempt ? { state: 'running', attempt } : { state: 'settled', settled: settled.get(id) }
  })
}

function toAttempt(row: BeginRow): Attempt {
  return {
    jobId: row.job_id,
    token: row.token,
    attempt: row.attempt,
    starts: row.starts,
    leftMs: row.left_ms,
    startedAt: row.now_ms,
  }
}

/** Questions that were answered, and so may be billed, whichever start had asked them. */
const billedCalls = `(
  select count(*) from worker.vendor_calls
  where vendor_calls.job_id = ledger.job_id and answered_at is not null
)`

// A result is refused once the worker must be silent; a failure is not: somebody has to write down that time ran out.
const settleSql = `
update worker.ledger as ledger set
  state = settling.state, reason = settling.reason, outcome = settling.sealed,
  outcome_seconds = settling.outcome_seconds, billed = ${billedCalls},
  seq = ledger.seq + 1, settled_at = clock_timestamp()
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::integer[])
  as settling (job_id, token, state, reason, sealed, outcome_seconds)
where ledger.job_id = settling.job_id and ledger.token = settling.token and ledger.state = 'running'
  and (settling.state = 'failed' or clock_timestamp() < ${silentAt})
returning ledger.*`

export async function settleAttempts(
  db: Db,
  settlings: readonly Settling[],
): Promise<(Settled | undefined)[]> {
  const { rows } = await db.query<LedgerRow>({
    name: 'ledger.settle',
    text: settleSql,
    values: [
      settlings.map(({ attempt }) => attempt.jobId),
      settlings.map(({ attempt }) => attempt.token),
      settlings.map(({ ending }) => ending.state),
      settlings.map(({ ending }) => (ending.state === 'failed' ? ending.reason : null)),
      settlings.map(({ ending }) => (ending.state === 'done' ? ending.sealed : null)),
      settlings.map(({ outcomeSeconds }) => outcomeSeconds),
    ],
  })
  const settled = bySettledJob(rows)
  return settlings.map(({ attempt }) => settled.get(attempt.jobId))
}

export async function markPushed(db: Db, jobIds: readonly string[]): Promise<undefined[]> {
  await db.query({
    name: 'ledger.pushed',
    text: `with pushed as (
             update worker.ledger set outcome = null, pushed_at = clock_timestamp()
             where job_id = any ($1::text[]) returning job_id
           )
           update worker.vendor_calls as call set reply = null from pushed
           where call.job_id = pushed.job_id and reply is not null`,
    values: [jobIds],
  })
  return jobIds.map(() => undefined)
}

/**
 * Ends what no start will end any more: its deadline has passed, and the worker that had it is dead or was never there.
 * The new token keeps a start that comes back to life from saying anything else.
 */
export async function settleOverdue(db: Db): Promise<void> {
  await db.query(
    `update worker.ledger set
       state = 'failed', reason = 'timed-out', token = nextval('worker.tokens'), seq = seq + 1,
       settled_at = clock_timestamp(), outcome_seconds = 60
     where settled_at is null and deadline_at < clock_timestamp()`,
  )
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
  await db.query(`delete from worker.ledger where settled_at < now() - interval '30 days'`)
}

/** Everything settled since then, for reports that were lost. */
export async function readSettledSince(db: Db, since: string): Promise<Report[]> {
  const { rows } = await db.query<LedgerRow>(
    `select * from worker.ledger as ledger where settled_at >= $1 order by settled_at`,
    [since],
  )
  return rows.map(toReport)
}

/** In the caller's transaction: the attempt is put off, and what replaces its queue row is there from the same moment. */
export async function deferAttempt(tx: Db, deferral: Deferral): Promise<Report | undefined> {
  const { attempt, wire, delayMs, reason, costsAttempt } = deferral
  const { rows } = await tx.query<LedgerRow>(
    `update worker.ledger as ledger set
       state = 'waiting', reason = $3, billed = ${billedCalls}, seq = ledger.seq + 1,
       attempt = ledger.attempt - $5::integer, starts = ledger.starts - $5::integer,
       next_try = clock_timestamp() + make_interval(secs => $4::float8 / 1000)
     where job_id = $1 and token = $2 and state = 'running'
     returning ledger.*`,
    [attempt.jobId, attempt.token, reason, delayMs, costsAttempt ? 0 : 1],
  )
  const [row] = rows
  if (!row) return undefined
  await tx.query(
    `select from graphile_worker.add_job($1, $2, run_at => $3, max_attempts => 10, job_key => $4)`,
    [wire.job, JSON.stringify(wire), row.next_try, wire.id],
  )
  return toReport(row)
}

async function readUnpushed(db: Db, jobIds: readonly string[]): Promise<Map<string, Settled>> {
  const { rows } = await db.query<LedgerRow>(
    `select * from worker.ledger as ledger
     where job_id = any ($1::text[]) and pushed_at is null`,
    [jobIds],
  )
  return bySettledJob(rows)
}

interface LedgerRow {
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

function bySettledJob(rows: readonly LedgerRow[]): Map<string, Settled> {
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

function toReport(row: LedgerRow): Report {
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
