import { createHash, randomBytes } from 'node:crypto'
import {
  type Db,
  enqueueJobs,
  inSoleTransaction,
  inTransaction,
  newJobId,
  startReportConsumer,
  toJobRider,
} from '@anteroom/job-channel'
import { jobs, packJob, type Report } from '@anteroom/job-contracts'
import { newTraceparent, type Shutdown } from '@anteroom/runtime'
import type { Redis } from 'ioredis'
import type { WebDeps } from '../deps.ts'
import { purgeTickets } from '../line/ticket-endings.ts'
import { purgeGrants } from '../openid/grants.ts'
import { holdGone } from '../security-events/held-receivers.ts'
import { applyEventReports, purgeSecurityEvents } from '../security-events/outbox-upkeep.ts'
import { applyTransferReports } from '../transfers/apply-reports.ts'
import { renewSeals } from './renew-seals.ts'
import { askForRevocations, takeRevocations } from './revocations.ts'
import {
  endForgotten,
  oldestUnsettled,
  overdueSince,
  purge,
  purgeAccountRecords,
} from './upkeep.ts'

/** Keeps the web's records true: they advance by the worker's reports, and by asking again for those that were lost. */
export function startRecords(deps: WebDeps, redis: Redis, shutdown: Shutdown): void {
  const consumer = startReportConsumer({
    redis,
    consumer: randomBytes(9).toString('base64url'),
    apply: (reports) => applyReports(deps, reports),
    onLoss: async () => askAgain(deps, await oldestUnsettled(deps.db)),
    onError: () => deps.log.warn('reports.unread'),
  })
  shutdown.add('report-consumer', () => consumer.stop())

  const timer = setInterval(() => void upkeep(deps), upkeepEveryMs).unref()
  shutdown.add('upkeep', () => clearInterval(timer))

  void renew(deps)
  const renewal = setInterval(() => void renew(deps), renewEveryMs).unref()
  shutdown.add('renewal', () => clearInterval(renewal))
}

const upkeepEveryMs = 30_000
/** The first may come before the last process that seals with older keys has ended. */
const renewEveryMs = 10 * 60_000

async function renew(deps: WebDeps): Promise<void> {
  try {
    const { count, unopenable } = await renewSeals(deps)
    if (count > 0) deps.log.info('records.renewed', { count })
    if (unopenable > 0) deps.log.error('records.unopenable', { count: unopenable })
  } catch {
    deps.log.warn('records.renewal-failed')
  }
}

async function applyReports(deps: WebDeps, all: readonly Report[]): Promise<void> {
  const reports = all.filter(({ state }) => state !== 'running')
  for (const { state, reason } of await deps.attempts.applyReports(reports)) {
    deps.metrics.increment('reports_applied_total', { state })
    if (reason === 'timed-out') deps.metrics.increment('proofing_timeout_total', {})
  }
  await takeRevocations(deps, reports)
  await holdGone(deps, await applyEventReports(deps.db, reports))
  // The line comes after them: while Redis has lost it, all others go on, also the transfers, which nobody waits for as in the line.
  try {
    await deps.line.applyReports(reports)
  } finally {
    await applyTransferReports(deps, all)
  }
}

/** One process at a time: asks for reports that should have come, and deletes what nobody needs any more. */
async function upkeep(deps: WebDeps): Promise<void> {
  try {
    await inSoleTransaction(deps.db, 'web.upkeep', async (tx) => {
      await endForgotten(tx)
      await purgeTickets(tx)
      await purge(tx, Math.max(deps.config.attemptWindowSeconds, deps.config.ssnWindowSeconds))
      await purgeAccountRecords(tx, deps.config.accountHistoryDays)
      await purgeGrants(tx)
      await purgeSecurityEvents(tx)
      const since = await overdueSince(tx)
      if (since) await enqueueReportAgain(deps, tx, { since, id: minuteId(deps.now()) })
      await askForRevocations(deps, tx)
    })
  } catch {
    deps.log.warn('upkeep.failed')
  }
}

/** Redis was lost, and with it reports: the worker's ledger still has them. */
async function askAgain(deps: WebDeps, since: Date | undefined): Promise<void> {
  if (!since) return
  deps.log.warn('reports.lost')
  await inTransaction(deps.db, (tx) => enqueueReportAgain(deps, tx, { since, id: newJobId() }))
}

/** The same for a minute: while no worker runs, what nobody answers is asked once a minute and not more often. */
function minuteId(now: number): string {
  return createHash('sha256')
    .update(`report-again ${Math.floor(now / 60_000)}`)
    .digest('base64url')
}

async function enqueueReportAgain(
  deps: WebDeps,
  tx: Db,
  { since, id }: { since: Date; id: string },
): Promise<void> {
  const job = jobs.reportAgain
  const packed = await packJob(
    job,
    { since: since.toISOString() },
    { id, traceparent: newTraceparent(), seal: deps.sealPayload },
  )
  await enqueueJobs(tx, [toJobRider(job, packed)])
  deps.log.info('reports.asked-again', { jobId: packed.id })
}
