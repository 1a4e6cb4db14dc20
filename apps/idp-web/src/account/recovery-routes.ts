import type { Db } from '@anteroom/job-channel'
import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { freeCodesOnce } from '../factors/code-limits.ts'
import { ensureSession } from '../plugins/session.ts'
import { parseAddressForm, parsePasswordForm } from './account-forms.ts'
import { sendLinkGone, tokenOf } from './link-token.ts'
import { choosePasswordPage } from './pages/email-link.ts'
import { guessesLimitedPage } from './pages/limited.ts'
import { recoveredPage, recoverPage } from './pages/recover.ts'
import { passwordProblem } from './password-rules.ts'
import { sendLink } from './send-link.ts'
import { setPassword } from './set-password.ts'
import { tellOwner } from './tell-owner.ts'

const purpose = 'recovery'

/** For who has forgotten a password: a link by e-mail, then a new one. It signs nobody in. */
export function recoveryRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/recover', async (request, reply) => {
    await ensureSession(deps, request, reply)
    return reply.page((view) => recoverPage(view, {}))
  })

  app.post('/recover', async (request, reply) => {
    const form = parseAddressForm(request)
    if (!form.ok) return reply.code(422).page((view) => recoverPage(view, form.typed))
    const refused = await sendLink(deps, request, { wish: purpose, address: form.address })
    if (refused) return reply.code(429).page((view) => guessesLimitedPage(view, refused))
    return reply.redirect('/email/sent', 303)
  })

  app.get('/recover/done', { config: { sessionOptional: true } }, (_request, reply) =>
    reply.page(recoveredPage),
  )

  recoveryLinkRoutes(app, deps)
}

function recoveryLinkRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/email/recovery/:token', async (request, reply) => {
    const token = tokenOf({ request, reply })
    const link = await deps.emailLinks.find(purpose, token)
    if (!link) return sendLinkGone(reply)
    await ensureSession(deps, request, reply)
    const { address } = link
    return reply.page((view) => choosePasswordPage(view, { purpose, token, address }))
  })

  app.post('/email/recovery/:token', async (request, reply) => {
    const token = tokenOf({ request, reply })
    const typed = parsePasswordForm(request)
    const link = await deps.emailLinks.find(purpose, token)
    const account = link?.accountId && (await deps.accounts.read(link.accountId))
    if (!link || !account) return sendLinkGone(reply)
    const { address } = link
    const problem = passwordProblem(typed, { address, blocklist: deps.passwordBlocklist })
    if (problem) {
      return reply
        .code(422)
        .page((view) => choosePasswordPage(view, { purpose, token, address, problem }))
    }
    // Unused, and of an account whose address it still is: one that was sent while the address changed is not.
    const isGood = async (tx: Db) =>
      (await deps.emailLinks.take(tx, purpose, token)) !== undefined &&
      (await deps.accounts.holdAddress(tx, account.id, address))
    const chosen = { account, typed, event: 'recovered', request } as const
    if (!(await setPassword(deps, chosen, isGood))) return sendLinkGone(reply)
    // Whoever had found out the old one is out.
    await deps.accountSessions.endAll(account.id)
    await freeCodesOnce(deps, account.id)
    await tellOwner(deps, { account, request }, { template: 'password-changed' })
    return reply.redirect('/recover/done', 303)
  })
}
