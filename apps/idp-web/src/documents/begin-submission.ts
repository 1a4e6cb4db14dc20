import type { DocumentType } from '@anteroom/job-contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { HttpError } from '../plugins/http-error.ts'
import { networkOf } from '../plugins/request-limit.ts'
import { limitedPage } from '../proofing/pages/limited.ts'
import { waitingPartner } from '../proofing/waiting-partner.ts'
import type { Session } from '../session/session.ts'
import { newSubmission, withoutDocument } from './submission.ts'
import { countSubmission } from './submission-limit.ts'

interface Beginning {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly session: Session
  readonly documentType: DocumentType
}

/** Another document, or the same one anew: nothing of the one before holds for it. Leads to the page for its photos. */
export async function beginSubmission(
  deps: WebDeps,
  { request, reply, session, documentType }: Beginning,
): Promise<FastifyReply> {
  const retryAt = await countSubmission(deps, { who: session, network: networkOf(request) })
  if (retryAt !== undefined) {
    const partner = await waitingPartner(deps, session)
    const limited = { check: 'document-proofing', retryAt, isOver: false, partner } as const
    return reply.code(429).page((view) => limitedPage(view, limited))
  }
  const submission = newSubmission(documentType)
  const patch = { ...withoutDocument, submission, imageKey: undefined, answer: undefined }
  const isBegun = await deps.sessions.patch(session, patch, 'no-attempt')
  return isBegun
    ? reply.redirect('/verify/document/photos', 303)
    : leadToCheck(deps, reply, session)
}

/** To the check that is under way. While it is only on its way there is nothing to show yet, and nothing may change. */
async function leadToCheck(
  { sessions }: WebDeps,
  reply: FastifyReply,
  { id }: Session,
): Promise<FastifyReply> {
  const current = await sessions.load(id)
  if (current && !current.attempt) throw new HttpError(503, 'CHECK_ON_ITS_WAY')
  return reply.redirect('/verify/wait', 303)
}
