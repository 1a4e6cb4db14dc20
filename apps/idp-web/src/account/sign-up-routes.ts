import { inTransaction } from '@anteroom/job-channel'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { ensureSession } from '../plugins/session.ts'
import { recordEvent } from './account-events.ts'
import { parseAddressForm, parsePasswordForm } from './account-forms.ts'
import type { Account } from './accounts.ts'
import { sendLinkGone, tokenOf } from './link-token.ts'
import { choosePasswordPage } from './pages/email-link.ts'
import { emailSentPage } from './pages/email-sent.ts'
import { guessesLimitedPage } from './pages/limited.ts'
import { signUpPage } from './pages/sign-up.ts'
import { passwordProblem } from './password-rules.ts'
import { sendLink } from './send-link.ts'
import { completeSignIn } from './signed-in.ts'
import { takeAddress } from './take-address.ts'

const purpose = 'sign-up'

/** From an address to an account: a link by e-mail, then a password. */
export function signUpRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/sign-up', async (request, reply) => {
    await ensureSession(deps, request, reply)
    return reply.page((view) => signUpPage(view, {}))
  })

  app.post('/sign-up', async (request, reply) => {
    const form = parseAddressForm(request)
    if (!form.ok) return reply.code(422).page((view) => signUpPage(view, form.typed))
    const refused = await sendLink(deps, request, { wish: purpose, address: form.address })
    if (refused) return reply.code(429).page((view) => guessesLimitedPage(view, refused))
    return reply.redirect('/email/sent', 303)
  })

  app.get('/email/sent', { config: { sessionOptional: true } }, (_request, reply) =>
    reply.page(emailSentPage),
  )

  signUpLinkRoutes(app, deps)
}

function signUpLinkRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/email/sign-up/:token', async (request, reply) => {
    const token = tokenOf({ request, reply })
    const link = await deps.emailLinks.find(purpose, token)
    if (!link) return sendLinkGone(reply)
    await ensureSession(deps, request, reply)
    const { address } = link
    return reply.page((view) => choosePasswordPage(view, { purpose, token, address }))
  })

  app.post('/email/sign-up/:token', async (request, reply) => {
    const token = tokenOf({ request, reply })
    const password = parsePasswordForm(request)
    const link = await deps.emailLinks.find(purpose, token)
    if (!link) return sendLinkGone(reply)
    const { address } = link
    const problem = passwordProblem(password, { address, blocklist: deps.passwordBlocklist })
    if (problem) {
      return reply
        .code(422)
        .page((view) => choosePasswordPage(view, { purpose, token, address, problem }))
    }
    const account = await createAccount(deps, { address, token, password }, request)
    if (!account) return sendLinkGone(reply)
    const signIn = { accountId: account.id, methods: ['password'] } as const
    return reply.redirect(await completeSignIn(deps, { request, reply }, signIn), 303)
  })
}

/** Undefined if the link was used meanwhile, or its address has an account by now. */
async function createAccount(
  deps: WebDeps,
  { address, token, password }: Record<'address' | 'token' | 'password', string>,
  request: FastifyRequest,
): Promise<Account | undefined> {
  const passwordHash = await deps.passwordHashes.hash(password)
  const take = await takeAddress(deps, address)
  return inTransaction(deps.db, async (tx) => {
    const link = await deps.emailLinks.take(tx, purpose, token)
    const account = link && (await deps.accounts.create({ address, passwordHash }, tx))
    if (!account) return undefined
    await recordEvent({ db: tx }, { accountId: account.id, event: 'account-created' }, request)
    await take(tx)
    return account
  })
}
