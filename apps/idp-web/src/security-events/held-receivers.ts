import type { Db } from '@anteroom/job-channel'
import type { WebDeps } from '../deps.ts'
import type { EventReceivers } from './receivers.ts'

/**
 * Partners for whom events are held: operators said so, or they answered 410 (RFC 9110: gone) at the address that they have
 * in the partners file. With `outbox.ts`, which holds them, the only home of the columns of `web.held_receivers`.
 */

/** @param dead Jobs that have just failed. */
export async function holdGone(
  { db, openid, log }: Pick<WebDeps, 'db' | 'openid' | 'log'>,
  dead: readonly string[],
): Promise<void> {
  if (!openid || dead.length === 0) return
  const { rows } = await db.query<{ partner: string }>(
    'select partner from channel.gone_receivers($1) as partner',
    [dead],
  )
  for (const { partner } of rows) {
    const url = openid.partners.get(partner)?.security_events?.url
    if (url === undefined) continue
    const { rowCount } = await db.query(
      'insert into web.held_receivers (partner, url) values ($1, $2) on conflict do nothing',
      [partner, url],
    )
    if (rowCount === 1) log.warn('security-events.partner-gone', { partner })
  }
}

/** Those that have another address by now want to be told there. */
export async function forgetMoved(db: Db, receivers: EventReceivers): Promise<void> {
  const current = [...receivers.values()].map(({ partner, receiver: { url } }) => ({
    partner,
    url,
  }))
  await db.query(
    `delete from web.held_receivers as held
     using jsonb_to_recordset($1) as current (partner text, url text)
     where held.partner = current.partner and held.url <> current.url`,
    [JSON.stringify(current)],
  )
}
