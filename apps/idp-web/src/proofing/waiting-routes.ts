import { readOutcome } from '@anteroom/job-channel'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import { HttpError } from '../plugins/http-error.ts'
import { cookieNames } from '../plugins/session-cookies.ts'
import type { OpenAttempt } from '../session/session.ts'
import { streamAnswer } from './answer-stream.ts'
import { concludeCheck } from './conclude-check.ts'
import { waitPage } from './pages/wait.ts'
import { nextPollSeconds } from './polling.ts'
import { sessionAt } from './steps.ts'

/** The waiting page, and the two ways in which it learns that there is an answer. */
export function waitingRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get<{ Querystring: { refresh?: unknown } }>('/verify/wait', async (request, reply) => {
    const session = sessionAt('waiting', deps.config, { request, reply })
    if (!session?.attempt) return reply
    const { attempt } = session
    if (await concludeCheck(deps, { session, attempt, request })) {
      return reply.redirect('/verify/result', 303)
    }
    const { check, enqueuedAt, deadlineAt } = attempt
    const elapsedSeconds = Math.max(0, Math.round((deps.now() - enqueuedAt) / 1000))
    // Without scripts the page refreshes itself, unless the person has turned that off.
    const refreshes = request.query.refresh !== 'off'
    const maximumSeconds = Math.round((deadlineAt - enqueuedAt) / 1000)
    return reply.page((view) =>
      waitPage(view, { check, elapsedSeconds, maximumSeconds, refreshes }),
    )
  })

  app.post('/verify/cancel', async (request, reply) => {
    const session = sessionAt('waiting', deps.config, { request, reply })
    if (!session?.attempt) return reply
    rejectFields(request)
    const { attempt } = session
    const { attemptId, check } = attempt
    // Once a worker has the check it runs to its end, but nobody has to wait for it.
    const begun = !(await deps.attempts.cancel(attempt))
    if (begun) await deps.attempts.close(attemptId)
    const answer = { kind: 'failed', check, reason: 'cancelled', attemptId, begun } as const
    // A worker that has begun deletes the images in the end; before, they are good for another try.
    const patch = { answer, attempt: undefined, ...(begun && { imageKey: undefined }) }
    await deps.sessions.patch(session, patch, { attempt: attempt.jobId })
    return reply.redirect('/verify/result', 303)
  })

  const forScripts = { config: { json: true, quiet: true, rateLimit: false } } as const
  app.get('/verify/status', { ...forScripts, schema: statusSchema }, async (request, reply) => {
    const attempt = await attemptOf(deps, request)
    if (!attempt) return reply.code(404).send({ state: 'ended' })
    const ended = await hasEnded(deps, attempt)
    return {
      state: ended ? 'answered' : 'waiting',
      nextPollSeconds: nextPollSeconds(attempt, deps),
    }
  })

  app.get('/verify/events', forScripts, async (request, reply) => {
    const attempt = await attemptOf(deps, request)
    if (!attempt) return reply.code(404).send({ state: 'ended' })
    // The page polls as well, so a tab too many is not left without an answer.
    if (!deps.outcomes.hasRoom(attempt.jobId)) throw new HttpError(429, 'TOO_MANY_STREAMS')
    // Who was told meanwhile that we cannot be reached is gone.
    if (reply.sent) return reply
    return streamAnswer(deps, attempt, reply)
  })
}

/** Written out by a serializer made for it: every waiting page asks again and again. */
const statusSchema = {
  response: {
    200: {
      type: 'object',
      properties: { state: { type: 'string' }, nextPollSeconds: { type: 'number' } },
    },
    404: { type: 'object', properties: { state: { type: 'string' } } },
  },
} as const

function attemptOf(deps: WebDeps, { cookies }: FastifyRequest): Promise<OpenAttempt | undefined> {
  return deps.sessions.loadAttempt(cookies[cookieNames(deps.config).session] ?? '')
}

/** One GET, nothing opened. After the deadline the page concludes, whatever it finds. */
async function hasEnded(
  { redis, now }: WebDeps,
  { jobId, deadlineAt }: OpenAttempt,
): Promise<boolean> {
  return now() >= deadlineAt || (await readOutcome(redis, jobId)) !== undefined
}
