import type { Db } from '@anteroom/job-channel'
import { errorFacts } from '@anteroom/runtime'
import type { WebDeps } from '../deps.ts'
import { ifUnopenable } from '../if-unopenable.ts'
import type { Account } from './accounts.ts'
import { reinstate, suspend } from './suspension.ts'

/** The only home in the web of the columns of `web.account_orders`: what operators order of accounts. */

interface Row {
  readonly id: string
  readonly wish: 'suspend' | 'reinstate'
  readonly account_id: string | null
  /** Sealed. */
  readonly address: string | null
}

const carryOut = { suspend, reinstate } as const

/**
 * Carries out what operators have ordered and nobody has ended, oldest first. An order ends after all that comes of it:
 * if that is interrupted it is carried out again, which is harmless. One that fails keeps no other from its end.
 */
export async function carryOutOrders(deps: WebDeps): Promise<void> {
  const { rows } = await deps.db.query<Row>(
    `select id, wish, account_id, address from web.account_orders
     where outcome is null order by ordered_at limit 100`,
  )
  for (const order of rows) {
    await carryOutOne(deps, order).catch((error: unknown) => {
      deps.log.warn('account-order.failed', errorFacts(error))
    })
  }
}

async function carryOutOne(deps: WebDeps, order: Row): Promise<void> {
  const account = await find(deps, order)
  if (account) await carryOut[order.wish](deps, account.id)
  await end(deps, order, account)
  deps.log.info('account-order.ended', { outcome: account ? 'done' : 'unknown' })
}

/** An address that does not open is nobody's: orders that nobody can carry out would keep others from their turn. */
async function find(deps: WebDeps, { id, account_id, address }: Row): Promise<Account | undefined> {
  if (address === null) return account_id === null ? undefined : deps.accounts.read(account_id)
  const opened = await deps.openOrder({ name: 'account-order', id }, address).catch(ifUnopenable)
  return opened === undefined ? undefined : deps.accounts.findByAddress(opened)
}

async function end({ db }: WebDeps, { id }: Row, account: Account | undefined): Promise<void> {
  await db.query(
    `update web.account_orders
     set outcome = $2, address = null, account_id = coalesce($3, account_id) where id = $1`,
    [id, account ? 'done' : 'unknown', account?.id],
  )
}

/** The audit keeps what was ordered; whose account it was is forgotten. */
export async function purgeOrders(db: Db): Promise<void> {
  await db.query(`delete from web.account_orders where ordered_at < now() - interval '30 days'`)
}
