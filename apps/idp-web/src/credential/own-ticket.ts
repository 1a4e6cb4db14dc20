import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { HttpError } from '../plugins/http-error.ts'
import { cookieNames } from '../plugins/session-cookies.ts'
import type { HeldTicket, Session } from '../session/session.ts'
import type { TicketHolder } from '../session/session-store.ts'
import { isOwnerProof } from './owner-proof.ts'

/** Somebody who holds a ticket, and has shown that it is theirs. */
export interface Owner {
  readonly session: Session
  readonly ticket: HeldTicket
}

/** Undefined for everybody else, whatever it is that they lack. */
export function ownerOf(deps: WebDeps, request: FastifyRequest): Owner | undefined {
  const { session } = request
  if (!session?.ticket || !isOwner(deps, request, { ...session, ticket: session.ticket })) {
    return undefined
  }
  return { session, ticket: session.ticket }
}

/** As {@link ownerOf}, for routes that are asked so often that they load no whole session. */
export async function pollingTicket(
  deps: WebDeps,
  request: FastifyRequest,
): Promise<HeldTicket | undefined> {
  const id = request.cookies[cookieNames(deps.config).session] ?? ''
  const holder = await deps.sessions.loadTicket(id)
  return holder && isOwner(deps, request, holder) ? holder.ticket : undefined
}

/**
 * The same answer for whoever has no session, another one, a cookie with a bit changed, or comes too late: nothing in it
 * says which, so the page is made as for a stranger.
 */
export function notFoundForAll(request: FastifyRequest): HttpError {
  request.session = undefined
  return new HttpError(404, 'CREDENTIAL_NOT_FOUND')
}

function isOwner(
  { config }: WebDeps,
  { cookies }: FastifyRequest,
  { device, ticket }: TicketHolder,
): boolean {
  return isOwnerProof(config, { device, ticketId: ticket.id }, cookies[cookieNames(config).owner])
}
