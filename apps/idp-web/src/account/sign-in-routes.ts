import type { FastifyInstance, FastifyReply } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { canUsePasskeys } from '../factors/passkey-ceremony.ts'
import { rejectFields } from '../plugins/forms.ts'
import { passkeyHeaders } from '../plugins/security.ts'
import { endSession, ensureSession } from '../plugins/session.ts'
import { parseSignInForm } from './account-forms.ts'
import { networkPasswordLimits, passwordLimits } from './account-limits.ts'
import type { Account } from './accounts.ts'
import { checkPassword } from './check-password.ts'
import { guessesLimitedPage } from './pages/limited.ts'
import { type SignInData, signInPage } from './pages/sign-in.ts'
import { signOutPage } from './pages/sign-out.ts'
import { suspendedPage } from './pages/suspended.ts'
import {
  beginHalfSignIn,
  completeSignIn,
  type Exchange,
  signedIn,
  suspendedPath,
} from './signed-in.ts'

/** In and out. */
export function signInRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/sign-in', async (request, reply) => {
    if (await signedIn(deps, request.session)) return reply.redirect('/account', 303)
    const { halfSignIn } = await ensureSession(deps, request, reply)
    // Whoever begins anew may be somebody else, with other passkeys.
    if (halfSignIn && request.session) {
      await deps.sessions.patch(request.session, { halfSignIn: undefined })
    }
    return showPage(deps, { request, reply }, { typed: {} })
  })

  app.post('/sign-in', async (request, reply) => {
    const form = parseSignInForm(request)
    const again = (data: Shown) => showPage(deps, { request, reply: reply.code(422) }, data)
    const missing = form.password === '' ? ({ password: 'missing' } as const) : {}
    if (!form.address.ok) return again({ typed: form.address.typed, ...missing })
    const { address } = form.address
    if (missing.password) return again({ typed: { address }, ...missing })

    const limits = [...passwordLimits(deps, address), ...networkPasswordLimits(deps, request)]
    const refused = await deps.guessLimits.use(limits)
    if (refused) {
      const data = { ...refused, canRecover: true }
      return reply.code(429).page((view) => guessesLimitedPage(view, data))
    }
    const known = await deps.accounts.findWithPassword(address)
    const passwordHash = await checkPassword(deps, { known, address, typed: form.password })
    if (!known || passwordHash === undefined) {
      return again({ typed: { address }, password: 'wrong' })
    }
    const { account } = known
    return reply.redirect(await signIn(deps, { request, reply }, { account, passwordHash }), 303)
  })

  app.get(suspendedPath, (_request, reply) => reply.code(403).page(suspendedPage))

  app.get('/sign-out', (_request, reply) => reply.page(signOutPage))

  app.post('/sign-out', async (request, reply) => {
    rejectFields(request)
    await endSession(deps, request, reply)
    return reply.redirect('/sign-out', 303)
  })
}

type Shown = Omit<SignInData, 'passkeys'>

/** The browser's answer about a passkey is for a session, so there is one. */
async function showPage(
  deps: WebDeps,
  { request, reply }: Exchange,
  shown: Shown,
): Promise<FastifyReply> {
  await ensureSession(deps, request, reply)
  const passkeys = canUsePasskeys(deps.config)
  if (passkeys) reply.headers(passkeyHeaders)
  return reply.page((view) => signInPage(view, { ...shown, passkeys }))
}

/** Returns where the person goes on: into the account, or to whatever it asks for besides. */
async function signIn(
  deps: WebDeps,
  exchange: Exchange,
  { account, passwordHash }: { readonly account: Account; readonly passwordHash: string },
): Promise<string> {
  const { id } = account
  if (await deps.factors.hasSecond(id)) {
    return beginHalfSignIn(deps, exchange, { account, purpose: 'sign-in' })
  }
  return completeSignIn(deps, exchange, { accountId: id, methods: ['password'], passwordHash })
}
