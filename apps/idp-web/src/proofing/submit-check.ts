import { newJobId, toJobRider } from '@anteroom/job-channel'
import { jobs, type PackedJob, packJob } from '@anteroom/job-contracts'
import type { WebDeps } from '../deps.ts'
import type { NextAttempt, Session } from '../session/session.ts'
import type { Check } from './answer.ts'
import type { Limit } from './limits.ts'
import type { Details } from './person-data.ts'
import { hasPassed } from './steps.ts'

export type Submission = 'under-way' | 'limited' | 'not-ready'

/**
 * Seals what the person told us, reserves an attempt and enqueues the check: all of it in one commit, or none.
 * Two submissions at once end in one attempt. What is refused by a limit stands in the session as the answer.
 */
export async function submitCheck(
  deps: WebDeps,
  session: Session,
  { check, traceparent }: { check: Check; traceparent: string },
): Promise<Submission> {
  const { detailsId } = session
  const details = await deps.personData.openDetails(session)
  const phone = await deps.personData.openPhone(session)
  if (!details || detailsId === undefined) return 'not-ready'
  if (check === 'address-proofing' && !(phone !== undefined && hasPassed(session)))
    return 'not-ready'

  const wanted = { attemptId: newJobId(), jobId: newJobId(), detailsId }
  const ids = await deps.sessions.claimAttempt(session, wanted)
  if (ids === 'under-way') return ids
  if (ids === 'changed') return 'not-ready'

  const wire = await packOrGiveUp(deps, session, { check, details, phone, ids, traceparent })
  const person = deps.fingerprints.person(session.device)
  const submitted = await deps.attempts.submit({
    ...toJobRider(jobOf(check), wire),
    attemptId: ids.attemptId,
    person: person[0] ?? '',
    limits: limitsOf(deps, { check, person, details }),
  })
  if (!submitted.accepted) {
    const answer = { kind: 'limited', check, retryAt: submitted.retryAt } as const
    await deps.sessions.patch(session, { nextAttempt: undefined, answer })
    return 'limited'
  }
  const { enqueuedAt, deadlineAt } = submitted
  await deps.sessions.patch(session, {
    attempt: { ...ids, check, enqueuedAt, deadlineAt },
    nextAttempt: undefined,
    answer: undefined,
  })
  return 'under-way'
}

/** What could not be sealed was not submitted: its ids are free again, and the details may be changed. */
async function packOrGiveUp(
  deps: WebDeps,
  session: Session,
  application: Application,
): Promise<PackedJob> {
  try {
    return await pack(deps, application)
  } catch (error) {
    await deps.sessions.patch(session, { nextAttempt: undefined })
    throw error
  }
}

interface Application {
  readonly check: Check
  readonly details: Details
  readonly phone: string | undefined
  readonly ids: NextAttempt
  readonly traceparent: string
}

function pack(deps: WebDeps, application: Application): Promise<PackedJob> {
  const { check, details, phone = '', ids, traceparent } = application
  const packing = { id: ids.jobId, traceparent, seal: deps.sealPayload }
  const payload = { attemptId: ids.attemptId, ...details }
  switch (check) {
    case 'resolution-proofing':
      return packJob(jobs.resolutionProofing, payload, packing)
    case 'address-proofing':
      return packJob(jobs.addressProofing, { ...payload, phone }, packing)
  }
}

export function jobOf(check: Check) {
  switch (check) {
    case 'resolution-proofing':
      return jobs.resolutionProofing
    case 'address-proofing':
      return jobs.addressProofing
  }
}

function limitsOf(
  { limits, fingerprints }: WebDeps,
  { check, person, details }: { check: Check; person: readonly string[]; details: Details },
): Limit[] {
  return [...limits.person(check, person), ...limits.ssn(check, fingerprints.ssn(details.ssn))]
}
