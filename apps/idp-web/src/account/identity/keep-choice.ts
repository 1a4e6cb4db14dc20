import type { WebConfig } from '../../config.ts'
import type { WebDeps } from '../../deps.ts'
import { isVerified } from '../../proofing/steps.ts'
import type { Session } from '../../session/session.ts'
import type { Profile } from './profile.ts'

/** Whether somebody may choose to have kept what was verified in this session: the setting allows it, and it is theirs. */
export function mayKeepProfile({ profileKeeping }: WebConfig, session: Session): boolean {
  return (
    profileKeeping === 'by-choice' &&
    session.signIn !== undefined &&
    session.consentedAs === session.signIn.accountId &&
    isVerified(session)
  )
}

/** What would be kept: as it was verified, without the Social Security number and the card's. */
export async function profileOf(deps: WebDeps, session: Session): Promise<Profile | undefined> {
  const details = await deps.personData.openDetails(session)
  if (!details) return undefined
  const { ssn, stateIdNumber: _card, stateIdJurisdiction: _issuer, ...kept } = details
  const { detailsId: verification, ticket } = session
  return {
    ...kept,
    phone: await deps.personData.openPhone(session),
    verification,
    ssnHashes: [...deps.fingerprints.ssn(ssn)],
    // One that was issued was for an earlier verification.
    ...(ticket && !ticket.isSpent && { credentialId: ticket.credentialId }),
  }
}
