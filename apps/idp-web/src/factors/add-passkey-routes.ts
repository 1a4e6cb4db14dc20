import type { FastifyInstance } from 'fastify'
import { clientNames } from '../account/client-names.ts'
import { requireAccount } from '../account/require-account.ts'
import { noteShown } from '../account/signed-in.ts'
import type { WebDeps } from '../deps.ts'
import { HttpError } from '../plugins/http-error.ts'
import { passkeyHeaders } from '../plugins/security.ts'
import { texts } from '../texts/index.ts'
import { noteFactorChange } from './note-factor-change.ts'
import { addPasskeyPage } from './pages/add-passkey.ts'
import { readRegistration } from './passkey-answers.ts'
import { beginRegistration, canUsePasskeys, finishRegistration } from './passkey-ceremony.ts'

const path = '/account/factors/passkey'
const needs = { recent: true, wantedPage: path }

export function addPasskeyRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get(path, async (request, reply) => {
    if (!canUsePasskeys(deps.config)) throw new HttpError(404, 'NO_PASSKEYS')
    const owner = await requireAccount(deps, { request, reply }, needs)
    if (!owner) return reply
    return reply.headers(passkeyHeaders).page((view) => addPasskeyPage(view, {}))
  })

  app.post(`${path}/options`, { config: { json: true } }, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, needs)
    return owner ? beginRegistration(deps, owner.session, owner.account) : reply
  })

  app.post(path, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, needs)
    if (!owner) return reply
    const { account, session } = owner
    const registration = readRegistration(request.body)
    if (!registration) throw new HttpError(400, 'FORM_MALFORMED')
    const passkey = await finishRegistration(deps, session, registration)
    const name = nameFrom(request.headers['user-agent'])
    const added = passkey && (await deps.factors.passkeys.add(account.id, { ...passkey, name }))
    if (added !== 'added') {
      reply.code(422).headers(passkeyHeaders)
      return reply.page((view) => addPasskeyPage(view, { isRefused: true }))
    }
    await noteFactorChange(deps, { account, request }, { event: 'factor-added', kind: 'passkey' })
    const partnersPage = await noteShown(deps, owner, 'passkey')
    return reply.redirect(partnersPage ?? '/account/factors?news=passkey-added', 303)
  })
}

/** Where it was made: enough to know it by until its owner finds a better name. */
function nameFrom(userAgent: string | undefined): string {
  const { kinds } = texts('en').factors
  const { browser, system } = clientNames(userAgent)
  return [kinds.passkey, ...[browser, system].filter((known) => known !== undefined)].join(', ')
}
