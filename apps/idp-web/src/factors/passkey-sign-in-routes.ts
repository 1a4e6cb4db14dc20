import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { completeSignIn, type Exchange, renewSignIn, signedIn } from '../account/signed-in.ts'
import type { WebDeps } from '../deps.ts'
import { HttpError } from '../plugins/http-error.ts'
import { passkeyHeaders } from '../plugins/security.ts'
import { ensureSession } from '../plugins/session.ts'
import { freeCodes } from './code-limits.ts'
import { finishHalfSignIn, halfSignedIn } from './half-sign-in.ts'
import { type PasskeyData, passkeyPage } from './pages/passkey.ts'
import { readAssertion } from './passkey-answers.ts'
import { beginAuthentication, canUsePasskeys, finishAuthentication } from './passkey-ceremony.ts'
import type { Passkey } from './passkeys.ts'
import { secondWays } from './second-ways.ts'

/** With a passkey alone, as the second thing after a password, or to show that the person is still there. */
export function passkeySignInRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/sign-in/passkey', async (request, reply) => {
    if (!canUsePasskeys(deps.config)) throw new HttpError(404, 'NO_PASSKEYS')
    await ensureSession(deps, request, reply)
    return showPage(deps, { request, reply })
  })

  app.post('/sign-in/passkey/options', { config: { json: true } }, async (request, reply) => {
    const { session } = request
    if (!session) return reply.code(404).send({ state: 'ended' })
    const accountId = await knownAccount(deps, request)
    const passkeys = accountId === undefined ? [] : await deps.factors.passkeys.of(accountId)
    return beginAuthentication(deps, session, passkeys)
  })

  app.post('/sign-in/passkey', async (request, reply) => {
    const { session } = request
    if (!session) return reply.redirect('/sign-in/passkey', 303)
    const assertion = readAssertion(request.body)
    if (!assertion) throw new HttpError(400, 'FORM_MALFORMED')
    const found = await finishAuthentication(deps, session, assertion)
    if (typeof found !== 'string') {
      return reply.redirect(await goOn(deps, { request, reply }, found), 303)
    }
    deps.log.info('passkey.refused', { code: found, requestId: request.id })
    return showPage(deps, { request, reply: reply.code(422) }, true)
  })
}

/** Whose passkeys alone are asked for: whoever has come so far is known already. */
async function knownAccount(
  deps: WebDeps,
  { session }: FastifyRequest,
): Promise<string | undefined> {
  const half = await halfSignedIn(deps, session)
  return half?.accountId ?? (await signedIn(deps, session))?.accountId
}

/** Returns where the person goes on. */
async function goOn(deps: WebDeps, exchange: Exchange, { accountId }: Passkey): Promise<string> {
  const { session } = exchange.request
  await freeCodes(deps, accountId)
  const half = await halfSignedIn(deps, session)
  if (half?.accountId === accountId) {
    return finishHalfSignIn(deps, exchange, { half, method: 'passkey' })
  }
  const current = await signedIn(deps, session)
  if (session && current?.accountId === accountId) return renewSignIn(deps, session, ['passkey'])
  return completeSignIn(deps, exchange, { accountId, methods: ['passkey'] })
}

async function showPage(
  deps: WebDeps,
  { request, reply }: Exchange,
  isRefused = false,
): Promise<FastifyReply> {
  const data = { ...(await situationOf(deps, request)), isRefused }
  return reply.headers(passkeyHeaders).page((view) => passkeyPage(view, data))
}

async function situationOf(deps: WebDeps, { session }: FastifyRequest): Promise<PasskeyData> {
  const half = await halfSignedIn(deps, session)
  if (half) {
    const { accountId, purpose } = half
    const ways = await secondWays(deps, accountId)
    const others = ways.filter((way) => way !== 'passkey')
    return { purpose, second: { others, purpose } }
  }
  return { purpose: (await signedIn(deps, session)) ? 'confirm' : 'sign-in' }
}
