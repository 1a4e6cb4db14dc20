import type { Db } from '@anteroom/job-channel'

/** With `accounts.ts` the only home of the columns of `web.accounts`. */

/** What keeps people out of an account, and others from changing it meanwhile. */
export interface AccountLocks {
  /** Whether it is there. If so, nobody else holds or changes it until the transaction ends. */
  hold(tx: Db, id: string): Promise<boolean>
  /** False, and nothing changed, if it is so already. */
  setSuspended(tx: Db, id: string, isSuspended: boolean): Promise<boolean>
  /** False, and nothing changed, if it is locked already. `until`: milliseconds since the epoch. */
  lockCodes(tx: Db, id: string, until: number): Promise<boolean>
  unlockCodes(id: string): Promise<void>
}

export function createAccountLocks(db: Db): AccountLocks {
  return {
    async hold(tx, id) {
      const { rowCount } = await tx.query(
        'select from web.accounts where id = $1 for no key update',
        [id],
      )
      return rowCount === 1
    },
    async setSuspended(tx, id, isSuspended) {
      const { rowCount } = await tx.query(
        `update web.accounts set suspended_at = case when $2 then now() end
         where id = $1 and (suspended_at is not null) <> $2`,
        [id, isSuspended],
      )
      return rowCount === 1
    },
    async lockCodes(tx, id, until) {
      const { rowCount } = await tx.query(
        `update web.accounts set codes_locked_until = to_timestamp($2::float8 / 1000)
         where id = $1 and (codes_locked_until is null or codes_locked_until < now())`,
        [id, until],
      )
      return rowCount === 1
    },
    async unlockCodes(id) {
      await db.query(
        'update web.accounts set codes_locked_until = null where id = $1 and codes_locked_until is not null',
        [id],
      )
    },
  }
}
