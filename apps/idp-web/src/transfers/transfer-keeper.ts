import { type Db, inSoleTransaction, inTransaction } from '@anteroom/job-channel'
import type { Shutdown } from '@anteroom/runtime'
import type { WebDeps } from '../deps.ts'
import { ifUnopenable } from '../if-unopenable.ts'
import { createSendMail } from '../mail/send-mail.ts'
import { concludeRound, concludeUnsent } from './apply-reports.ts'
import { audit } from './audit.ts'
import { purgeConsents } from './consents.ts'
import {
  countExpiring,
  type EndingKey,
  expiringKeys,
  markExpired,
  markWarned,
} from './consumers.ts'
import { concludeTransfer } from './end-transfer.ts'
import { purgeRequests } from './idempotency.ts'
import { inTurn } from './in-turn.ts'
import { emailName } from './sealed-names.ts'
import { forgottenTransfers, purgeTransfers } from './transfer-upkeep-rows.ts'
import { dueMessages, overdueRounds, packRound, roundsAtOnce, sendAgain } from './webhooks.ts'

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
    for (const part of [expireKeys, warnOfKeys, endOverdue, sendDue, endForgotten]) {
      await part(deps).catch(complain)
    }
    await purgeTransfers(tx, deps.config.transferKeepDays)
    await purgeRequests(tx)
    await purgeConsents(tx)
  })
}

async function expireKeys({ db, log }: WebDeps): Promise<void> {
  const keys = await inTransaction(db, async (tx) => {
    const marked = await markExpired(tx)
    // Chains in the order of their names, as an operator's command has them: nobody waits for somebody who waits for them.
    const byConsumer = marked.toSorted((one, other) => (one.consumerId < other.consumerId ? -1 : 1))
    for (const { consumerId, keyId } of byConsumer) {
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
  await inTurn(deps, await forgottenTransfers(deps.db), (row) => {
    const { bytes, attempt, reportSeq } = row
    const end = { state: 'failed', problem: 'internal', result: null } as const
    return concludeTransfer(deps, row, { ...end, bytes, attempt, reportSeq })
  })
}

async function endOverdue(deps: WebDeps): Promise<void> {
  await untilFew(async () => {
    const overdue = await overdueRounds(deps.db)
    await inTurn(deps, overdue, ({ jobId }) => concludeRound(deps, jobId, 'failed'))
    return overdue.length
  })
}

async function sendDue(deps: WebDeps): Promise<void> {
  await untilFew(async () => {
    const due = await dueMessages(deps.db)
    await inTurn(deps, due, async (message) => {
      const rider = await packRound(deps, message)
      if (rider) await inTransaction(deps.db, (tx) => sendAgain(tx, message, rider))
      else await concludeUnsent(deps, message)
    })
    return due.length
  })
}

/** Batch after batch while they are full, so that one consumer's many are not all that a turn does; not without end. */
async function untilFew(batch: () => Promise<number>): Promise<void> {
  for (let count = 0; count < 10; count += 1) if ((await batch()) < roundsAtOnce) return
}
