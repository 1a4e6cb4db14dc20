import type { Db } from '@anteroom/job-channel'
import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { happeningsOf } from '../security-events/happenings-of.ts'
import { passwordLimits } from './account-limits.ts'
import type { Account } from './accounts.ts'
import { changeAccount } from './change-account.ts'

export interface NewPassword {
  readonly account: Account
  readonly typed: string
  readonly event: 'password-changed' | 'recovered'
  readonly request: FastifyRequest
}

/**
 * Puts a new password in the place of the old one, and tells partners. Links that were sent before are worth nothing any more, and wrong
 * guesses at the old password do not count against the new one. End sessions after it, and then tell its owner.
 *
 * @param condition In the same transaction; if it does not hold, nothing is changed and the answer is false.
 */
export async function setPassword(
  deps: WebDeps,
  { account, typed, event, request }: NewPassword,
  condition: (tx: Db) => Promise<boolean> = async () => true,
): Promise<boolean> {
  const { id } = account
  const passwordHash = await deps.passwordHashes.hash(typed)
  const action = event === 'recovered' ? 'password-recovered' : event
  const credential = {
    credential: 'password',
    change: account.hasPassword ? 'update' : 'create',
  } as const
  const happenings = happeningsOf(action, { credential })
  const change = { accountId: id, event, request, happenings }
  const isSet = await changeAccount(deps, change, async (tx, tell) => {
    if (!(await condition(tx))) return false
    await deps.accounts.setPassword(id, passwordHash, tx)
    await deps.emailLinks.dropOf(tx, id)
    await tell()
    return true
  })
  if (!isSet) return false
  const address = await deps.accounts.openAddress(account)
  await deps.guessLimits.clear(passwordLimits(deps, address))
  return true
}
