import { forgetOutcome, readOutcome, timeOut } from '@anteroom/job-channel'
import { givesAttemptBack, jobs, type Outcome, reasonFromWorker } from '@anteroom/job-contracts'
import { bindProofing } from '../account/identity/bind-proofing.ts'
import type { WebDeps } from '../deps.ts'
import { concludeDocument } from '../documents/conclude-document.ts'
import type { OpenAttempt, Session, SessionPatch } from '../session/session.ts'
import type { Answer } from './answer.ts'
import { passedReferences } from './passed-references.ts'
import { jobOf } from './prepare-check.ts'

/** What the person is told, and what else changes in their session with it. */
export interface Conclusion {
  readonly answer: Answer
  readonly patch: SessionPatch
  /** The account in which it now stands that its owner was proofed. */
  readonly proofedAccount?: string | undefined
}

/** What the person is told, and the account in which it now stands, if by this very request, that they were proofed. */
export interface Concluded {
  readonly answer: Answer
  readonly proofedAccount?: string | undefined
}

/**
 * Looks whether the session's check has ended. If so, what the person is told is saved in their session first, and only
 * then is the outcome deleted: an answer is shown once it can no longer be lost. Undefined while they must wait.
 */
export async function concludeCheck(
  deps: WebDeps,
  session: Session,
  attempt: OpenAttempt,
): Promise<Concluded | undefined> {
  const ending = await findEnding(deps, attempt)
  if (!ending) return undefined

  const { answer, patch, proofedAccount } = await toConclusion(deps, session, { attempt, ending })
  // If another request of this person was faster, this one says nothing.
  const changes = { ...patch, answer, attempt: undefined }
  if (!(await deps.sessions.patch(session, changes, { attempt: attempt.jobId }))) return { answer }
  measure(deps, attempt, answer)
  // What says that time is up stays until it expires, so that nothing later can take its place.
  if (ending.state === 'done') await forgetOutcome(deps.redis, attempt.jobId)
  return { answer, proofedAccount }
}

function measure(
  { metrics, now }: WebDeps,
  { check, enqueuedAt }: OpenAttempt,
  answer: Answer,
): void {
  const outcome = answer.kind === 'failed' ? answer.reason : answer.kind
  metrics.increment('proofing_result_total', { check, outcome })
  metrics.observe('proofing_wait_seconds', { check }, (now() - enqueuedAt) / 1000)
}

type Ending = Outcome | { readonly state: 'expired-unread' }

/** Only the outcome for this session's own job id is ever asked for. */
async function findEnding(deps: WebDeps, attempt: OpenAttempt): Promise<Ending | undefined> {
  const outcome = await readOutcome(deps.redis, attempt.jobId)
  if (outcome || deps.now() < attempt.deadlineAt) return outcome
  return endingAfterDeadline(deps, attempt)
}

/** Time is up and nothing is there: either it was there and nobody came in time, or there will be nothing. */
async function endingAfterDeadline(
  deps: WebDeps,
  { attemptId, jobId, check }: OpenAttempt,
): Promise<Ending | undefined> {
  const recorded = await deps.attempts.state(attemptId)
  if (recorded?.state === 'done') return { state: 'expired-unread' }
  if (recorded?.state === 'failed') {
    return { state: 'failed', reason: reasonFromWorker.parse(recorded.reason) }
  }
  return timeOut(deps.redis, jobId, jobOf(check).outcomeSeconds)
}

interface Ended {
  readonly attempt: OpenAttempt
  readonly ending: Ending
}

async function toConclusion(
  deps: WebDeps,
  session: Session,
  { attempt, ending }: Ended,
): Promise<Conclusion> {
  const { attemptId, check } = attempt
  switch (ending.state) {
    case 'expired-unread':
      return {
        answer: { kind: 'expired-unread', check, attemptId },
        patch: { imageKey: undefined },
      }
    case 'failed': {
      const { reason } = ending
      // The images are kept for another try, unless they were looked at and not taken.
      const patch = givesAttemptBack(reason) ? {} : { imageKey: undefined }
      return { answer: { kind: 'failed', check, reason, attemptId }, patch }
    }
    case 'done':
      return concludeDone(deps, session, { attempt, sealed: ending.sealed })
  }
}

async function concludeDone(
  deps: WebDeps,
  session: Session,
  { attempt, sealed }: { attempt: OpenAttempt; sealed: string },
): Promise<Conclusion> {
  const { attemptId, check, jobId, subjectId } = attempt
  const text = await deps.openResult({ name: jobOf(check).name, id: jobId }, sealed)
  const json: unknown = JSON.parse(text)
  if (check === 'document-proofing') {
    const result = jobs.documentProofing.result.parse(json)
    return concludeDocument(deps, session, { attempt, result })
  }
  const job = check === 'resolution-proofing' ? jobs.resolutionProofing : jobs.addressProofing
  const result = job.result.parse(json)
  if (!result.verified) return { answer: { kind: 'not-verified', check, attemptId }, patch: {} }
  const references = passedReferences(session, { detailsId: subjectId, found: result.references })
  return {
    answer: { kind: 'verified', check, attemptId },
    patch: { passed: { check, detailsId: subjectId, references } },
    // First, so that it is not lost: whoever asks again finds the outcome, and it is written once.
    ...(check === 'address-proofing' && {
      proofedAccount: await bindProofing(deps, { session, references }),
    }),
  }
}
