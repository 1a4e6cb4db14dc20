import type { FastifyInstance, FastifyReply } from 'fastify'
import { changeAccount } from '../account/change-account.ts'
import { type Owner, requireAccount } from '../account/require-account.ts'
import { noteShown } from '../account/signed-in.ts'
import type { WebDeps } from '../deps.ts'
import { texts } from '../texts/index.ts'
import { maxApps } from './authenticator-apps.ts'
import { parseCodeForm } from './code-form.ts'
import { factorChange, tellOfFactorChange } from './factor-change.ts'
import { type AddAppData, addAppPage } from './pages/add-app.ts'
import { newTotpSecret, stepOfCode } from './totp.ts'

const path = '/account/factors/app'
const needs = { recent: true, wantedPage: path }

export function addAppRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get(path, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, needs)
    if (!owner) return reply
    if (await hasAll(deps, owner)) return reply.redirect('/account/factors', 303)
    // The same secret after a reload: it may be in the app already.
    const known = await deps.personData.openAppSecret(owner.session)
    return showPage(deps, reply, { owner, secret: known ?? (await beginApp(deps, owner)) })
  })

  app.post(path, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, needs)
    if (!owner) return reply
    const code = parseCodeForm(request)
    const { account, session } = owner
    const secret = await deps.personData.openAppSecret(session)
    if (secret === undefined) return reply.redirect(path, 303)
    const step = stepOfCode(secret, code, deps.now())
    if (step === undefined) {
      const error = code === '' ? 'missing' : 'wrong'
      return showPage(deps, reply.code(422), { owner, secret, error })
    }
    // The form was sent twice, and the other request has added it.
    if ((await deps.sessions.takeAppSecret(session)) !== session.appSecret) {
      return reply.redirect('/account/factors', 303)
    }
    const name = texts('en').factors.kinds.totp
    const added = { event: 'factor-added', kind: 'totp', change: 'create' } as const
    const change = factorChange({ account, request }, added)
    const answer = await changeAccount(deps, change, async (tx, tell) => {
      const known = await deps.factors.apps.add(tx, account.id, { secret, step, name })
      if (known === 'added') await tell()
      return known
    })
    if (answer !== 'added') return reply.redirect('/account/factors', 303)
    await tellOfFactorChange(deps, { account, request }, added)
    const partnersPage = await noteShown(deps, owner, 'totp')
    return reply.redirect(partnersPage ?? '/account/factors?news=totp-added', 303)
  })
}

async function hasAll({ factors }: WebDeps, { account }: Owner): Promise<boolean> {
  const all = await factors.of(account.id)
  return all.filter(({ kind }) => kind === 'totp').length >= maxApps
}

async function beginApp({ personData, sessions }: WebDeps, { session }: Owner): Promise<string> {
  const secret = newTotpSecret()
  const appSecret = await personData.sealAppSecret(session, secret)
  await sessions.patch(session, { appSecret })
  return secret
}

interface Shown extends Pick<AddAppData, 'secret' | 'error'> {
  readonly owner: Owner
}

async function showPage(
  { accounts, config }: WebDeps,
  reply: FastifyReply,
  { owner, ...shown }: Shown,
): Promise<FastifyReply> {
  const label = {
    issuer: new URL(config.publicUrl).hostname,
    address: await accounts.openAddress(owner.account),
  }
  return reply.page((view) => addAppPage(view, { ...shown, label }))
}
