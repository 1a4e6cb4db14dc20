import { forgetOutcome, readOutcome, timeOut } from '@anteroom/job-channel'
import { type Outcome, reasonFromWorker } from '@anteroom/job-contracts'
import type { WebDeps } from '../deps.ts'
import type { OpenAttempt, Session } from '../session/session.ts'
import type { Answer } from './answer.ts'
import { jobOf } from './submit-check.ts'

/**
 * Looks whether the session's check has ended. If so, what the person is told is saved in their session first, and only
 * then is the outcome deleted: an answer is shown once it can no longer be lost. Undefined while they must wait.
 */
export async function concludeCheck(
  deps: WebDeps,
  session: Session,
  attempt: OpenAttempt,
): Promise<Answer | undefined> {
  const ending = await findEnding(deps, attempt)
  if (!ending) return undefined

  const answer =
    ending.state === 'expired-unread'
      ? expiredUnread(attempt)
      : await toAnswer(deps, attempt, ending)
  const { detailsId } = attempt
  const passed = answer.kind === 'verified' ? { passed: { check: answer.check, detailsId } } : {}
  // If another request of this person was faster, this one says nothing.
  const patch = { answer, attempt: undefined, ...passed }
  if (!(await deps.sessions.patch(session, patch, { attempt: attempt.jobId }))) return answer
  measure(deps, attempt, answer)
  // What says that time is up stays until it expires, so that nothing later can take its place.
  if (ending.state === 'done') await forgetOutcome(deps.redis, attempt.jobId)
  return answer
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

async function toAnswer(
  deps: WebDeps,
  { attemptId, check, jobId }: OpenAttempt,
  outcome: Outcome,
): Promise<Answer> {
  if (outcome.state === 'failed')
    return { kind: 'failed', check, reason: outcome.reason, attemptId }
  const job = jobOf(check)
  const text = await deps.openResult({ name: job.name, id: jobId }, outcome.sealed)
  const { verified } = job.result.parse(JSON.parse(text))
  return { kind: verified ? 'verified' : 'not-verified', check, attemptId }
}

function expiredUnread({ attemptId, check }: OpenAttempt): Answer {
  return { kind: 'expired-unread', check, attemptId }
}
