import { type Db, inTransaction, wakePages } from '@anteroom/job-channel'
import { jobs, type Report, transferProblem } from '@anteroom/job-contracts'
import { traceIdOf } from '@anteroom/runtime'
import type { WebDeps } from '../deps.ts'
import { audit } from './audit.ts'
import { concludeTransfer } from './end-transfer.ts'
import { inTurn } from './in-turn.ts'
import { applyProgress, type TransferEnd, transfersOfReports } from './transfer-rows.ts'
import { type EndedRound, endRound, giveUp, type Message } from './webhooks.ts'

/** Transfers and their webhooks advance by the worker's reports. Idempotent: only news counts. */
export async function applyTransferReports(
  deps: WebDeps,
  reports: readonly Report[],
): Promise<void> {
  if (!deps.transfers) return
  const ofTransfers = newestOf(reports.filter(({ job }) => job === jobs.documentTransfer.name))
  await goOn(deps, ofTransfers.filter(isUnderWay))
  const ofRounds = reports.filter(({ job }) => job === jobs.webhookDelivery.name)
  try {
    await end(
      deps,
      ofTransfers.filter((report) => !isUnderWay(report)),
    )
  } finally {
    const ended = ofRounds.filter((report) => !isUnderWay(report))
    await inTurn(deps, ended, (report) => settleRound(deps, report))
  }
}

const isUnderWay = ({ state }: Report): boolean => state === 'running' || state === 'waiting'

/** The last word on each job. */
function newestOf(reports: readonly Report[]): Report[] {
  const newest = new Map<string, Report>()
  for (const report of reports) {
    const known = newest.get(report.jobId)
    if (!known || known.seq < report.seq) newest.set(report.jobId, report)
  }
  return [...newest.values()]
}

async function goOn(deps: WebDeps, reports: readonly Report[]): Promise<void> {
  if (reports.length === 0) return
  const told = reports.map((report) => ({
    ...report,
    problem: report.state === 'waiting' ? problemOf(report) : null,
  }))
  const jobIds = await applyProgress(deps.db, told)
  await wakePages(deps.redis, jobIds)
}

async function end(deps: WebDeps, reports: readonly Report[]): Promise<void> {
  if (reports.length === 0) return
  const rows = await transfersOfReports(deps.db, reports)
  await inTurn(deps, rows, async (row) => {
    const report = reports.find(({ jobId }) => jobId === row.jobId)
    if (report) await concludeTransfer(deps, row, endOf(report))
  })
}

function endOf(report: Report): TransferEnd {
  const { bytes, attempt, seq: reportSeq, sealed } = report
  const facts = { bytes, attempt, reportSeq }
  if (report.state === 'done' && sealed !== undefined) {
    return { ...facts, state: 'delivered', problem: null, result: sealed }
  }
  const state = report.reason === 'cancelled' ? 'cancelled' : 'failed'
  return { ...facts, state, problem: problemOf(report), result: null }
}

/** The worker's own word for it, or the nearest to the reason that every job has. */
function problemOf({ code, reason }: Report) {
  if (code !== undefined) return transferProblem.parse(code)
  switch (reason) {
    case 'timed-out':
    case 'unreadable':
    case 'cancelled':
      return reason
    case 'vendor-unavailable':
      return 'destination-unreachable'
    case 'rejected-input':
      return 'destination-refused'
    case 'internal':
    case null:
      return 'internal'
  }
}

async function settleRound(deps: WebDeps, { jobId, state, code }: Report): Promise<void> {
  const failed = code === 'gone' ? 'gone' : 'failed'
  await concludeRound(deps, jobId, state === 'done' ? 'delivered' : failed)
}

/** A round of a message is over. */
export function concludeRound(
  deps: WebDeps,
  jobId: string,
  how: 'delivered' | 'failed' | 'gone',
): Promise<void> {
  return endMessage(deps, (tx) => endRound(tx, jobId, how))
}

/** Nobody is told of it any more. */
export function concludeUnsent(deps: WebDeps, message: Message): Promise<void> {
  return endMessage(deps, (tx) => giveUp(tx, message))
}

/** The last end stands in the audit; each is a line. */
async function endMessage(
  { db, log, metrics }: WebDeps,
  end: (tx: Db) => Promise<EndedRound | undefined>,
): Promise<void> {
  const ended = await inTransaction(db, async (tx) => {
    const round = await end(tx)
    if (round && round.state !== 'waiting') {
      const { consumerId, transferId, id: message } = round
      const facts = { message, rounds: round.round }
      await audit(tx, { consumerId, transferId, event: `webhook ${round.state}`, facts })
    }
    return round
  })
  if (!ended) return
  metrics.increment('transfer_webhook_rounds_total', { outcome: ended.state })
  const { consumerId: consumer, transferId, round: attempt } = ended
  const fields = { consumer, transferId, attempt, traceId: traceIdOf(ended.traceparent) }
  if (ended.state === 'dead') log.warn('webhook.dead', fields)
  else log.info(ended.state === 'delivered' ? 'webhook.delivered' : 'webhook.put-off', fields)
}
