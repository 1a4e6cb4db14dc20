import { newJobId } from '@anteroom/job-channel'
import { jobs, packJob } from '@anteroom/job-contracts'
import type { WebDeps } from '../deps.ts'
import type { Joined } from '../line/line.ts'
import type { Session } from '../session/session.ts'
import { holderOf } from './holder.ts'

/**
 * Asks for a place. What the credential will say is sealed here, for the worker alone: from then on we cannot read it
 * in the line. Undefined if the details are not in the session any more.
 */
export async function joinLine(
  deps: WebDeps,
  session: Session,
  traceparent: string,
): Promise<Joined | undefined> {
  const details = await deps.personData.openDetails(session)
  if (!details) return undefined
  const { firstName, lastName, dateOfBirth, ssn } = details
  const packed = await packJob(
    jobs.credentialIssuance,
    { credentialId: newJobId(), firstName, lastName, dateOfBirth },
    { id: newJobId(), traceparent, seal: deps.sealPayload },
  )
  const person = deps.fingerprints.person(session.device)
  const subject = deps.fingerprints.ssn(ssn)
  const limits = deps.limits.credential({ person, ssn: subject })
  return deps.line.join({ person, subject, holder: holderOf(session), packed, limits })
}
