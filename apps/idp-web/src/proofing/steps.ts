import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WebConfig } from '../config.ts'
import type { Session } from '../session/session.ts'

/** Where a person without a session is sent: to the page that says it ended, or to the beginning. */
export function withoutSession({ hadSession }: FastifyRequest): string {
  return hadSession ? '/session/ended' : '/'
}

export type Step =
  | 'document'
  | 'photos'
  | 'read'
  | 'details'
  | 'check'
  | 'phone'
  | 'credential'
  | 'waiting'
  | 'result'

/** What this deployment asks for before details: a document, an account. */
export type StepSettings = Pick<WebConfig, 'documentProofing' | 'accounts'>

/**
 * The page a person belongs on, whatever address they typed: a step is open only once what it builds on stands in
 * their session, put there by us. Undefined if they may stay.
 */
function misplaced(session: Session, step: Step, settings: StepSettings): string | undefined {
  const { documentProofing, accounts } = settings
  if (step === 'waiting') return session.attempt ? undefined : '/verify/result'
  if (session.attempt) return '/verify/wait'
  // An answer is shown to whoever waited for it; everything that leads to one wants consent first.
  if (step === 'result') return session.answer ? undefined : firstStep(settings)
  if (session.consentedAt === undefined) return '/verify/consent'
  if (accounts === 'required' && session.consentedAs === undefined) return '/verify/consent'
  if (documentProofing === 'off') return misplacedWithoutDocument(session, step)
  return misplacedWithDocument(session, step)
}

function misplacedWithDocument(session: Session, step: PageStep): string | undefined {
  switch (step) {
    case 'document':
      return undefined
    case 'photos':
      return session.submission ? undefined : '/verify/document'
    case 'read':
      return hasDocument(session) ? undefined : '/verify/document'
    case 'details':
      if (!hasDocument(session)) return '/verify/document'
      return hasConfirmed(session) ? undefined : '/verify/document/read'
    case 'check':
    case 'phone':
    case 'credential':
      return misplacedWithDocument(session, 'details') ?? misplacedAfterDetails(session, step)
  }
}

function misplacedWithoutDocument(session: Session, step: PageStep): string | undefined {
  switch (step) {
    case 'details':
      return undefined
    case 'check':
    case 'phone':
    case 'credential':
      return misplacedAfterDetails(session, step)
    case 'document':
    case 'photos':
    case 'read':
      return '/verify/details'
  }
}

type PageStep = Exclude<Step, 'waiting' | 'result'>

function misplacedAfterDetails(
  session: Session,
  step: 'check' | 'phone' | 'credential',
): string | undefined {
  if (!hasDetails(session)) return step === 'check' ? '/verify/details' : '/verify/check'
  if (step === 'check') return undefined
  if (!hasPassed(session)) return '/verify/check'
  return step === 'phone' || isVerified(session) ? undefined : '/verify/phone'
}

/** Whether a document was read, in an attempt of this very session and about the document it shows now. */
function hasDocument({ documentPass, submission, readDocument }: Session): boolean {
  return (
    documentPass !== undefined &&
    readDocument !== undefined &&
    documentPass.submissionId === submission?.submissionId
  )
}

/** Whether the person has said that what was read, in that attempt and no other, is right. */
export function hasConfirmed(session: Session): boolean {
  return hasDocument(session) && session.confirmedDocument === session.documentPass?.attemptId
}

/** Whether there are details, taken from the document as it was read, or from none where none is asked for. */
export function hasDetails({ details, detailsDocument, documentPass }: Session): boolean {
  return details !== undefined && detailsDocument === documentPass?.attemptId
}

/** Whether everything has been checked, with the details as they are now. */
export function isVerified(session: Session): boolean {
  return hasPassed(session) && session.passed?.check === 'address-proofing'
}

/** Whether the details as they are now have passed. */
export function hasPassed({ passed, detailsId }: Session): boolean {
  return passed !== undefined && passed.detailsId === detailsId
}

/** The session of someone who belongs here; otherwise they are sent where they do, and this is undefined. */
export function sessionAt(
  step: Step,
  settings: StepSettings,
  { request, reply }: { request: FastifyRequest; reply: FastifyReply },
): Session | undefined {
  const { session } = request
  const elsewhere = session ? misplaced(session, step, settings) : withoutSession(request)
  if (elsewhere === undefined) return session
  reply.redirect(elsewhere, 303)
  return undefined
}

/** Where a person goes on who has agreed. */
export function firstStep({ documentProofing }: Pick<WebConfig, 'documentProofing'>): string {
  return documentProofing === 'off' ? '/verify/details' : '/verify/document'
}
