import { newJobId, toJobRider } from '@anteroom/job-channel'
import type { PackedJob } from '@anteroom/job-contracts'
import { newTraceparent } from '@anteroom/runtime'
import type { WebDeps } from '../deps.ts'
import type { NextAttempt, Session } from '../session/session.ts'
import type { Check } from './answer.ts'
import { foundAgainBy } from './counted-as.ts'
import { jobOf, type PreparedCheck, prepareCheck } from './prepare-check.ts'

export type SubmitState = 'under-way' | 'limited' | 'not-ready'

/**
 * Seals what the person gave us, reserves an attempt and enqueues the check: all of it in one commit, or none.
 * Two submissions at once end in one attempt. What is refused by a limit stands in the session as the answer.
 */
export async function submitCheck(
  deps: WebDeps,
  session: Session,
  { check, traceparent }: { check: Check; traceparent: string },
): Promise<SubmitState> {
  const prepared = await prepareCheck(deps, session, check)
  if (!prepared) return 'not-ready'

  const { subject, subjectId, limits, changes } = prepared
  const lapsesAt = deps.now() + jobOf(check).deadlineSeconds * 1_000
  const taken = { attemptId: newJobId(), jobId: newJobId() }
  const wanted = { ...taken, check, subjectId, lapsesAt, traceparent }
  const ids = await deps.sessions.claimAttempt(session, wanted, subject)
  if (ids === 'under-way') return ids
  if (ids === 'changed') return 'not-ready'

  const wire = await packOrGiveUp(deps, session, { prepared, ids })
  const submitted = await deps.attempts.submit({
    ...toJobRider(jobOf(check), wire),
    attemptId: ids.attemptId,
    person: foundAgainBy(deps.fingerprints, session)[0] ?? '',
    limits,
  })
  if (!submitted.accepted) {
    const answer = { kind: 'limited', check, retryAt: submitted.retryAt } as const
    await deps.sessions.patch(session, { nextAttempt: undefined, answer }, { claimed: ids.jobId })
    return 'limited'
  }
  const { attemptId, jobId } = ids
  const { enqueuedAt, deadlineAt } = submitted
  const times = { enqueuedAt, deadlineAt }
  // Another click may have taken the ids before, and then it is its trace that the job has.
  const attempt = { attemptId, jobId, check, subjectId, ...times, traceparent: ids.traceparent }
  const written = { ...changes, attempt, nextAttempt: undefined, answer: undefined }
  // Another click may have written it already, and its answer may be there by now.
  await deps.sessions.patch(session, written, { claimed: jobId })
  return 'under-way'
}

interface Application {
  readonly prepared: PreparedCheck
  readonly ids: NextAttempt
}

/** What could not be sealed was not submitted: its ids are free again, and what it is about may be changed. */
async function packOrGiveUp(
  deps: WebDeps,
  session: Session,
  { prepared, ids }: Application,
): Promise<PackedJob> {
  try {
    const { traceparent = newTraceparent() } = ids
    const packing = { id: ids.jobId, traceparent, seal: deps.sealPayload }
    return await prepared.pack(ids.attemptId, packing)
  } catch (error) {
    await deps.sessions.patch(session, { nextAttempt: undefined }, { claimed: ids.jobId })
    throw error
  }
}
