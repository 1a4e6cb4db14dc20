import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { parsePasswordForm } from './account-forms.ts'
import { changePasswordPage } from './pages/change-password.ts'
import { passwordProblem } from './password-rules.ts'
import { requireAccount } from './require-account.ts'
import { setPassword } from './set-password.ts'
import { tellOwner } from './tell-owner.ts'

export function changePasswordRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/account/password', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, { recent: true })
    if (!owner) return reply
    const address = await deps.accounts.openAddress(owner.account)
    return reply.page((view) => changePasswordPage(view, { address }))
  })

  app.post('/account/password', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, { recent: true })
    if (!owner) return reply
    const { account, session } = owner
    const typed = parsePasswordForm(request)
    const address = await deps.accounts.openAddress(account)
    const problem = passwordProblem(typed, { address, blocklist: deps.passwordBlocklist })
    if (problem) {
      return reply.code(422).page((view) => changePasswordPage(view, { address, problem }))
    }
    await setPassword(deps, { account, typed, event: 'password-changed', request })
    await deps.accountSessions.endOthers(account.id, session.slot)
    await tellOwner(deps, { account, request }, { template: 'password-changed' })
    return reply.redirect('/account?changed=password', 303)
  })
}
