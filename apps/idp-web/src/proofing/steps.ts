import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Session } from '../session/session.ts'

/** Where a person without a session is sent: to the page that says it ended, or to the beginning. */
export function withoutSession({ hadSession }: FastifyRequest): string {
  return hadSession ? '/session/ended' : '/'
}

/**
 * The page a person belongs on, whatever address they typed: a step is open only once what it builds on stands in
 * their session, put there by us. Undefined if they may stay.
 */
function misplaced(session: Session, step: Step): string | undefined {
  if (step !== 'waiting' && session.attempt) return '/verify/wait'
  // An answer is shown to whoever waited for it; everything that leads to one wants consent first.
  if (step !== 'waiting' && step !== 'result' && session.consentedAt === undefined) {
    return '/verify/consent'
  }
  switch (step) {
    case 'details':
      return undefined
    case 'check':
      return session.details === undefined ? '/verify/details' : undefined
    case 'phone':
      return hasPassed(session) ? undefined : '/verify/check'
    case 'waiting':
      return session.attempt ? undefined : '/verify/result'
    case 'result':
      return session.answer ? undefined : '/verify/details'
  }
}

/** Whether the details as they are now have passed. */
export function hasPassed({ passed, detailsId }: Session): boolean {
  return passed !== undefined && passed.detailsId === detailsId
}

export type Step = 'details' | 'check' | 'phone' | 'waiting' | 'result'

/** The session of someone who belongs here; otherwise they are sent where they do, and this is undefined. */
export function sessionAt(
  step: Step,
  request: FastifyRequest,
  reply: FastifyReply,
): Session | undefined {
  const { session } = request
  const elsewhere = session ? misplaced(session, step) : withoutSession(request)
  if (elsewhere === undefined) return session
  reply.redirect(elsewhere, 303)
  return undefined
}
