import type { Db } from '@anteroom/job-channel'
import type { Report } from '@anteroom/job-contracts'
import { keepDeadLetters } from './dead-letters.ts'
import type { Attempt, Beginning, Begun, Deferral, Settled, Settling } from './ledger.ts'
import { bySettledJob, type LedgerRow, toReport } from './ledger-row.ts'

/** The only home of the ledger's columns. Each statement carries a whole group. */

/** The worker is silent this long before the web says that time is up: one answer, never two. */
export const silenceBeforeDeadlineSeconds = 2

const silentAt = `(ledger.deadline_at - interval '${silenceBeforeDeadlineSeconds} seconds')`

// With the start goes whom it is about to ask; whom an earlier start had asked stands there already.
const beginSql = `
with started as (
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
returning job_id, token::text, attempt, starts, handed_back, code,
  extract(epoch from clock_timestamp())::float8 * 1000 as now_ms,
  extract(epoch from ${silentAt} - clock_timestamp())::float8 * 1000 as left_ms
), asked as (
  insert into worker.vendor_calls (job_id, vendor)
  select job_id, vendor from started join unnest($5::text[], $6::text[]) as call (job_id, vendor) using (job_id)
  on conflict do nothing
)
select * from started`

interface BeginRow {
  readonly job_id: string
  readonly token: string
  readonly attempt: number
  readonly starts: number
  readonly handed_back: number
  readonly code: string | null
  readonly now_ms: number
  readonly left_ms: number
}

export async function beginAttempts(db: Db, beginnings: readonly Beginning[]): Promise<Begun[]> {
  const wires = beginnings.map(({ wire }) => wire)
  // One statement may touch a row once only, and a job that was freed too early may be here twice.
  if (new Set(wires.map(({ id }) => id)).size < wires.length) return beginInTurn(db, beginnings)
  const { rows } = await db.query<BeginRow>({
    name: 'ledger.begin',
    text: beginSql,
    values: [
      wires.map(({ id }) => id),
      wires.map(({ job }) => job),
      wires.map(({ enqueuedAt }) => enqueuedAt),
      wires.map(({ deadlineAt }) => deadlineAt),
      ...pairs(beginnings.map(({ wire, vendors }) => ({ jobId: wire.id, vendors }))),
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

async function beginInTurn(db: Db, beginnings: readonly Beginning[]): Promise<Begun[]> {
  const begun: Begun[] = []
  for (const beginning of beginnings) begun.push(...(await beginAttempts(db, [beginning])))
  return begun
}

/** Two columns: a job's id for each of its vendors, and the vendors. */
function pairs(calls: readonly { jobId: string; vendors: readonly string[] }[]): string[][] {
  return [
    calls.flatMap(({ jobId, vendors }) => vendors.map(() => jobId)),
    calls.flatMap(({ vendors }) => vendors),
  ]
}

function toAttempt(row: BeginRow): Attempt {
  return {
    jobId: row.job_id,
    token: row.token,
    attempt: row.attempt,
    starts: row.starts,
    crashes: row.starts - row.attempt - row.handed_back,
    leftMs: row.left_ms,
    startedAt: row.now_ms,
    failedBefore: row.code ?? undefined,
  }
}

/** Answers that stand in no record yet are written down with the ending; `billed` cannot see them, so they are added. */
const recordAnswers = (jobIds: string, vendors: string) => `
  update worker.vendor_calls as call set answered_at = clock_timestamp()
  from ended join unnest(${jobIds}::text[], ${vendors}::text[]) as answer (job_id, vendor) using (job_id)
  where call.job_id = answer.job_id and call.vendor = answer.vendor`

/** Questions that were answered, and so may be billed, whichever start had asked them. */
const recordedAnswers = `(
  select count(*) from worker.vendor_calls
  where vendor_calls.job_id = ledger.job_id and answered_at is not null
)`

// A result is refused once the worker must be silent; a failure is not: somebody has to write down that time ran out.
const settleSql = `
with ended as (
update worker.ledger as ledger set
  state = settling.state, reason = settling.reason, code = settling.code, outcome = settling.sealed,
  reports_result = settling.reports_result,
  outcome_seconds = settling.outcome_seconds, billed = ${recordedAnswers} + settling.unrecorded,
  seq = ledger.seq + 1, settled_at = clock_timestamp()
from unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::integer[], $7::integer[], $8::text[], $9::boolean[])
  as settling (job_id, token, state, reason, sealed, outcome_seconds, unrecorded, code, reports_result)
where ledger.job_id = settling.job_id and ledger.token = settling.token and ledger.state = 'running'
  and (settling.state = 'failed' or clock_timestamp() < ${silentAt})
returning ledger.*
), answered as (${recordAnswers('$10', '$11')}
), kept as (${keepDeadLetters('ended', '$12')})
select * from ended`

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
      settlings.map(({ answered }) => answered.length),
      settlings.map(({ code = null }) => code),
      settlings.map(({ reportsResult = false }) => reportsResult),
      ...pairs(
        settlings.map(({ attempt, answered }) => ({ jobId: attempt.jobId, vendors: answered })),
      ),
      JSON.stringify(settlings.flatMap(({ deadLetter = [] }) => deadLetter)),
    ],
  })
  const settled = bySettledJob(rows)
  return settlings.map(({ attempt }) => settled.get(attempt.jobId))
}

export async function markPushed(db: Db, jobIds: readonly string[]): Promise<undefined[]> {
  await db.query({
    name: 'ledger.pushed',
    text: `with pushed as (
             update worker.ledger set
               outcome = case when reports_result then outcome end, pushed_at = clock_timestamp()
             where job_id = any ($1::text[]) returning job_id
           )
           update worker.vendor_calls as call set reply = null from pushed
           where call.job_id = pushed.job_id and reply is not null`,
    values: [jobIds],
  })
  return jobIds.map(() => undefined)
}

/** How far a job has come that moves bytes. */
export async function noteProgress(
  db: Db,
  { jobId, token }: Attempt,
  bytes: number,
): Promise<Report | undefined> {
  const { rows } = await db.query<LedgerRow>({
    name: 'ledger.progress',
    text: `update worker.ledger as ledger set bytes = $3, seq = seq + 1
           where job_id = $1 and token = $2 and state = 'running' returning ledger.*`,
    values: [jobId, token, bytes],
  })
  const [row] = rows
  return row && toReport(row)
}

/** In the caller's transaction: the attempt is put off, and what replaces its queue row is there from the same moment. */
export async function deferAttempt(tx: Db, deferral: Deferral): Promise<Report | undefined> {
  const { attempt, answered, wire, delayMs, reason, code, costsAttempt } = deferral
  const { rows } = await tx.query<LedgerRow>(
    `with ended as (
     update worker.ledger as ledger set
       state = 'waiting', reason = $3, code = case when $5 = 0 then $7 else code end, billed = ${recordedAnswers} + cardinality($6::text[]), seq = ledger.seq + 1,
       attempt = ledger.attempt - $5::integer, handed_back = ledger.handed_back + $5::integer,
       next_try = clock_timestamp() + make_interval(secs => $4::float8 / 1000)
     where job_id = $1 and token = $2 and state = 'running'
     returning ledger.*
     ), answered as (${recordAnswers('array_fill($1::text, array[cardinality($6::text[])])', '$6')})
     select * from ended`,
    [attempt.jobId, attempt.token, reason, delayMs, costsAttempt ? 0 : 1, answered, code],
  )
  const [row] = rows
  if (!row) return undefined
  await tx.query(
    `select from graphile_worker.add_job(
       $1, $2, run_at => $3, max_attempts => 10, job_key => $4,
       priority => (select priority::integer from graphile_worker._private_jobs where key = $4)
     )`,
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
