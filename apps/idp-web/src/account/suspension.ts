import type { WebDeps } from '../deps.ts'
import { forgetAtPartners } from '../openid/forget-account.ts'
import { happeningsOf } from '../security-events/happenings-of.ts'
import { changeAccount } from './change-account.ts'

/** Nobody can sign in to it any more, and nobody is. Harmless to repeat: partners are told once. */
export async function suspend(deps: WebDeps, accountId: string): Promise<void> {
  await setSuspended(deps, accountId, true)
  // Also if it was suspended already: whoever did it may have been stopped before this.
  await forgetAtPartners(deps, accountId)
  await deps.accountSessions.endAll(accountId)
}

/** Its owner can sign in again. Harmless to repeat. */
export function reinstate(deps: WebDeps, accountId: string): Promise<void> {
  return setSuspended(deps, accountId, false)
}

async function setSuspended(deps: WebDeps, accountId: string, isSuspended: boolean): Promise<void> {
  const event = isSuspended ? 'suspended' : 'reinstated'
  const change = { accountId, event, happenings: happeningsOf(event) } as const
  await changeAccount(deps, change, async (tx, tell) => {
    if (await deps.accounts.setSuspended(tx, accountId, isSuspended)) await tell()
  })
}
