import type { Db } from '@anteroom/job-channel'
import { z } from 'zod'
import { type AuthenticatorApps, createAuthenticatorApps } from './authenticator-apps.ts'
import { type BackupCodes, createBackupCodes } from './backup-codes.ts'
import { type FactorParts, nameSlot } from './factor-parts.ts'
import { createPasskeys, type Passkeys } from './passkeys.ts'

/** With `passkeys.ts`, `authenticator-apps.ts` and `backup-codes.ts` the only home of the columns of `web.account_factors`. */

export const factorKinds = ['passkey', 'totp', 'backup-codes'] as const
export type FactorKind = (typeof factorKinds)[number]

/** What an account has beside its password, as its owner sees it. */
export interface FactorSummary {
  readonly kind: FactorKind
  readonly id: string
  /** What its owner calls it; undefined for backup codes. */
  readonly name?: string
  /** Milliseconds since the epoch, database time. */
  readonly addedAt: number
  readonly lastUsedAt?: number
  /** Of backup codes: how many have not been used. */
  readonly left?: number
}

export type Removal =
  | { readonly state: 'removed'; readonly kind: FactorKind }
  /** Nobody could sign in to the account any more. */
  | { readonly state: 'last-way-in' }
  /** It is not there, or not this account's. */
  | { readonly state: 'unknown' }

export interface Factors {
  readonly passkeys: Passkeys
  readonly apps: AuthenticatorApps
  readonly backupCodes: BackupCodes
  /** Oldest first, of each kind. */
  of(accountId: string): Promise<readonly FactorSummary[]>
  /** Whether a password alone does not open the account. Backup codes only stand in for something else. */
  hasSecond(accountId: string): Promise<boolean>
  /** False if it is not this account's. */
  rename(accountId: string, id: string, name: string): Promise<boolean>
  /** Backup codes go with the last thing that they stand in for. */
  remove(tx: Db, account: OwnerOfFactors, id: string): Promise<Removal>
}

export interface OwnerOfFactors {
  readonly id: string
  readonly hasPassword: boolean
}

export function createFactors(parts: FactorParts): Factors {
  const { db, record } = parts
  return {
    passkeys: createPasskeys(parts),
    apps: createAuthenticatorApps(parts),
    backupCodes: createBackupCodes(parts),
    of: (accountId) => list(parts, accountId),
    async hasSecond(accountId) {
      const { rows } = await db.query(
        `select from web.account_factors where account_id = $1 and kind in ('passkey', 'totp') limit 1`,
        [accountId],
      )
      return rows.length > 0
    },
    async rename(accountId, id, name) {
      const { rowCount } = await db.query(
        `update web.account_factors set name = $3
         where id = $2 and account_id = $1 and kind in ('passkey', 'totp')`,
        [accountId, id, await record.seal(nameSlot(id), name)],
      )
      return rowCount === 1
    },
    remove,
  }
}

const row = z.object({
  id: z.string(),
  kind: z.enum(factorKinds),
  name: z.string().nullable(),
  added_at: z.date(),
  last_used_at: z.date().nullable(),
  left: z.number(),
})

async function list(
  { db, record }: FactorParts,
  accountId: string,
): Promise<readonly FactorSummary[]> {
  const { rows } = await db.query(
    `select id, kind, name, added_at, last_used_at,
       (select count(*)::integer from web.backup_codes where set_id = id and used_at is null) as left
     from web.account_factors where account_id = $1
     order by array_position(array['passkey', 'totp', 'backup-codes'], kind), added_at, id`,
    [accountId],
  )
  return Promise.all(
    z
      .array(row)
      .parse(rows)
      .map(async ({ id, kind, name, added_at, last_used_at, left }) => ({
        id,
        kind,
        addedAt: added_at.getTime(),
        ...(name !== null && { name: await record.open(nameSlot(id), name) }),
        ...(last_used_at && { lastUsedAt: last_used_at.getTime() }),
        ...(kind === 'backup-codes' && { left }),
      })),
  )
}

async function remove(tx: Db, account: OwnerOfFactors, id: string): Promise<Removal> {
  // All of them are locked: of two removals at once the second sees what the first has left.
  const { rows } = await tx.query(
    'select id, kind from web.account_factors where account_id = $1 for update',
    [account.id],
  )
  const factors = z.array(row.pick({ id: true, kind: true })).parse(rows)
  const removed = factors.find((factor) => factor.id === id)
  if (!removed) return { state: 'unknown' }
  const left = factors.filter((factor) => factor !== removed)
  const waysIn = left.filter(({ kind }) => kind === 'passkey').length + Number(account.hasPassword)
  if (removed.kind === 'passkey' && waysIn === 0) return { state: 'last-way-in' }
  const standsAlone = left.every(({ kind }) => kind === 'backup-codes')
  const gone = standsAlone ? factors : [removed]
  await tx.query('delete from web.account_factors where id = any ($1)', [
    gone.map((factor) => factor.id),
  ])
  return { state: 'removed', kind: removed.kind }
}
