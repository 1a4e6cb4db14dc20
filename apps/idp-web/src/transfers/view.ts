import type { WebDeps } from '../deps.ts'
import type { Transfer, TransferSummary } from './schemas.ts'
import type { TransferRow } from './transfer-rows.ts'
import { openDelivered, openWish } from './wish.ts'

/** A transfer as its consumer is told of it, as far as nothing has to be opened for that. */
export function summaryOf(row: TransferRow): TransferSummary {
  return {
    id: row.id,
    state: row.state,
    destination: row.destination,
    correlation_id: row.correlationId,
    attempts: row.attempt,
    next_attempt_at: row.nextTry?.toISOString() ?? null,
    bytes: row.bytes,
    problem: row.problem,
    cancel_requested: row.cancelAskedAt !== null,
    requested_at: row.requestedAt.toISOString(),
    deadline_at: row.deadlineAt.toISOString(),
    ended_at: row.endedAt?.toISOString() ?? null,
  }
}

/** All that is known of a transfer. */
export async function viewOf(
  { openRecord, openResult }: Pick<WebDeps, 'openRecord' | 'openResult'>,
  row: TransferRow,
): Promise<Transfer> {
  const [wish, delivered] = await Promise.all([
    openWish(openRecord, row),
    row.result === null ? undefined : openDelivered(openResult, row.jobId, row.result),
  ])
  return {
    ...summaryOf(row),
    source: { type: wish.source },
    path: wish.path,
    filename: delivered?.filename ?? wish.filename,
    sha256: delivered?.sha256 ?? null,
    media_type: delivered?.mediaType ?? null,
  }
}

/** The same when it had just been asked for. */
export function asAccepted(row: TransferRow): TransferRow {
  return {
    ...row,
    state: 'queued',
    problem: null,
    result: null,
    attempt: 0,
    nextTry: null,
    bytes: 0,
    cancelAskedAt: null,
    endedAt: null,
  }
}
