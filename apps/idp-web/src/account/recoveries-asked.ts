import type { Db } from '@anteroom/job-channel'
import type { WebDeps } from '../deps.ts'
import { happeningsOf } from '../security-events/happenings-of.ts'
import { changeAccount } from './change-account.ts'

/** The only home of the columns of `web.recoveries_asked`. */

/**
 * Somebody asks for a new password. Partners are told of it afterwards, from here: to tell them takes time, and who asks must
 * not find out by it whether there is an account.
 *
 * @param accountId Absent if there is none; that takes the same work.
 */
export async function noteRecovery(tx: Db, accountId: string | undefined): Promise<void> {
  await tx.query('insert into web.recoveries_asked (account_id) values ($1)', [accountId])
}

interface Row {
  /** A bigint, as text. */
  readonly id: string
  readonly account_id: string | null
}

/** Tells partners of the recoveries that were asked for; of suspended accounts nothing. */
export async function tellOfRecoveries(deps: WebDeps): Promise<void> {
  const { rows } = await deps.db.query<Row>(
    'select id, account_id from web.recoveries_asked order by id limit 100',
  )
  for (const { id, account_id: accountId } of rows) {
    const account = accountId === null ? undefined : await deps.accounts.read(accountId)
    if (!account || account.suspendedAt !== undefined) {
      await drop(deps.db, id)
      continue
    }
    const change = { accountId: account.id, happenings: happeningsOf('recovery-asked') }
    await changeAccount(deps, change, async (tx, tell) => {
      if (await drop(tx, id)) await tell()
    })
  }
}

/** False if another process has done so. */
async function drop(db: Db, id: string): Promise<boolean> {
  const { rowCount } = await db.query('delete from web.recoveries_asked where id = $1', [id])
  return rowCount === 1
}
