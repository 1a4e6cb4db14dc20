import type { Db } from '@anteroom/job-channel'
import { purgeEvents } from '../account/account-events.ts'
import { purgeOrders } from '../account/account-orders.ts'
import { purgeLinks } from '../account/email-links.ts'
import { purgeGuesses } from '../account/guess-limits.ts'
import { oldestCalled, overdueCalled } from '../line/ticket-endings.ts'
import { purgeReceived } from '../security-events/intake/received-events.ts'
import { oldestUntold, overdueUntold } from '../security-events/outbox-upkeep.ts'
import { oldestUnreported, overdueTransfers } from '../transfers/transfer-upkeep-rows.ts'

/** Since when attempts, called tickets or security events are waiting for their report; undefined if none is. */
export async function oldestUnsettled(db: Db): Promise<Date | undefined> {
  const { rows } = await db.query<{ since: Date | null }>(
    'select min(enqueued_at) as since from web.attempts where settled_at is null',
  )
  return earliest([
    rows[0]?.since,
    await oldestCalled(db),
    await oldestUntold(db),
    await oldestUnreported(db),
  ])
}

/** As above, but only where a report is overdue: every job has ended, or has been found dead, well before this. */
export async function overdueSince(db: Db): Promise<Date | undefined> {
  const { rows } = await db.query<{ since: Date | null }>(
    `select min(enqueued_at) as since from web.attempts
     where settled_at is null and deadline_at < now() - interval '30 seconds'`,
  )
  return earliest([
    rows[0]?.since,
    await overdueCalled(db),
    await overdueUntold(db),
    await overdueTransfers(db),
  ])
}

function earliest(times: readonly (Date | null | undefined)[]): Date | undefined {
  return times.reduce<Date | undefined>(
    (first, time) => (time && !(first && first <= time) ? time : first),
    undefined,
  )
}

/** Ends what no report will settle any more, an hour past its deadline. A report that comes after all still counts. */
export async function endForgotten(db: Db): Promise<void> {
  await db.query(
    `with forgotten as (
       update web.attempts set state = 'failed', reason = 'internal', settled_at = now()
       where settled_at is null and deadline_at < now() - interval '1 hour' returning id
     )
     delete from web.limit_uses using forgotten where attempt_id = forgotten.id and not lasting`,
  )
}

/**
 * Uses are forgotten once no limit looks back so far, and whose attempt it was once it can no longer be taken up. What
 * is left of an attempt, that there was one and how it ended, is kept a month for the operators.
 */
export async function purge(db: Db, longestWindowSeconds: number): Promise<void> {
  await db.query(
    `delete from web.limit_uses
     where limit_key not like 'guess/%' and used_at < now() - make_interval(secs => $1)`,
    [longestWindowSeconds],
  )
  await db.query(
    `update web.attempts set person = null where person is not null and enqueued_at < now() - interval '1 hour'`,
  )
  await db.query(`delete from web.attempts where enqueued_at < now() - interval '30 days'`)
}

/** What accounts remember for a while: their history, links by e-mail, how often somebody guessed, orders, and what partners reported. */
export async function purgeAccountRecords(db: Db, historyDays: number): Promise<void> {
  await purgeEvents(db, historyDays)
  await purgeLinks(db)
  await purgeGuesses(db)
  await purgeOrders(db)
  await purgeReceived(db)
}
