import { newJobId } from '@anteroom/job-channel'
import type { FastifyInstance, FastifyReply } from 'fastify'
import { z } from 'zod'
import { type Exchange, requireSignIn } from '../account/signed-in.ts'
import type { WebConfig } from '../config.ts'
import { hasPlaceToReturnTo } from '../credential/place-to-return-to.ts'
import type { WebDeps } from '../deps.ts'
import { parseForm } from '../plugins/forms.ts'
import { HttpError } from '../plugins/http-error.ts'
import { ensureSession, rotateSession } from '../plugins/session.ts'
import type { Session } from '../session/session.ts'
import { parseDetails, toDetailsValues } from './details-form.ts'
import { checkPage } from './pages/check.ts'
import { type AccountHere, consentPage } from './pages/consent.ts'
import { detailsPage } from './pages/details.ts'
import { phonePage } from './pages/phone.ts'
import { startPage } from './pages/start.ts'
import { parsePhone } from './phone-form.ts'
import { firstStep, hasDetails, isVerified, sessionAt, withoutSession } from './steps.ts'
import { submit } from './submit.ts'
import { waitingPartner } from './waiting-partner.ts'

/** From the first page to the last question. */
export function formRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/', { config: { sessionOptional: true } }, async (request, reply) => {
    const hasPlace = await hasPlaceToReturnTo(deps, request)
    return reply.page((view) => startPage(view, { hasPlace }))
  })
  consentRoutes(app, deps)
  detailsRoutes(app, deps)
  checkRoute(app, deps)
  phoneRoutes(app, deps)
}

function consentRoutes(app: FastifyInstance, deps: WebDeps): void {
  if (deps.config.accounts !== 'off') {
    app.get('/verify/sign-in', async (request, reply) => {
      const signIn = await requireSignIn(deps, { request, reply })
      return signIn ? reply.redirect('/verify/consent', 303) : reply
    })
  }

  app.get('/verify/consent', async (request, reply) => {
    if (!(await mayBegin(deps, { request, reply }))) return reply
    const isNew = request.session === undefined
    const session = await ensureSession(deps, request, reply)
    // Somebody who lost their session is taken back to where they were.
    if (isNew && session.ticket) return reply.redirect('/credential/line', 303)
    if (session.attempt) return reply.redirect('/verify/wait', 303)
    return showConsent(deps, { request, reply })
  })

  app.post('/verify/consent', async (request, reply) => {
    if (!request.session) return reply.redirect(withoutSession(request), 303)
    if (!(await mayBegin(deps, { request, reply }))) return reply
    if (parseForm(consentForm, request).consent !== 'yes') {
      return showConsent(deps, { request, reply: reply.code(422) }, true)
    }
    await rotateSession(deps, request, reply)
    const consentedAs = request.session.signIn?.accountId
    await deps.sessions.patch(request.session, { consentedAt: deps.now(), consentedAs })
    return reply.redirect(firstStep(deps.config), 303)
  })
}

async function showConsent(
  deps: WebDeps,
  { request, reply }: Exchange,
  error = false,
): Promise<FastifyReply> {
  const { session } = request
  const data = {
    error,
    hasPlace: await hasPlaceToReturnTo(deps, request),
    account: accountHere(deps.config, session),
    mayKeep: deps.config.profileKeeping === 'by-choice',
    partner: await waitingPartner(deps, session),
  }
  return reply.page((view) => consentPage(view, data))
}

/** Where an account is asked for, only somebody who is signed in may begin; others are sent to sign in, and come back. */
async function mayBegin(deps: WebDeps, exchange: Exchange): Promise<boolean> {
  if (deps.config.accounts !== 'required') return true
  return (await requireSignIn(deps, exchange)) !== undefined
}

/** Whether what is found out will be somebody's, where there are accounts. */
function accountHere(
  { accounts }: WebConfig,
  session: Session | undefined,
): AccountHere | undefined {
  if (accounts === 'off') return undefined
  return session?.signIn ? 'own' : 'none'
}

const consentForm = z.strictObject({ consent: z.string().max(10).optional() })

function detailsRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/verify/details', async (request, reply) => {
    const session = sessionAt('details', deps.config, { request, reply })
    if (!session) return reply
    const document = await deps.personData.openDocument(session)
    const details = hasDetails(session) ? await deps.personData.openDetails(session) : undefined
    const values = details ? toDetailsValues(details) : { ...document?.address }
    return reply.page((view) => detailsPage(view, { values, errors: {}, document }))
  })

  app.post('/verify/details', async (request, reply) => {
    const session = sessionAt('details', deps.config, { request, reply })
    if (!session) return reply
    const document = await deps.personData.openDocument(session)
    const form = parseDetails(request.body, { today: today(deps), document })
    if (form.ok === 'malformed') throw new HttpError(400, 'FORM_MALFORMED')
    if (!form.ok) {
      const { values, errors } = form
      return reply.code(422).page((view) => detailsPage(view, { values, errors, document }))
    }
    // What was passed was passed with the details as they were, and a check under way is about those.
    const fields = {
      details: await deps.personData.sealDetails(session, form.details),
      detailsId: newJobId(),
      detailsDocument: session.documentPass?.attemptId,
      passed: undefined,
      phone: undefined,
      answer: undefined,
    }
    await deps.sessions.patch(session, fields, 'no-attempt')
    return reply.redirect('/verify/check', 303)
  })
}

function checkRoute(app: FastifyInstance, deps: WebDeps): void {
  app.get('/verify/check', async (request, reply) => {
    const session = sessionAt('check', deps.config, { request, reply })
    const details = session && (await deps.personData.openDetails(session))
    if (!details) return reply.sent ? reply : reply.redirect('/verify/details', 303)
    const document = await deps.personData.openDocument(session)
    return reply.page((view) => checkPage(view, { details, document }))
  })
}

function phoneRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/verify/phone', async (request, reply) => {
    const session = sessionAt('phone', deps.config, { request, reply })
    if (!session) return reply
    const phone = await deps.personData.openPhone(session)
    const values = phone === undefined ? {} : { phone }
    return reply.page((view) => phonePage(view, { values, errors: {} }))
  })

  app.post('/verify/phone', async (request, reply) => {
    const session = sessionAt('phone', deps.config, { request, reply })
    if (!session) return reply
    const form = parsePhone(request.body)
    if (form.ok === 'malformed') throw new HttpError(400, 'FORM_MALFORMED')
    if (!form.ok) {
      const { values, errors } = form
      return reply.code(422).page((view) => phonePage(view, { values, errors }))
    }
    const phone = await deps.personData.sealPhone(session, form.phone)
    // What was passed was passed with the number as it was.
    const passed = isVerified(session) ? withoutPhone(session.passed) : session.passed
    if (!(await deps.sessions.patch(session, { phone, passed }, 'no-attempt'))) {
      return reply.redirect('/verify/wait', 303)
    }
    return submit(deps, {
      request,
      reply,
      session: { ...session, phone, passed },
      check: 'address-proofing',
      otherwise: '/verify/check',
    })
  })
}

/** As before the check of the phone. */
function withoutPhone(passed: Session['passed']): Session['passed'] {
  if (!passed) return undefined
  const references = passed.references?.filter(({ check }) => check !== 'address-proofing')
  return { ...passed, check: 'resolution-proofing', references }
}

/** Today's date as `YYYY-MM-DD`, UTC. */
function today({ now }: WebDeps): string {
  return new Date(now()).toISOString().slice(0, 10)
}
