import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import type { Html } from '../html.ts'
import type { View } from '../layout.ts'
import type { Standing } from '../line/standing.ts'
import { rejectFields } from '../plugins/forms.ts'
import { resumeInLine } from '../plugins/session.ts'
import { withoutSession } from '../proofing/steps.ts'
import { findCredential } from './kept-credential.ts'
import { notFoundForAll, type Owner, ownerOf } from './own-ticket.ts'
import { type InLine, linePage } from './pages/line.ts'
import { expiredPage, failedPage, gonePage, leftPage } from './pages/out-of-line.ts'
import { spendVerification } from './spend-verification.ts'

/** The page of the line, and what a person can do on it. */
export function lineRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get<{ Querystring: { refresh?: unknown } }>('/credential/line', async (request, reply) => {
    const owner = await ownerOrResumed(deps, request, reply)
    if (!owner) {
      if (request.session?.ticket) throw notFoundForAll(request)
      return reply.redirect(request.session ? '/credential/start' : withoutSession(request), 303)
    }
    // Whether scripts run is not known yet: until one asks, it is taken to be a page without them.
    const standing = await deps.line.standing(owner.ticket, 'unscripted')
    if (standing.state === 'waiting' || standing.state === 'called') {
      const aheadAtStart = await rememberStart(deps, owner, standing)
      // Without scripts the page refreshes itself, unless the person has turned that off.
      const refreshes = request.query.refresh !== 'off'
      return reply.page((view) => linePage(view, { standing, aheadAtStart, refreshes }))
    }
    if (standing.state !== 'issued') return reply.page((view) => outOfLine(view, standing))
    await spendVerification(deps, owner)
    const isKept = (await findCredential(deps, owner.ticket.id)) !== undefined
    return isKept ? reply.redirect('/credential', 303) : reply.page(expiredPage)
  })

  app.post('/credential/line/leave', async (request, reply) => {
    rejectFields(request)
    const owner = ownerOf(deps, request)
    if (owner) await deps.line.leave(owner.ticket)
    return reply.redirect('/credential/line', 303)
  })

  app.post('/credential/line/return', async (request, reply) => {
    rejectFields(request)
    const owner = ownerOf(deps, request)
    if (owner) await deps.line.comeBack(owner.ticket)
    return reply.redirect('/credential/line', 303)
  })

  // Sent as the page closes; nobody reads the answer.
  app.post('/credential/line/away', { config: { json: true } }, async (request, reply) => {
    rejectFields(request)
    const owner = ownerOf(deps, request)
    if (owner) await deps.line.away(owner.ticket)
    return reply.code(204).send()
  })
}

/** A browser whose session was lost with Redis shows by its device and owner cookies that the place is its own, and is given a new session. */
async function ownerOrResumed(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<Owner | undefined> {
  if (request.session) return ownerOf(deps, request)
  const session = await resumeInLine(deps, request, reply)
  return session?.ticket && { session, ticket: session.ticket }
}

/** Progress is measured against the place at which the person first saw the line. */
async function rememberStart(
  deps: WebDeps,
  { session, ticket }: Owner,
  standing: InLine,
): Promise<number> {
  if (ticket.aheadAtStart !== undefined) return ticket.aheadAtStart
  const aheadAtStart = standing.state === 'waiting' ? standing.ahead : 0
  await deps.sessions.patch(session, { ticket: { ...ticket, aheadAtStart } })
  return aheadAtStart
}

function outOfLine(view: View, standing: Exclude<Standing, InLine | { state: 'issued' }>): Html {
  switch (standing.state) {
    case 'left':
      return leftPage(view, standing)
    case 'gone':
      return gonePage(view, standing)
    case 'failed':
      return failedPage(view, standing)
  }
}
