import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { forgetAtPartners } from '../openid/forget-account.ts'
import { endSession } from '../plugins/session.ts'
import { happeningsOf } from '../security-events/happenings-of.ts'
import { texts } from '../texts/index.ts'
import { parseWordForm } from './account-forms.ts'
import type { Account } from './accounts.ts'
import { changeAccount } from './change-account.ts'
import { accountDeletedPage, deleteAccountPage } from './pages/delete-account.ts'
import { requireAccount } from './require-account.ts'
import { urlOf } from './url-of.ts'

export function deleteAccountRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/account/delete', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, { recent: true })
    return owner ? reply.page((view) => deleteAccountPage(view, {})) : reply
  })

  app.post('/account/delete', async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, { recent: true })
    if (!owner) return reply
    const { word } = texts('en').account.delete
    if (parseWordForm(request).trim().toLowerCase() !== word) {
      return reply.code(422).page((view) => deleteAccountPage(view, { error: true }))
    }
    await deleteAccount(deps, owner.account)
    await endSession(deps, request, reply)
    return reply.redirect('/account/deleted', 303)
  })

  app.get('/account/deleted', { config: { sessionOptional: true } }, (_request, reply) =>
    reply.page(accountDeletedPage),
  )
}

/** Nobody is signed in to what is not there any more, so sessions go first. All that hangs on the account goes with it. */
async function deleteAccount(deps: WebDeps, account: Account): Promise<void> {
  const to = await deps.accounts.openAddress(account)
  await forgetAtPartners(deps, account.id)
  await deps.accountSessions.endAll(account.id)
  const change = { accountId: account.id, happenings: happeningsOf('deleted') }
  await changeAccount(deps, change, async (tx, tell) => {
    await tell()
    await deps.accounts.delete(account.id, tx)
  })
  await deps.sendMail({ to, template: 'account-deleted', link: urlOf(deps, '/') })
}
