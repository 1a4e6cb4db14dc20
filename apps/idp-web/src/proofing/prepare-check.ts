import { jobs, type PackedJob, type Packing, packJob } from '@anteroom/job-contracts'
import type { WebDeps } from '../deps.ts'
import { withoutDocument } from '../documents/submission.ts'
import type { Session, SessionPatch } from '../session/session.ts'
import type { Subject } from '../session/session-store.ts'
import type { Check } from './answer.ts'
import { countedAs } from './counted-as.ts'
import type { Limit } from './limits.ts'
import type { Details } from './person-data.ts'
import { hasConfirmed, hasDetails, hasPassed } from './steps.ts'

/** A check that could be handed in as the session stands. */
export interface PreparedCheck {
  readonly subject: Subject
  readonly subjectId: string
  readonly limits: readonly Limit[]
  /** Written together with the attempt. */
  readonly changes: SessionPatch
  pack(attemptId: string, packing: Packing): Promise<PackedJob>
}

/** Undefined if what the check builds on is not there. */
export function prepareCheck(
  deps: WebDeps,
  session: Session,
  check: Check,
): Promise<PreparedCheck | undefined> {
  switch (check) {
    case 'document-proofing':
      return prepareDocument(deps, session)
    case 'resolution-proofing':
      return prepareDetails(deps, session)
    case 'address-proofing':
      return preparePhone(deps, session)
  }
}

export function jobOf(check: Check) {
  switch (check) {
    case 'document-proofing':
      return jobs.documentProofing
    case 'resolution-proofing':
      return jobs.resolutionProofing
    case 'address-proofing':
      return jobs.addressProofing
  }
}

async function prepareDocument(
  deps: WebDeps,
  session: Session,
): Promise<PreparedCheck | undefined> {
  const { submission, failedImages = [] } = session
  const sealed = await deps.personData.openImages(session)
  if (!submission || !sealed) return undefined
  const { submissionId, documentType } = submission
  const { key: imageKey, images } = sealed
  const document = { submissionId, documentType, imageKey, images, failedImages }
  return {
    subject: 'submission',
    subjectId: submissionId,
    limits: deps.limits.person('document-proofing', countedAs(deps.fingerprints, session)),
    changes: withoutDocument,
    pack: (attemptId, packing) =>
      packJob(jobs.documentProofing, { attemptId, ...document }, packing),
  }
}

async function prepareDetails(deps: WebDeps, session: Session): Promise<PreparedCheck | undefined> {
  const details = await usableDetails(deps, session)
  if (!details) return undefined
  return {
    ...aboutDetails(deps, session, { check: 'resolution-proofing', details }),
    pack: (attemptId, packing) =>
      packJob(jobs.resolutionProofing, { attemptId, ...details }, packing),
  }
}

async function preparePhone(deps: WebDeps, session: Session): Promise<PreparedCheck | undefined> {
  const details = await usableDetails(deps, session)
  const phone = await deps.personData.openPhone(session)
  if (!details || phone === undefined || !hasPassed(session)) return undefined
  return {
    ...aboutDetails(deps, session, { check: 'address-proofing', details }),
    pack: (attemptId, packing) =>
      packJob(jobs.addressProofing, { attemptId, ...details, phone }, packing),
  }
}

/** Details of a document, where one is asked for, that was read for this very session and that the person stands by. */
async function usableDetails(deps: WebDeps, session: Session): Promise<Details | undefined> {
  const { documentProofing } = deps.config
  if (documentProofing === 'required' && !hasConfirmed(session)) return undefined
  return hasDetails(session) ? deps.personData.openDetails(session) : undefined
}

function aboutDetails(
  { limits, fingerprints }: WebDeps,
  session: Session,
  { check, details }: { check: Check; details: Details },
) {
  const { detailsId = '' } = session
  return {
    subject: 'details' as const,
    subjectId: detailsId,
    limits: [
      ...limits.person(check, countedAs(fingerprints, session)),
      ...limits.ssn(check, fingerprints.ssn(details.ssn)),
    ],
    changes: {},
  }
}
