import type { Db } from '@anteroom/job-channel'
import type { Report, TransferProblem } from '@anteroom/job-contracts'
import type { ListQuery, TransferStateName } from './schemas.ts'

/** The home of the columns of `web.transfers`, with what looks after them in `transfer-upkeep-rows.ts`. */

export interface TransferRow {
  readonly id: string
  readonly consumerId: string
  readonly jobId: string
  readonly state: TransferStateName
  readonly problem: TransferProblem | null
  readonly destination: string
  /** Sealed for the web. */
  readonly wish: string
  /** Sealed by the worker. */
  readonly result: string | null
  readonly correlationId: string
  readonly wantsWebhook: boolean
  /** Of the request that asked for it; empty for those of before it was kept. */
  readonly traceparent: string
  readonly attempt: number
  readonly nextTry: Date | null
  readonly bytes: number
  readonly reportSeq: number
  readonly requestedAt: Date
  readonly deadlineAt: Date
  readonly cancelAskedAt: Date | null
  readonly endedAt: Date | null
}

export const transferColumns = `id, consumer_id as "consumerId", job_id as "jobId", state, problem, destination, wish, result,
  correlation_id as "correlationId", wants_webhook as "wantsWebhook", attempt, next_try as "nextTry",
  coalesce(traceparent, '') as traceparent, bytes::float8 as bytes, report_seq as "reportSeq", requested_at as "requestedAt", deadline_at as "deadlineAt",
  cancel_asked_at as "cancelAskedAt", ended_at as "endedAt"`

export interface NewTransfer {
  readonly id: string
  readonly consumerId: string
  readonly jobId: string
  readonly destination: string
  readonly wish: string
  readonly correlationId: string
  readonly wantsWebhook: boolean
  readonly traceparent: string
  readonly deadlineSeconds: number
}

export async function insertTransfer(tx: Db, given: NewTransfer): Promise<TransferRow> {
  const { rows } = await tx.query<TransferRow>(
    `insert into web.transfers (id, consumer_id, job_id, destination, wish, correlation_id, wants_webhook, deadline_at, traceparent)
     values ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8), $9) returning ${transferColumns}`,
    [
      given.id,
      given.consumerId,
      given.jobId,
      given.destination,
      given.wish,
      given.correlationId,
      given.wantsWebhook,
      given.deadlineSeconds,
      given.traceparent,
    ],
  )
  return only(rows)
}

/** How many transfers of a consumer have not ended; counted no further than this. */
export async function countOpen(db: Db, consumerId: string, most: number): Promise<number> {
  const { rows } = await db.query<{ open: number }>(
    `select count(*)::integer as open from (
       select from web.transfers where consumer_id = $1 and ended_at is null limit $2
     ) as counted`,
    [consumerId, most],
  )
  return rows[0]?.open ?? 0
}

/** Of this consumer alone: those of others are not there. */
export async function findTransfer(
  db: Db,
  consumerId: string,
  id: string,
): Promise<TransferRow | undefined> {
  const { rows } = await db.query<TransferRow>({
    name: 'transfers.find',
    text: `select ${transferColumns} from web.transfers where id = $1 and consumer_id = $2`,
    values: [id, consumerId],
  })
  return rows[0]
}

/** As above; nobody changes it until the transaction ends. */
export async function lockTransfer(
  tx: Db,
  consumerId: string,
  id: string,
): Promise<TransferRow | undefined> {
  const { rows } = await tx.query<TransferRow>(
    `select ${transferColumns} from web.transfers where id = $1 and consumer_id = $2 for update`,
    [id, consumerId],
  )
  return rows[0]
}

/** Those of them that have news: a report later than what was applied. */
export async function transfersOfReports(
  db: Db,
  reports: readonly Report[],
): Promise<TransferRow[]> {
  const { rows } = await db.query<TransferRow>(
    `select ${transferColumns} from web.transfers
     join jsonb_to_recordset($1) as report ("jobId" text, seq integer)
       on report."jobId" = job_id and report.seq > report_seq`,
    [JSON.stringify(reports.map(({ jobId, seq }) => ({ jobId, seq })))],
  )
  return rows
}

/** What a report says of a transfer that goes on. */
export type Progress = Pick<Report, 'jobId' | 'seq' | 'state' | 'attempt' | 'nextTry' | 'bytes'> & {
  readonly problem: TransferProblem | null
}

/** Applies what is not an end. Returns the jobs whose transfers went on; a replayed one that had failed lives again. */
export async function applyProgress(db: Db, reports: readonly Progress[]): Promise<string[]> {
  const { rows } = await db.query<{ job_id: string }>(
    `update web.transfers as transfer set
       state = report.state, problem = report.problem, attempt = report.attempt, bytes = report.bytes, report_seq = report.seq,
       next_try = case when report.state = 'waiting' then to_timestamp(report."nextTry" / 1000.0) end,
       result = null, ended_at = null
     from (
       select distinct on ("jobId") * from jsonb_to_recordset($1) as report (
         "jobId" text, seq integer, state text, problem text, attempt integer, "nextTry" bigint, bytes bigint
       ) order by "jobId", seq desc
     ) as report
     where transfer.job_id = report."jobId" and transfer.report_seq < report.seq
     returning transfer.job_id`,
    [JSON.stringify(reports)],
  )
  return rows.map(({ job_id }) => job_id)
}

export interface TransferEnd {
  readonly state: 'delivered' | 'failed' | 'cancelled'
  readonly problem: TransferProblem | null
  /** Sealed by the worker; of a delivered one. */
  readonly result: string | null
  readonly bytes: number
  readonly attempt: number
  /** Of the report that says so; as it stands where no report does. */
  readonly reportSeq: number
}

/** Undefined if it has ended already, or something later is known of it. */
export async function endTransfer(
  tx: Db,
  { id, reportSeq }: Pick<TransferRow, 'id' | 'reportSeq'>,
  end: TransferEnd,
): Promise<TransferRow | undefined> {
  const { rows } = await tx.query<TransferRow>(
    `update web.transfers set state = $3, problem = $4, result = $5, bytes = $6, attempt = $7, report_seq = $8,
       next_try = null, ended_at = now()
     where id = $1 and report_seq = $2 and (ended_at is null or $8 > report_seq) returning ${transferColumns}`,
    [id, reportSeq, end.state, end.problem, end.result, end.bytes, end.attempt, end.reportSeq],
  )
  return rows[0]
}

export async function noteCancelAsked(tx: Db, id: string): Promise<TransferRow> {
  const { rows } = await tx.query<TransferRow>(
    `update web.transfers set cancel_asked_at = coalesce(cancel_asked_at, now()) where id = $1 returning ${transferColumns}`,
    [id],
  )
  return only(rows)
}

/** Where a page of the list ends. */
export interface Place {
  /** Microseconds since the epoch, as Postgres has them. */
  readonly at: string
  readonly id: string
}

/** Newest first, one more than asked for if there is one. */
export async function listTransfers(
  db: Db,
  consumerId: string,
  { query, after }: { readonly query: ListQuery; readonly after?: Place | undefined },
): Promise<(TransferRow & { readonly at: string })[]> {
  const { rows } = await db.query<TransferRow & { at: string }>(
    `select ${transferColumns}, (extract(epoch from requested_at) * 1000000)::bigint::text as at
     from web.transfers
     where consumer_id = $1
       and ($2::text[] is null or state = any ($2))
       and ($3::text is null or destination = $3)
       and ($4::text is null or correlation_id = $4)
       and ($5::timestamptz is null or requested_at > $5)
       and ($6::timestamptz is null or requested_at < $6)
       and ($7::bigint is null or (requested_at, id) < ('epoch'::timestamptz + $7::bigint * interval '1 microsecond', $8))
     order by requested_at desc, id desc limit $9`,
    [
      consumerId,
      query.state ?? null,
      query.destination ?? null,
      query.correlation_id ?? null,
      momentOf(query.requested_after),
      momentOf(query.requested_before),
      after?.at ?? null,
      after?.id ?? null,
      query.limit + 1,
    ],
  )
  return rows
}

/** Postgres does not take every year and every time zone that may be written. */
function momentOf(text: string | undefined): Date | null {
  return text === undefined ? null : new Date(text)
}

function only(rows: readonly TransferRow[]): TransferRow {
  const [row] = rows
  if (!row) throw new Error('no transfer where one must be')
  return row
}
