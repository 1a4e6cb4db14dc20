import { givesAttemptBack } from '@anteroom/job-contracts'
import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import type { Session } from '../session/session.ts'
import type { Answer } from './answer.ts'
import type { UsesLeft } from './attempts.ts'
import { beyondResult } from './beyond-result.ts'
import { countedAs } from './counted-as.ts'
import { type OpenedAnswer, resultPage } from './pages/result.ts'
import { sessionAt } from './steps.ts'
import { submit } from './submit.ts'

/** Handing a check in, and what the person is told at the end. */
export function resultRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.post('/verify/check', async (request, reply) => {
    const session = sessionAt('check', deps.config, { request, reply })
    if (!session) return reply
    rejectFields(request)
    const check = 'resolution-proofing' as const
    return submit(deps, { request, reply, session, check, otherwise: '/verify/check' })
  })

  // The answers stand in the session, and the photos where they were sent: nothing is done twice.
  app.post('/verify/retry', async (request, reply) => {
    const session = sessionAt('result', deps.config, { request, reply })
    if (!session?.answer) return reply
    rejectFields(request)
    const { check } = session.answer
    // The page of the answer says what has become of the photos.
    const otherwise = check === 'document-proofing' ? '/verify/result' : '/verify/check'
    return submit(deps, { request, reply, session, check, otherwise })
  })

  app.get('/verify/result', async (request, reply) => {
    const session = sessionAt('result', deps.config, { request, reply })
    if (!session?.answer) return reply
    const { answer } = session
    // The page that shows it closes the attempt.
    if (answer.kind === 'read') return reply.redirect('/verify/document/read', 303)
    const tries = await triesLeftOf(deps, session, answer)
    // Not before: an answer that was lost on the way to this page must find its attempt open.
    if (answer.kind !== 'limited') await deps.attempts.close(answer.attemptId)
    const canRepeat = answer.check !== 'document-proofing' || session.imageKey !== undefined
    const shown = await openAnswer(deps, session, answer)
    const beyond = await beyondResult(deps, session)
    return reply.page((view) =>
      resultPage(view, { answer: shown, tries, canRepeat, now: deps.now(), beyond }),
    )
  })
}

async function openAnswer(
  { personData }: WebDeps,
  session: Session,
  answer: Exclude<Answer, { kind: 'read' }>,
): Promise<OpenedAnswer> {
  if (answer.kind !== 'refused') return answer
  const { documentType = 'drivers-license' } = session.submission ?? {}
  const problems = (await personData.openProblems(session)) ?? []
  return { kind: 'refused', documentType, problems }
}

/** How often the person may still ask for the check they have just had an answer to. */
function triesLeftOf(
  { attempts, limits, fingerprints }: WebDeps,
  session: Session,
  answer: Answer,
): Promise<UsesLeft> {
  const ofPerson = limits.person(answer.check, countedAs(fingerprints, session))
  // The report that gives an attempt back may still be on its way; the page must not say otherwise meanwhile.
  const isGivenBack = answer.kind === 'failed' && !answer.begun && givesAttemptBack(answer.reason)
  return isGivenBack ? attempts.usesLeft(ofPerson, answer.attemptId) : attempts.usesLeft(ofPerson)
}
