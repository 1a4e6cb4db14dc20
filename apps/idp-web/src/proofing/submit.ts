import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import type { Session } from '../session/session.ts'
import type { Check } from './answer.ts'
import { sendPausedPage } from './paused.ts'
import { submitCheck } from './submit-check.ts'

export interface SubmitRequest {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly session: Session
  readonly check: Check
  /** Where the person goes if what the check builds on is not there. */
  readonly otherwise: string
}

/** Hands a check in and sends the person where that leads. */
export async function submit(
  deps: WebDeps,
  { request, reply, session, check, otherwise }: SubmitRequest,
): Promise<FastifyReply> {
  const paused = sendPausedPage(deps, reply, check)
  if (paused) return paused
  const { traceparent } = request
  const state = await submitCheck(deps, session, { check, traceparent })
  switch (state) {
    case 'under-way':
      return reply.redirect('/verify/wait', 303)
    case 'limited':
      return reply.redirect('/verify/result', 303)
    case 'not-ready':
      return reply.redirect(otherwise, 303)
  }
}
