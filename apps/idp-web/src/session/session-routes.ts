import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { sessionEndedPage } from '../pages/session-ended.ts'
import { rejectFields } from '../plugins/forms.ts'
import { endSession } from '../plugins/session.ts'

/** Staying, leaving, and having left. */
export function sessionRoutes(app: FastifyInstance, deps: WebDeps): void {
  // Loading the session has renewed it already.
  app.post('/session/extend', { config: { json: true } }, async (request, reply) => {
    if (!request.session) return reply.code(404).send({ state: 'ended' })
    rejectFields(request)
    return { idleSeconds: deps.config.sessionIdleSeconds }
  })

  app.post('/session/end', async (request, reply) => {
    rejectFields(request)
    await endSession(deps, request, reply)
    return reply.redirect('/session/ended', 303)
  })

  app.get('/session/ended', { config: { sessionOptional: true } }, (_request, reply) =>
    reply.page(sessionEndedPage),
  )
}
