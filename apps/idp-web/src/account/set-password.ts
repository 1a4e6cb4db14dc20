import { type Db, inTransaction } from '@anteroom/job-channel'
import type { WebDeps } from '../deps.ts'
import { passwordLimits } from './account-limits.ts'
import type { Account } from './accounts.ts'

/**
 * Puts a new password in the place of the old one. Links that were sent before are worth nothing any more, and wrong
 * guesses at the old password do not count against the new one. End sessions after it, and then tell its owner.
 *
 * @param condition In the same transaction; if it does not hold, nothing is changed and the answer is false.
 */
export async function setPassword(
  deps: WebDeps,
  { account, typed }: { readonly account: Account; readonly typed: string },
  condition: (tx: Db) => Promise<boolean> = async () => true,
): Promise<boolean> {
  const { id } = account
  const passwordHash = await deps.passwordHashes.hash(typed)
  const isSet = await inTransaction(deps.db, async (tx) => {
    if (!(await condition(tx))) return false
    await deps.accounts.setPassword(id, passwordHash, tx)
    await deps.emailLinks.dropOf(tx, id)
    return true
  })
  if (!isSet) return false
  const address = await deps.accounts.openAddress(account)
  await deps.guessLimits.clear(passwordLimits(deps, address))
  return true
}
