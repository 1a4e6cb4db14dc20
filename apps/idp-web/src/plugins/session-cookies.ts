import type { CookieSerializeOptions } from '@fastify/cookie'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WebConfig } from '../config.ts'
import { ownerProof } from '../credential/owner-proof.ts'
import type { WebDeps } from '../deps.ts'
import type { Session } from '../session/session.ts'
import type { TicketHolder } from '../session/session-store.ts'

/** The cookies of a session: what they are called, what they hold, and who made them. */

const deviceSeconds = 365 * 24 * 60 * 60

interface CookieNames {
  readonly session: string
  readonly device: string
  /** Shows whose a ticket is. */
  readonly owner: string
}

export function cookieNames({ publicUrl }: WebConfig): CookieNames {
  // Browsers accept the prefix, which binds a cookie to this very host, only over https.
  const prefix = publicUrl.startsWith('https:') ? '__Host-' : ''
  return {
    session: `${prefix}anteroom-session`,
    device: `${prefix}anteroom-device`,
    owner: `${prefix}anteroom-credential`,
  }
}

/** Undefined if the device has never been here, or its cookie was not made by us. */
export function deviceOf({ config }: WebDeps, request: FastifyRequest): string | undefined {
  const cookie = request.cookies[cookieNames(config).device]
  if (cookie === undefined) return undefined
  const { valid, value } = request.unsignCookie(cookie)
  return valid && value !== null ? value : undefined
}

export function setSessionCookies(deps: WebDeps, reply: FastifyReply, session: Session): void {
  const { config } = deps
  const { id, device } = session
  const names = cookieNames(config)
  const options = cookieOptions(config)
  reply.setCookie(names.session, id, options)
  reply.setCookie(names.device, device, { ...options, signed: true, maxAge: deviceSeconds })
  if (session.ticket) setOwnerCookie(deps, reply, { ...session, ticket: session.ticket })
}

/** This browser may see what becomes of the ticket. */
export function setOwnerCookie(
  { config }: WebDeps,
  reply: FastifyReply,
  { device, ticket }: TicketHolder,
): void {
  const proof = ownerProof(config, { device, ticketId: ticket.id })
  reply.setCookie(cookieNames(config).owner, proof, cookieOptions(config))
}

/** The device stays known. */
export function clearSessionCookies({ config }: WebDeps, reply: FastifyReply): void {
  const names = cookieNames(config)
  const options = cookieOptions(config)
  reply.clearCookie(names.session, options).clearCookie(names.owner, options)
}

/** Nothing is this browser's any more that was given to a ticket's owner. */
export function clearOwnerCookie({ config }: WebDeps, reply: FastifyReply): void {
  reply.clearCookie(cookieNames(config).owner, cookieOptions(config))
}

function cookieOptions({ publicUrl }: WebConfig): CookieSerializeOptions {
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: publicUrl.startsWith('https:') }
}
