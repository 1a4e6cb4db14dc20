import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { parsePasswordForm } from './account-forms.ts'
import { networkPasswordLimits, passwordLimits } from './account-limits.ts'
import { checkPassword } from './check-password.ts'
import { type ConfirmData, confirmPage } from './pages/confirm.ts'
import { guessesLimitedPage } from './pages/limited.ts'
import { beginHalfSignIn, type Exchange, renewSignIn, signedIn } from './signed-in.ts'

/** Whoever is about to change what guards an account shows once more that they are there. */
export function confirmRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/sign-in/confirm', async (request, reply) => {
    const found = await whoConfirms(deps, { request, reply })
    return found ? reply.page((view) => confirmPage(view, found.data)) : reply
  })

  app.post('/sign-in/confirm', async (request, reply) => {
    const found = await whoConfirms(deps, { request, reply })
    if (!found || !request.session) return reply
    const typed = parsePasswordForm(request)
    const again = (error: 'missing' | 'wrong') =>
      reply.code(422).page((view) => confirmPage(view, { ...found.data, error }))
    if (typed === '') return again('missing')

    const { known } = found
    const { address } = found.data
    const limits = [...passwordLimits(deps, address), ...networkPasswordLimits(deps, request)]
    const refused = await deps.guessLimits.use(limits)
    if (refused) {
      const data = { ...refused, canRecover: true }
      return reply.code(429).page((view) => guessesLimitedPage(view, data))
    }
    const passwordHash = await checkPassword(deps, { known, address, typed })
    if (passwordHash === undefined) return again('wrong')
    const { account } = known
    const next = (await deps.factors.hasSecond(account.id))
      ? await beginHalfSignIn(deps, { request, reply }, { account, purpose: 'confirm' })
      : await renewSignIn(deps, request.session, ['password'])
    return reply.redirect(next, 303)
  })
}

/** Undefined if nobody is signed in; they are then on their way to do so, and what they wanted is still known. */
async function whoConfirms(deps: WebDeps, { request, reply }: Exchange) {
  const signIn = await signedIn(deps, request.session)
  const known = signIn && (await deps.accounts.readWithPassword(signIn.accountId))
  if (!known) {
    reply.redirect('/sign-in', 303)
    return undefined
  }
  const factors = await deps.factors.of(known.account.id)
  const data: ConfirmData = {
    address: await deps.accounts.openAddress(known.account),
    hasPassword: known.account.hasPassword,
    hasPasskey: factors.some(({ kind }) => kind === 'passkey'),
  }
  return { known, data }
}
