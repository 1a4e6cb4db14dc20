import type { FastifyReply, FastifyRequest } from 'fastify'
import { noteCredential } from '../account/identity/note-credential.ts'
import type { WebDeps } from '../deps.ts'
import type { Standing } from '../line/standing.ts'
import { setOwnerCookie } from '../plugins/session-cookies.ts'
import { pauseSeconds } from '../proofing/paused.ts'
import { withoutSession } from '../proofing/steps.ts'
import type { HeldTicket, Session } from '../session/session.ts'
import { joinLine, type Wanted } from './join-line.ts'
import { findCredential } from './kept-credential.ts'
import { type Refusal, refusedPage } from './pages/refused.ts'
import { credentialStartPage } from './pages/start.ts'
import { isLive } from './place-to-return-to.ts'
import { spendVerification } from './spend-verification.ts'

/** What the session's place has come to, if joining would make no sense: it stands in line, or the credential is there. */
export async function placeNow(
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

/** What the line is and the way in, or that nobody is let in. @param action Where the request goes, if not to the usual place. */
export async function offerLine(
  deps: WebDeps,
  reply: FastifyReply,
  action?: string,
): Promise<FastifyReply> {
  if (!deps.config.jobsEnabled) return refuse(deps, reply, { state: 'off' })
  const overview = await deps.line.overview()
  if (overview.open) return reply.page((view) => credentialStartPage(view, overview, action))
  return refuse(deps, reply, { state: 'closed' })
}

interface Entering {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly session: Session
  readonly wanted: Wanted
}

/** Joins the line and leads there, or says why not. */
export async function enterLine(
  deps: WebDeps,
  { request, reply, session, wanted }: Entering,
): Promise<FastifyReply> {
  if (!deps.config.jobsEnabled) return refuse(deps, reply, { state: 'off' })
  const { traceparent } = request
  const joined = await joinLine(deps, session, { wanted, traceparent })
  if (joined.state !== 'in-line') return refuse(deps, reply, joined)

  const { id, number } = joined.ticket
  const credentialId = await deps.line.credentialOf(joined.ticket)
  const ticket = { id, number, credentialId }
  if (!(await holdTicket(deps, session, ticket))) {
    return reply.redirect(withoutSession(request), 303)
  }
  await noteCredential(deps, session, credentialId)
  setOwnerCookie(deps, reply, { ...session, ticket })
  return reply.redirect('/credential/line', 303)
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
  const retryAt = whenAgain(refusal, deps.now())
  if (retryAt !== undefined) {
    reply.header('retry-after', Math.max(1, Math.ceil((retryAt - deps.now()) / 1000)))
  }
  return reply.code(statuses[refusal.state]).page((view) => refusedPage(view, { refusal, message }))
}

const statuses = {
  full: 503,
  closed: 503,
  off: 503,
  limited: 429,
  'busy-elsewhere': 409,
} as const satisfies Record<Refusal['state'], number>

/** Milliseconds since the epoch. */
function whenAgain(refusal: Refusal, now: number): number | undefined {
  if (refusal.state === 'off') return now + pauseSeconds * 1000
  if (refusal.state === 'full') return refusal.returnAt
  return refusal.state === 'limited' ? refusal.retryAt : undefined
}
