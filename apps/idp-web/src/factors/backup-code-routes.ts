import type { FastifyInstance } from 'fastify'
import { requireAccount } from '../account/require-account.ts'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import { noteFactorChange } from './note-factor-change.ts'
import { makeCodesPage, newCodesPage } from './pages/backup-codes.ts'

const path = '/account/factors/codes'
const needs = { recent: true, wantedPage: path }

export function backupCodeRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get(path, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, needs)
    if (!owner) return reply
    const kinds = (await deps.factors.of(owner.account.id)).map(({ kind }) => kind)
    if (!(await deps.factors.hasSecond(owner.account.id))) {
      return reply.redirect('/account/factors', 303)
    }
    return reply.page((view) => makeCodesPage(view, kinds.includes('backup-codes')))
  })

  // Answered by the page itself, and not by the way to one: nothing keeps the codes for a second look.
  app.post(path, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, needs)
    if (!owner) return reply
    rejectFields(request)
    const { account } = owner
    if (!(await deps.factors.hasSecond(account.id))) return reply.redirect('/account/factors', 303)
    const codes = await deps.factors.backupCodes.make(account.id)
    await noteFactorChange(
      deps,
      { account, request },
      { event: 'backup-codes-made', kind: 'backup-codes' },
    )
    return reply.page((view) => newCodesPage(view, codes))
  })
}
