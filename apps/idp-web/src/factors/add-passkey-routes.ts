import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { Account } from '../account/accounts.ts'
import { changeAccount } from '../account/change-account.ts'
import { clientNames } from '../account/client-names.ts'
import { requireAccount } from '../account/require-account.ts'
import { noteShown } from '../account/signed-in.ts'
import type { WebDeps } from '../deps.ts'
import { HttpError } from '../plugins/http-error.ts'
import { passkeyHeaders } from '../plugins/security.ts'
import { texts } from '../texts/index.ts'
import { factorChange, tellOfFactorChange } from './factor-change.ts'
import { addPasskeyPage } from './pages/add-passkey.ts'
import { readRegistration } from './passkey-answers.ts'
import { beginRegistration, canUsePasskeys, finishRegistration } from './passkey-ceremony.ts'
import type { NewPasskey } from './passkeys.ts'

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
    if (!passkey || !(await addPasskey(deps, { account, request }, passkey))) {
      reply.code(422).headers(passkeyHeaders)
      return reply.page((view) => addPasskeyPage(view, { isRefused: true }))
    }
    const partnersPage = await noteShown(deps, owner, 'passkey')
    return reply.redirect(partnersPage ?? '/account/factors?news=passkey-added', 303)
  })
}

/** False if it is known, or the account has as many as it may have. */
async function addPasskey(
  deps: WebDeps,
  { account, request }: { readonly account: Account; readonly request: FastifyRequest },
  passkey: Omit<NewPasskey, 'name'>,
): Promise<boolean> {
  const name = nameFrom(request.headers['user-agent'])
  const { transports } = passkey
  const added = { event: 'factor-added', kind: 'passkey', change: 'create', transports } as const
  const change = factorChange({ account, request }, added)
  const answer = await changeAccount(deps, change, async (tx, tell) => {
    const known = await deps.factors.passkeys.add(tx, account.id, { ...passkey, name })
    if (known === 'added') await tell()
    return known
  })
  if (answer !== 'added') return false
  await tellOfFactorChange(deps, { account, request }, added)
  return true
}

/** Where it was made: enough to know it by until its owner finds a better name. */
function nameFrom(userAgent: string | undefined): string {
  const { kinds } = texts('en').factors
  const { browser, system } = clientNames(userAgent)
  return [kinds.passkey, ...[browser, system].filter((known) => known !== undefined)].join(', ')
}
