import { forgetOutcome, readOutcome, timeOut } from '@anteroom/job-channel'
import { givesAttemptBack, jobs, type Outcome, reasonFromWorker } from '@anteroom/job-contracts'
import { traceIdOf } from '@anteroom/runtime'
import type { FastifyRequest } from 'fastify'
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
}

/** A session whose check may have ended, and the request that asks. */
export interface Waiting {
  readonly session: Session
  readonly attempt: OpenAttempt
  readonly request: FastifyRequest
}

/**
 * Looks whether the session's check has ended. If so, what the person is told is saved in their session first, and only
 * then is the outcome deleted: an answer is shown once it can no longer be lost. False while they must wait.
 */
export async function concludeCheck(
  deps: WebDeps,
  { session, attempt, request }: Waiting,
): Promise<boolean> {
  const ending = await findEnding(deps, attempt)
  if (!ending) return false

  const { answer, patch } = await toConclusion(deps, { session, attempt, request }, ending)
  // If another request of this person was faster, this one says nothing.
  const changes = { ...patch, answer, attempt: undefined }
  if (!(await deps.sessions.patch(session, changes, { attempt: attempt.jobId }))) return true
  measure(deps, attempt, answer)
  logAnswer(deps, attempt, ending)
  // What says that time is up stays until it expires, so that nothing later can take its place.
  if (ending.state === 'done') await forgetOutcome(deps.redis, attempt.jobId)
  return true
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

/** In the trace of the form that was handed in. What the vendors said of the person is no word for a log. */
function logAnswer(
  { log, now }: WebDeps,
  { check, jobId, enqueuedAt, traceparent }: OpenAttempt,
  ending: Ending,
): void {
  log.info('check.answered', {
    jobId,
    job: check,
    outcome: ending.state === 'failed' ? ending.reason : ending.state,
    durationMs: Math.round(now() - enqueuedAt),
    traceId: traceparent === undefined ? undefined : traceIdOf(traceparent),
  })
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

async function toConclusion(deps: WebDeps, waiting: Waiting, ending: Ending): Promise<Conclusion> {
  const { attemptId, check } = waiting.attempt
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
      return concludeDone(deps, waiting, ending.sealed)
  }
}

async function concludeDone(
  deps: WebDeps,
  { session, attempt, request }: Waiting,
  sealed: string,
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
  // First, so that it is not lost: whoever asks again finds the outcome, and it is written once.
  if (check === 'address-proofing') await bindProofing(deps, { session, references, request })
  return {
    answer: { kind: 'verified', check, attemptId },
    patch: { passed: { check, detailsId: subjectId, references } },
  }
}
