import type { WebDeps } from '../deps.ts'
import { forgetHandedDetails } from './handed-details.ts'
import { createShortLived } from './short-lived.ts'

type Forgetting = Pick<WebDeps, 'redis' | 'now' | 'openid' | 'accountSessions'>

/** Kinds of things of the provider's that come of a grant. */
const ofGrants = ['AuthorizationCode', 'AccessToken'] as const

/**
 * Takes from Redis what partners have of an account that is about to be deleted. Call it while its sessions and grants are
 * still listed; the grants go with the account.
 */
export async function forgetAtPartners(
  { redis, now, openid, accountSessions }: Forgetting,
  accountId: string,
): Promise<void> {
  if (!openid) return
  const [grants, sessions] = await Promise.all([
    openid.grants.list(accountId),
    accountSessions.list(accountId),
  ])
  const kept = ofGrants.map((kind) => createShortLived(redis, kind, now))
  const providerSessions = createShortLived(redis, 'Session', now)
  await Promise.all([
    ...grants.flatMap(({ id }) => kept.map((of) => of.revokeByGrantId(id))),
    ...sessions.flatMap(({ slot }) => [
      providerSessions.destroy(slot),
      forgetHandedDetails(redis, slot),
    ]),
  ])
}
