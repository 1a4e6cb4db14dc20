import type { Jobs, ResultOf } from '@anteroom/job-contracts'
import type { WebDeps } from '../deps.ts'
import type { Conclusion } from '../proofing/conclude-check.ts'
import type { OpenAttempt, Session } from '../session/session.ts'
import { newSubmission, withoutDocument } from './submission.ts'

const maxFailedImages = 40

interface Concluding {
  readonly attempt: OpenAttempt
  readonly result: ResultOf<Jobs['documentProofing']>
}

/**
 * What a document check changes in the session whose own attempt it was. The only place that writes a document pass. The
 * images are gone by now, so none of them can be handed in again.
 */
export async function concludeDocument(
  deps: WebDeps,
  session: Session,
  { attempt, result }: Concluding,
): Promise<Conclusion> {
  const { attemptId, check, subjectId } = attempt
  const { submission, failedImages = [] } = session
  // The session that showed this document is lost: nobody is left to show it to.
  if (submission?.submissionId !== subjectId) {
    const answer = { kind: 'expired-unread', check, attemptId } as const
    return { answer, patch: { imageKey: undefined } }
  }
  if (result.verdict === 'refused') {
    const failed = [...failedImages, ...result.failedImages]
    const problems = await deps.personData.sealProblems(session, result.problems)
    return {
      answer: { kind: 'refused', check, attemptId, problems },
      patch: {
        ...withoutDocument,
        imageKey: undefined,
        submission: newSubmission(submission.documentType),
        failedImages: [...new Set(failed)].slice(-maxFailedImages),
      },
    }
  }
  const { document, toConfirm, reference } = result
  return {
    answer: { kind: 'read', check, attemptId },
    patch: {
      ...withoutDocument,
      imageKey: undefined,
      submission: { ...submission, uploads: [] },
      readDocument: await deps.personData.sealDocument(session, document),
      documentPass: {
        submissionId: subjectId,
        attemptId,
        toConfirm,
        ...(reference !== undefined && { reference }),
      },
    },
  }
}
