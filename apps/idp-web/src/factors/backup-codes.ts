import type { Db } from '@anteroom/job-channel'
import { randomId } from '../random-id.ts'
import { newBackupCode, readBackupCode } from './backup-code.ts'
import type { FactorParts } from './factor-parts.ts'

/** The only home of the columns of `web.backup_codes`. */
export interface BackupCodes {
  /** A new set in the place of the old one. The codes are known from then on to whoever reads this answer, and to nobody else. */
  make(tx: Db, accountId: string): Promise<readonly string[]>
  /** Whether this was one of the account's codes, and not used before. */
  use(accountId: string, typed: string): Promise<boolean>
}

const setSize = 10

export function createBackupCodes({ db, hashCode }: FactorParts): BackupCodes {
  return {
    async make(tx, accountId) {
      const codes = Array.from({ length: setSize }, newBackupCode)
      const hashes = codes.map((code) => hashCode(accountId, code)[0] ?? '')
      await replaceSet(tx, accountId, hashes)
      return codes
    },
    async use(accountId, typed) {
      const code = readBackupCode(typed)
      if (code === undefined) return false
      const { rows } = await db.query(
        `with used as (
           update web.backup_codes set used_at = now()
           from web.account_factors
           where id = set_id and account_id = $1 and code_hash = any ($2) and used_at is null
           returning set_id
         )
         update web.account_factors set last_used_at = now() from used where id = set_id returning id`,
        [accountId, hashCode(accountId, code)],
      )
      return rows.length > 0
    },
  }
}

async function replaceSet(tx: Db, accountId: string, hashes: readonly string[]): Promise<void> {
  // Locks the set that is there: of two made at once the later one stands.
  const { rows } = await tx.query<{ id: string }>(
    `insert into web.account_factors (id, account_id, kind) values ($1, $2, 'backup-codes')
     on conflict (account_id) where kind = 'backup-codes'
       do update set added_at = now(), last_used_at = null
     returning id`,
    [randomId(), accountId],
  )
  await tx.query('delete from web.backup_codes where set_id = $1', [rows[0]?.id])
  await tx.query('insert into web.backup_codes (set_id, code_hash) select $1, unnest($2::text[])', [
    rows[0]?.id,
    hashes,
  ])
}
