import type { FastifyInstance } from 'fastify'
import { changeAccount } from '../account/change-account.ts'
import { requireAccount } from '../account/require-account.ts'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import { factorChange, tellOfFactorChange } from './factor-change.ts'
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
    const isFirst = (await deps.factors.of(account.id)).every(({ kind }) => kind !== 'backup-codes')
    const made = {
      event: 'backup-codes-made',
      kind: 'backup-codes',
      change: isFirst ? 'create' : 'update',
    } as const
    const change = factorChange({ account, request }, made)
    const codes = await changeAccount(deps, change, async (tx, tell) => {
      const known = await deps.factors.backupCodes.make(tx, account.id)
      await tell()
      return known
    })
    if (!codes) return reply.redirect('/account/factors', 303)
    await tellOfFactorChange(deps, { account, request }, made)
    return reply.page((view) => newCodesPage(view, codes))
  })
}
