import type pg from 'pg'
import type { Openid } from './openid.ts'
import { type Partner, sectorOf } from './partners.ts'
import { subjectFor } from './subjects.ts'

/** With `grants.ts` the only home of the columns of `web.openid_grants`. */

interface Sector {
  readonly name: string
  /** Ids of its partners. */
  readonly partners: readonly string[]
}

interface Parts {
  readonly db: pg.Pool
  readonly openid: Pick<Openid, 'partners' | 'settings'>
}

/**
 * The account that this partner knows by a subject. Only those that are connected to it now, or to another partner of its
 * sector, are looked among: a partner finds nobody by another one's subjects, or who has left it.
 */
export async function findAccountOf(
  { db, openid }: Parts,
  { partner, subject }: { readonly partner: Partner; readonly subject: string },
): Promise<string | undefined> {
  const name = sectorOf(partner)
  const all = [...openid.partners.values()].filter((one) => sectorOf(one) === name)
  const sector = { name, partners: all.map(({ id }) => id) }
  const { subjectKey } = openid.settings
  await nameSubjects(db, sector, (accountId) => subjectFor(subjectKey, partner, accountId))
  const { rows } = await db.query<{ account_id: string }>(
    `select account_id from web.openid_grants
     where partner = any ($1) and subject = $2 and subject_sector = $3 and expires_at > now() limit 1`,
    [sector.partners, subject, name],
  )
  return rows[0]?.account_id
}

const atOnce = 1_000

/** Subjects are keyed hashes, so nobody is found by one before it was written down; also anew if the sector has changed. */
async function nameSubjects(
  db: pg.Pool,
  { name, partners }: Sector,
  subjectOf: (accountId: string) => string,
): Promise<void> {
  for (;;) {
    const { rows } = await db.query<{ account_id: string }>(
      `select account_id from web.openid_grants
       where partner = any ($1) and (subject_sector < $2 or subject_sector > $2) limit $3`,
      [partners, name, atOnce],
    )
    if (rows.length === 0) return
    const accounts = rows.map(({ account_id }) => account_id)
    await db.query(
      `update web.openid_grants as kept set subject = named.subject, subject_sector = $4
       from unnest($1::text[], $2::text[]) as named (account_id, subject)
       where kept.account_id = named.account_id and kept.partner = any ($3)`,
      [accounts, accounts.map(subjectOf), partners, name],
    )
  }
}
