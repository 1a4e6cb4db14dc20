import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import type { Session } from '../session/session.ts'
import { resultPage } from './pages/result.ts'
import { sessionAt } from './steps.ts'
import { submit } from './submit.ts'

/** Handing a check in, and what the person is told at the end. */
export function resultRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.post('/verify/check', async (request, reply) => {
    const session = sessionAt('check', request, reply)
    if (!session) return reply
    rejectFields(request)
    return submit(deps, { request, reply, session, check: 'resolution-proofing' })
  })

  // The answers stand in the session: nothing is typed twice.
  app.post('/verify/retry', async (request, reply) => {
    const session = sessionAt('result', request, reply)
    if (!session?.answer) return reply
    rejectFields(request)
    return submit(deps, { request, reply, session, check: session.answer.check })
  })

  app.get('/verify/result', async (request, reply) => {
    const session = sessionAt('result', request, reply)
    if (!session?.answer) return reply
    const { answer } = session
    const triesLeft = await triesLeftOf(deps, session)
    return reply.page((view) => resultPage(view, { answer, triesLeft }))
  })
}

/** How often the person may still ask for the check they have just had an answer to. */
function triesLeftOf(
  { attempts, limits, fingerprints }: WebDeps,
  { answer, device }: Session,
): Promise<number> {
  const check = answer?.check ?? 'resolution-proofing'
  return attempts.usesLeft(limits.person(check, fingerprints.person(device)))
}
