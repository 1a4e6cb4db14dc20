import type { Db } from '@anteroom/job-channel'
import type pg from 'pg'
import { z } from 'zod'

/** What a person allowed a partner to learn. */
const grant = z.object({
  /** As the provider names it. */
  id: z.string(),
  accountId: z.string(),
  /** By its id. */
  partner: z.string(),
  scopes: z.array(z.string()),
  claims: z.array(z.string()),
  /** Milliseconds since the epoch. */
  grantedAt: z.number(),
  expiresAt: z.number(),
  /** Keyed hashes of the e-mail addresses that the partner was told. */
  toldAddresses: z.array(z.string()),
})
export type ServiceGrant = z.output<typeof grant>

/** The only home of the columns of `web.openid_grants`. */
export interface Grants {
  save(grant: Omit<ServiceGrant, 'grantedAt' | 'toldAddresses'>): Promise<void>
  /** Remembers that the partner is told this address. By its keyed hash. */
  noteTold(accountId: string, partner: string, addressHash: string): Promise<void>
  find(id: string): Promise<ServiceGrant | undefined>
  findFor(accountId: string, partner: string): Promise<ServiceGrant | undefined>
  /** Newest first. */
  list(accountId: string): Promise<readonly ServiceGrant[]>
  delete(id: string): Promise<void>
  /** False if the person has allowed this partner nothing. */
  revoke(accountId: string, partner: string): Promise<boolean>
}

const columns = `id, account_id as "accountId", partner, scopes, claims,
  extract(epoch from granted_at)::float8 * 1000 as "grantedAt",
  extract(epoch from expires_at)::float8 * 1000 as "expiresAt", told_addresses as "toldAddresses"`

export function createGrants(db: pg.Pool): Grants {
  async function select(condition: string, values: readonly string[]): Promise<ServiceGrant[]> {
    const { rows } = await db.query(
      `select ${columns} from web.openid_grants
       where ${condition} and expires_at > now() order by granted_at desc`,
      [...values],
    )
    return z.array(grant).parse(rows)
  }

  return {
    async save({ id, accountId, partner, scopes, claims, expiresAt }) {
      await db.query(
        `insert into web.openid_grants (id, account_id, partner, scopes, claims, expires_at)
         values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000))
         on conflict (account_id, partner) do update
         set id = excluded.id, scopes = excluded.scopes, claims = excluded.claims,
           granted_at = now(), expires_at = excluded.expires_at`,
        [id, accountId, partner, scopes, claims, expiresAt],
      )
    },
    async noteTold(accountId, partner, addressHash) {
      await db.query(
        `update web.openid_grants set told_addresses = told_addresses || $3::text
         where account_id = $1 and partner = $2 and not $3 = any (told_addresses)`,
        [accountId, partner, addressHash],
      )
    },
    find: async (id) => (await select('id = $1', [id]))[0],
    findFor: async (accountId, partner) =>
      (await select('account_id = $1 and partner = $2', [accountId, partner]))[0],
    list: (accountId) => select('account_id = $1', [accountId]),
    async delete(id) {
      await db.query('delete from web.openid_grants where id = $1', [id])
    },
    async revoke(accountId, partner) {
      const { rowCount } = await db.query(
        'delete from web.openid_grants where account_id = $1 and partner = $2',
        [accountId, partner],
      )
      return rowCount === 1
    },
  }
}

/** Which partners these accounts are connected to. */
export async function connections(
  db: Db,
  accountIds: readonly string[],
): Promise<(accountId: string, partner: string) => boolean> {
  const { rows } = await db.query<{ account_id: string; partner: string }>(
    'select account_id, partner from web.openid_grants where account_id = any ($1) and expires_at > now()',
    [accountIds],
  )
  return (accountId, partner) =>
    rows.some((row) => row.account_id === accountId && row.partner === partner)
}

/** Those that count no more. */
export async function purgeGrants(db: Db): Promise<void> {
  await db.query('delete from web.openid_grants where expires_at < now()')
}
