import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import type { Standing } from '../line/standing.ts'
import { rejectFields } from '../plugins/forms.ts'
import { setOwnerCookie } from '../plugins/session.ts'
import { sessionAt, withoutSession } from '../proofing/steps.ts'
import type { HeldTicket, Session } from '../session/session.ts'
import { joinLine } from './join-line.ts'
import { findCredential } from './kept-credential.ts'
import { notFoundForAll, ownerOf } from './own-ticket.ts'
import { type Refusal, refusedPage } from './pages/refused.ts'
import { credentialStartPage } from './pages/start.ts'
import { isLive } from './place-to-return-to.ts'
import { spendVerification } from './spend-verification.ts'

/** From being verified to a place in the line. */
export function joinRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/credential/start', async (request, reply) => {
    const isOwner = ownerOf(deps, request) !== undefined
    if ((await placeNow(deps, request)) && isOwner) return reply.redirect('/credential/line', 303)
    if (!sessionAt('credential', deps.config, { request, reply })) return reply
    const overview = await deps.line.overview()
    if (overview.open) return reply.page((view) => credentialStartPage(view, overview))
    return refuse(deps, reply, { state: 'closed' })
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
    const joined = await joinLine(deps, session, request.traceparent)
    if (!joined) return reply.redirect('/verify/details', 303)
    if (joined.state !== 'in-line') return refuse(deps, reply, joined)

    const { id, number } = joined.ticket
    if (!(await holdTicket(deps, session, { id, number }))) {
      return reply.redirect(withoutSession(request), 303)
    }
    setOwnerCookie(deps, reply, { ...session, ticket: { id, number } })
    return reply.redirect('/credential/line', 303)
  })
}

/** What the session's place has come to, if joining would make no sense: it stands in line, or the credential is there. */
async function placeNow(
  deps: WebDeps,
  request: FastifyRequest,
): Promise<Standing['state'] | undefined> {
  const { session } = request
  const { ticket } = session ?? {}
  if (!session || !ticket) return undefined
  const { state } = await deps.line.look(ticket)
  if (isLive(state)) return state
  if (state !== 'issued') return undefined
  request.session = await spendVerification(deps, { session, ticket })
  return (await findCredential(deps, ticket.id)) ? state : undefined
}

/** False if the session has ended meanwhile: then nobody is left to come back to the place. */
async function holdTicket(deps: WebDeps, session: Session, ticket: HeldTicket): Promise<boolean> {
  const { ticket: held } = session
  const same = held?.id === ticket.id
  if (same || (await deps.sessions.patch(session, { ticket }))) return true
  await deps.line.end(ticket)
  return false
}

async function refuse(deps: WebDeps, reply: FastifyReply, refusal: Refusal): Promise<FastifyReply> {
  const { message } = refusal.state === 'closed' ? await deps.line.overview() : {}
  const retryAt = whenAgain(refusal)
  if (retryAt !== undefined) {
    reply.header('retry-after', Math.max(1, Math.ceil((retryAt - deps.now()) / 1000)))
  }
  return reply.code(statuses[refusal.state]).page((view) => refusedPage(view, { refusal, message }))
}

const statuses = {
  full: 503,
  closed: 503,
  limited: 429,
  'busy-elsewhere': 409,
} as const satisfies Record<Refusal['state'], number>

/** Milliseconds since the epoch. */
function whenAgain(refusal: Refusal): number | undefined {
  if (refusal.state === 'full') return refusal.returnAt
  return refusal.state === 'limited' ? refusal.retryAt : undefined
}
