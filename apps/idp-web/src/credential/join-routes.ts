import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import { sessionAt } from '../proofing/steps.ts'
import { enterLine, offerLine, placeNow } from './enter-line.ts'
import { wantedOf } from './join-line.ts'
import { notFoundForAll, ownerOf } from './own-ticket.ts'

/** From being verified to a place in the line. */
export function joinRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/credential/start', async (request, reply) => {
    const isOwner = ownerOf(deps, request) !== undefined
    if ((await placeNow(deps, request)) && isOwner) return reply.redirect('/credential/line', 303)
    if (!sessionAt('credential', deps.config, { request, reply })) return reply
    return offerLine(deps, reply)
  })

  app.post('/credential/request', async (request, reply) => {
    rejectFields(request)
    const owner = ownerOf(deps, request)
    const place = await placeNow(deps, request)
    if (owner && place) return reply.redirect('/credential/line', 303)
    // A credential that is there is not given to whoever has but half of what shows that it is theirs.
    if (place === 'issued') throw notFoundForAll(request)
    const session = sessionAt('credential', deps.config, { request, reply })
    if (!session) return reply
    const wanted = await wantedOf(deps, session)
    if (!wanted) return reply.redirect('/verify/details', 303)
    return enterLine(deps, { request, reply, session, wanted })
  })
}
