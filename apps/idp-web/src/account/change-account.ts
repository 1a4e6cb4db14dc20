import { type Db, inTransaction } from '@anteroom/job-channel'
import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import type { Happening } from '../security-events/security-events.ts'
import { type AccountEvent, recordEvent } from './account-events.ts'

/** What is said of a change. */
export interface AccountChange {
  readonly accountId: string
  /** What its history says; absent if nothing. */
  readonly event?: AccountEvent
  /** By whom it was made; absent if by no browser. */
  readonly request?: FastifyRequest | undefined
  /** What partners are told, in this order. */
  readonly happenings: readonly Happening[]
}

/**
 * The work on an account.
 *
 * @param tell Writes into the account's history and tells partners. To be called once, if the work has changed something;
 * before it, if the account itself goes.
 */
export type AccountWork<T> = (tx: Db, tell: () => Promise<void>) => Promise<T>

/**
 * Changes an account, writes it into its history and tells partners, in one transaction: all of it is so, or nothing.
 * Nobody else changes the account meanwhile. What partners are told is signed and sealed before anything is locked.
 * Undefined, and the work was not begun, if the account is gone.
 */
export async function changeAccount<T>(
  deps: Pick<WebDeps, 'db' | 'accounts' | 'securityEvents'>,
  { accountId, event, request, happenings }: AccountChange,
  work: AccountWork<T>,
): Promise<T | undefined> {
  const announcement = await deps.securityEvents.announce(
    accountId,
    happenings,
    request?.traceparent,
  )
  return inTransaction(deps.db, async (tx) => {
    if (!(await deps.accounts.hold(tx, accountId))) return undefined
    return work(tx, async () => {
      if (event) await recordEvent({ db: tx }, { accountId, event }, request)
      await announcement.write(tx)
    })
  })
}
