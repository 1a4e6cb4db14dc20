import type { Account } from '../account/accounts.ts'
import type { Session } from '../session/session.ts'
import type { Asked } from './asked.ts'
import { identityLevelOf } from './assurance.ts'
import { needsProofing } from './attributes.ts'
import { hasDetails } from './handed-details.ts'

/**
 * Whether the person must be proofed before the partner is answered. That they were, and how well, is kept with the account; who they
 * are only if they want it, so otherwise they show it again in the session in which a partner asks.
 */
export function lacksProofing(
  { ial, attributes }: Asked,
  account: Account | undefined,
  session: Session | undefined,
): boolean {
  if (ial === 1) return false
  if (identityLevelOf(account?.proofing) < ial || !account || !session) return true
  const wantsDetails = attributes.some((one) => needsProofing(one) && one !== 'proofing')
  return wantsDetails && !hasDetails(account, session)
}
