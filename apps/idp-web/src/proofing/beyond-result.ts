import { mayKeepProfile } from '../account/identity/keep-choice.ts'
import { openProfile } from '../account/identity/profile.ts'
import type { WebDeps } from '../deps.ts'
import { interactionPath } from '../openid/routes.ts'
import type { Session } from '../session/session.ts'
import type { Beyond } from './pages/verified.ts'

/** What else there is for somebody who was verified: their account, and the partner that sent them. */
export async function beyondResult(deps: WebDeps, session: Session): Promise<Beyond> {
  return { ...(await accountPart(deps, session)), ...(await partnerPart(deps, session)) }
}

/** Undefined once the partner's request has lapsed. */
async function partnerPart(
  { openid }: WebDeps,
  { interaction }: Session,
): Promise<Pick<Beyond, 'partner'>> {
  if (interaction === undefined) return {}
  const partner = await openid?.partnerOf(interaction)
  if (!partner) return {}
  return { partner: { name: partner.name, href: interactionPath(interaction) } }
}

async function accountPart(deps: WebDeps, session: Session): Promise<Pick<Beyond, 'account'>> {
  const { signIn, consentedAs } = session
  if (!signIn || consentedAs !== signIn.accountId) return {}
  const account = await deps.accounts.read(signIn.accountId)
  if (!account) return {}
  const kept = await openProfile(deps, account)
  // What was kept in an earlier verification may be replaced by what was found out now.
  const isCurrent = kept?.verification === session.detailsId
  if (!isCurrent && mayKeepProfile(deps.config, session)) return { account: { profile: 'offered' } }
  return { account: { profile: kept ? 'kept' : 'none' } }
}
