import { randomBytes } from 'node:crypto'
import { type Db, inTransaction, type JobRider, wakePages } from '@anteroom/job-channel'
import { traceIdOf } from '@anteroom/runtime'
import type { WebDeps } from '../deps.ts'
import { audit } from './audit.ts'
import { endTransfer, type TransferEnd, type TransferRow } from './transfer-rows.ts'
import { summaryOf } from './view.ts'
import { type NewMessage, packRound, sendFirst } from './webhooks.ts'
import { openDelivered } from './wish.ts'

/** A transfer ends once: in its row, in the audit, and in the message to its consumer, all in one commit. */
export async function concludeTransfer(
  deps: WebDeps,
  row: TransferRow,
  end: TransferEnd,
): Promise<void> {
  const concluding = await prepareEnd(deps, row, end)
  const ended = await inTransaction(deps.db, (tx) => writeEnd(tx, concluding))
  if (ended) await tellEnd(deps, concluding)
}

/** What is to be written at the end, signed and sealed. */
export interface Concluding {
  readonly row: TransferRow
  readonly end: TransferEnd
  readonly facts: Readonly<Record<string, string | number | null>>
  readonly message?: NewMessage
  readonly rider?: JobRider
}

/** Before the transaction: it signs, seals and opens. A result that cannot be read is a failure, and holds up no other. */
export async function prepareEnd(
  deps: WebDeps,
  row: TransferRow,
  wanted: TransferEnd,
): Promise<Concluding> {
  const { result } = wanted
  const delivered =
    result === null ? undefined : await openDelivered(deps.openResult, row.jobId, result)
  const end = result === null || delivered ? wanted : { ...wanted, ...unreadable }
  const sha256 = delivered?.sha256 ?? null
  const { bytes, attempt, problem } = end
  const facts = { destination: row.destination, bytes, attempts: attempt, problem, sha256 }
  if (!row.wantsWebhook) return { row, end, facts }
  const message = messageOf(row, end, { sha256, at: new Date(deps.now()) })
  const rider = await packRound(deps, message)
  return rider ? { row, end, facts, message, rider } : { row, end, facts }
}

const unreadable = { state: 'failed', problem: 'unreadable', result: null } as const

/** False if it had ended already, or something later is known of it: then nothing is written. */
export async function writeEnd(
  tx: Db,
  { row, end, facts, message, rider }: Concluding,
): Promise<boolean> {
  if (!(await endTransfer(tx, row, end))) return false
  if (message && rider) await sendFirst(tx, message, rider)
  const { consumerId, id: transferId } = row
  await audit(tx, { consumerId, transferId, event: `transfer ${end.state}`, facts })
  return true
}

export async function tellEnd(
  { redis, log, metrics }: WebDeps,
  { row, end }: Concluding,
): Promise<void> {
  metrics.increment('transfers_ended_total', { state: end.state })
  log.info('transfer.ended', {
    transferId: row.id,
    consumer: row.consumerId,
    correlationId: row.correlationId,
    outcome: end.state,
    reason: end.problem ?? undefined,
    attempt: end.attempt,
    traceId: traceIdOf(row.traceparent),
  })
  // Whoever waits asks again by itself before long.
  await wakePages(redis, [row.jobId]).catch(() => undefined)
}

/** It says how the transfer ended and names no file: whoever wants that looks it up. */
function messageOf(
  row: TransferRow,
  end: TransferEnd,
  { sha256, at }: { readonly sha256: string | null; readonly at: Date },
): NewMessage {
  const { state, problem, bytes, attempt } = end
  const data = {
    ...summaryOf({ ...row, state, problem, bytes, attempt, nextTry: null, endedAt: at }),
    sha256,
  }
  return {
    id: `msg_${randomBytes(16).toString('base64url')}`,
    transferId: row.id,
    consumerId: row.consumerId,
    traceparent: row.traceparent,
    body: JSON.stringify({ type: `transfer.${state}`, timestamp: at.toISOString(), data }),
  }
}
