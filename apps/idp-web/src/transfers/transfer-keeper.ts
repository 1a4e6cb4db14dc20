import { type Db, inSoleTransaction, inTransaction } from '@anteroom/job-channel'
import type { Shutdown } from '@anteroom/runtime'
import type { WebDeps } from '../deps.ts'
import { ifUnopenable } from '../if-unopenable.ts'
import { createSendMail } from '../mail/send-mail.ts'
import { concludeRound } from './apply-reports.ts'
import { audit } from './audit.ts'
import {
  countExpiring,
  type EndingKey,
  expiringKeys,
  markExpired,
  markWarned,
} from './consumers.ts'
import { concludeTransfer } from './end-transfer.ts'
import { purgeRequests } from './idempotency.ts'
import { emailName } from './sealed-names.ts'
import { forgottenTransfers, purgeTransfers } from './transfer-rows.ts'
import { dueMessages, giveUp, overdueRounds, packRound, sendAgain } from './webhooks.ts'

/** How many days before a key expires somebody is warned. */
const warnedDaysBefore = 14

const turnEveryMs = 15_000

/** Keeps transfers for as long as the process runs. */
export function startTransferKeeper(deps: WebDeps, shutdown: Shutdown): void {
  if (!deps.transfers) return
  // Told from the start, so that the first one is seen to be one more.
  deps.metrics.increment('transfer_webhook_rounds_total', { outcome: 'dead' }, 0)
  const timer = setInterval(() => void turn(deps), turnEveryMs).unref()
  shutdown.add('transfer-keeper', () => clearInterval(timer))
}

async function turn(deps: WebDeps): Promise<void> {
  await keepTransfers(deps).catch(() => deps.log.warn('transfers.keeper-failed'))
}

/**
 * One process at a time: marks keys that have expired, warns of those that soon do, sends later rounds of webhooks, ends
 * transfers that nobody will report, and deletes what nobody needs any more. False if another process does it.
 */
export function keepTransfers(deps: WebDeps): Promise<boolean> {
  return inSoleTransaction(deps.db, 'web.transfers', async (tx) => {
    const complain = () => deps.log.warn('transfers.keeper-failed')
    // Each goes on whatever becomes of the others.
    for (const part of [expireKeys, warnOfKeys, keepWebhooks, endForgotten]) {
      await part(deps).catch(complain)
    }
    await purgeTransfers(tx, deps.config.transferKeepDays)
    await purgeRequests(tx)
  })
}

async function expireKeys({ db, log }: WebDeps): Promise<void> {
  const keys = await inTransaction(db, async (tx) => {
    const marked = await markExpired(tx)
    for (const { consumerId, keyId } of marked) {
      await audit(tx, { consumerId, event: 'key expired', facts: { key: keyId } })
    }
    return marked
  })
  for (const { consumerId: consumer, keyId } of keys)
    log.warn('transfer-key.expired', { consumer, keyId })
}

async function warnOfKeys(deps: WebDeps): Promise<void> {
  const { db, log, metrics } = deps
  metrics.set('transfer_keys_expiring', {}, await countExpiring(db, warnedDaysBefore))
  for (const key of await expiringKeys(db, warnedDaysBefore)) {
    const to = await openEmail(deps, key)
    const isWarned = await inTransaction(db, async (tx) => {
      if (!(await markWarned(tx, key.keyId))) return false
      if (to !== undefined) await sendWarning(deps, tx, { key, to })
      return true
    })
    const { consumerId: consumer, keyId } = key
    if (isWarned) log.warn('transfer-key.expiring', { consumer, keyId, count: daysLeft(deps, key) })
  }
}

/** Undefined if there is none, or none that opens: the log warns all the same. */
async function openEmail(
  { openRecord }: WebDeps,
  { consumerId, email }: EndingKey,
): Promise<string | undefined> {
  if (email === null) return undefined
  return openRecord({ name: emailName, id: consumerId }, email).catch(ifUnopenable)
}

function daysLeft({ now }: WebDeps, { expiresAt }: EndingKey): number {
  return Math.max(0, Math.floor((expiresAt.getTime() - now()) / 86_400_000))
}

async function sendWarning(
  { sealPayload, config }: WebDeps,
  tx: Db,
  { key, to }: { readonly key: EndingKey; readonly to: string },
): Promise<void> {
  const { consumerId, keyId, expiresAt } = key
  await createSendMail({ db: tx, sealPayload })({
    to,
    template: 'transfer-key-expiring',
    link: new URL('/api', config.publicUrl).href,
    values: { consumer: consumerId, key: keyId, at: expiresAt.toISOString() },
  })
}

async function endForgotten(deps: WebDeps): Promise<void> {
  for (const row of await forgottenTransfers(deps.db)) {
    const { bytes, attempt, reportSeq } = row
    const end = { state: 'failed', problem: 'internal', result: null } as const
    await concludeTransfer(deps, row, { ...end, bytes, attempt, reportSeq })
  }
}

async function keepWebhooks(deps: WebDeps): Promise<void> {
  for (const jobId of await overdueRounds(deps.db)) await concludeRound(deps, jobId, 'failed')
  for (const message of await dueMessages(deps.db)) {
    const rider = await packRound(deps, message)
    if (rider) await inTransaction(deps.db, (tx) => sendAgain(tx, message, rider))
    else await giveUp(deps.db, message)
  }
}
