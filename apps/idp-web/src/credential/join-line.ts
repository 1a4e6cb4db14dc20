import { newJobId } from '@anteroom/job-channel'
import { jobs, packJob } from '@anteroom/job-contracts'
import type { WebDeps } from '../deps.ts'
import type { Joined } from '../line/line.ts'
import { countedAs, foundAgainBy } from '../proofing/counted-as.ts'
import type { Session } from '../session/session.ts'
import { holderOf } from './holder.ts'

/** Whom a credential is for, and which one it is. */
export interface Wanted {
  readonly credentialId: string
  readonly firstName: string
  readonly lastName: string
  readonly dateOfBirth: string
  /** Keyed hashes of the Social Security number. */
  readonly subject: readonly string[]
}

/** A new credential for whoever was verified. Undefined if the details are not in the session any more. */
export async function wantedOf(deps: WebDeps, session: Session): Promise<Wanted | undefined> {
  const details = await deps.personData.openDetails(session)
  if (!details) return undefined
  const { firstName, lastName, dateOfBirth, ssn } = details
  const subject = deps.fingerprints.ssn(ssn)
  return { credentialId: newJobId(), firstName, lastName, dateOfBirth, subject }
}

/**
 * Asks for a place. What the credential will say is sealed here, for the worker alone: from then on we cannot read it
 * in the line.
 */
export async function joinLine(
  deps: WebDeps,
  session: Session,
  { wanted, traceparent }: { readonly wanted: Wanted; readonly traceparent: string },
): Promise<Joined> {
  const { subject, ...payload } = wanted
  const packed = await packJob(jobs.credentialIssuance, payload, {
    id: newJobId(),
    traceparent,
    seal: deps.sealPayload,
  })
  const person = foundAgainBy(deps.fingerprints, session)
  const counted = countedAs(deps.fingerprints, session)
  const limits = deps.limits.credential({ person: counted, ssn: subject })
  return deps.line.join({ person, subject, holder: holderOf(session), packed, limits })
}
