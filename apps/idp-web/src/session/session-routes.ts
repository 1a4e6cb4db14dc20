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
    const hadPlace = await endSession(deps, request, reply)
    return reply.redirect(hadPlace ? `/session/ended?place=${gaveUp}` : '/session/ended', 303)
  })

  app.get<{ Querystring: { place?: unknown } }>(
    '/session/ended',
    { config: { sessionOptional: true } },
    (request, reply) => {
      const gaveUpPlace = request.query.place === gaveUp
      return reply.page((view) => sessionEndedPage(view, { gaveUpPlace }))
    },
  )
}

/** Stands in the address: of who has left, nothing is kept. */
const gaveUp = 'given-up'
