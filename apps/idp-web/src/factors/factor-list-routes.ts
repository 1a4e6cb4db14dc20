import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Account } from '../account/accounts.ts'
import { changeAccount } from '../account/change-account.ts'
import { type Owner, requireAccount } from '../account/require-account.ts'
import type { WebDeps } from '../deps.ts'
import { parseForm } from '../plugins/forms.ts'
import { HttpError } from '../plugins/http-error.ts'
import { idPattern } from '../random-id.ts'
import { texts } from '../texts/index.ts'
import { factorChange, tellOfFactorChange } from './factor-change.ts'
import type { FactorSummary, Removal } from './factors.ts'
import { factorListPage, factorName, factorNews } from './pages/factor-list.ts'
import { lastWayInPage, removePage } from './pages/remove.ts'
import { renamePage } from './pages/rename.ts'
import { canUsePasskeys } from './passkey-ceremony.ts'

const listPath = '/account/factors'

/** What an account has beside its password: looked at, renamed, removed. */
export function factorListRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get(listPath, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, {})
    if (!owner) return reply
    const factors = await deps.factors.of(owner.account.id)
    const passkeys = canUsePasskeys(deps.config)
    const { news } = newsQuery.parse(request.query)
    return reply.page((view) => factorListPage(view, { factors, passkeys, news }))
  })
  nameRoutes(app, deps)
  removeRoutes(app, deps)
}

const newsQuery = z.object({ news: z.enum(factorNews).optional().catch(undefined) })
const factorId = z.string().regex(idPattern)
const idQuery = z.object({ id: factorId.optional().catch(undefined) })

function nameRoutes(app: FastifyInstance, deps: WebDeps): void {
  const path = `${listPath}/name`

  app.get(path, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, needsOf(path, request))
    if (!owner) return reply
    const factor = await asked(deps, owner, request)
    if (!factor || factor.kind === 'backup-codes') return reply.redirect(listPath, 303)
    const data = { id: factor.id, name: factorName(texts('en').factors, factor) }
    return reply.page((view) => renamePage(view, data))
  })

  app.post(path, async (request, reply) => {
    const { id, name: given } = parseForm(nameForm, request)
    const owner = await requireAccount(
      deps,
      { request, reply },
      { recent: true, wantedPage: `${path}?id=${id}` },
    )
    if (!owner) return reply
    const typed = given.normalize('NFC').trim()
    const name = factorNameTyped.safeParse(typed)
    if (!name.success) {
      const error = typed === '' ? ('missing' as const) : ('invalid' as const)
      return reply.code(422).page((view) => renamePage(view, { id, name: typed, error }))
    }
    if (!(await deps.factors.rename(owner.account.id, id, name.data))) {
      throw new HttpError(404, 'FACTOR_UNKNOWN')
    }
    return reply.redirect(`${listPath}?news=renamed`, 303)
  })
}

const nameForm = z.strictObject({ id: factorId, name: z.string().max(1_000) })
/** What can be seen, and no more of it than fits a line. */
const factorNameTyped = z.string().regex(/^[^\p{C}\p{Zl}\p{Zp}]{1,40}$/u)

function removeRoutes(app: FastifyInstance, deps: WebDeps): void {
  const path = `${listPath}/remove`

  app.get(path, async (request, reply) => {
    const owner = await requireAccount(deps, { request, reply }, needsOf(path, request))
    if (!owner) return reply
    const factor = await asked(deps, owner, request)
    if (!factor) return reply.redirect(listPath, 303)
    const others = (await deps.factors.of(owner.account.id)).filter(({ id }) => id !== factor.id)
    const isAlone = others.every(({ kind }) => kind === 'backup-codes')
    return reply.page((view) => removePage(view, { factor, isAlone }))
  })

  app.post(path, async (request, reply) => {
    const { id } = parseForm(idForm, request)
    const owner = await requireAccount(
      deps,
      { request, reply },
      { recent: true, wantedPage: `${path}?id=${id}` },
    )
    if (!owner) return reply
    const removal = await removeFactor(deps, { account: owner.account, request }, id)
    switch (removal.state) {
      case 'unknown':
        throw new HttpError(404, 'FACTOR_UNKNOWN')
      case 'last-way-in':
        return reply.code(409).page(lastWayInPage)
      case 'removed':
        return reply.redirect(`${listPath}?news=removed`, 303)
    }
  })
}

async function removeFactor(
  deps: WebDeps,
  { account, request }: { readonly account: Account; readonly request: FastifyRequest },
  id: string,
): Promise<Removal> {
  const [factors, passkeys] = await Promise.all([
    deps.factors.of(account.id),
    deps.factors.passkeys.of(account.id),
  ])
  const factor = factors.find((it) => it.id === id)
  if (!factor) return { state: 'unknown' }
  const { kind } = factor
  const transports = passkeys.find((it) => it.id === id)?.transports
  const removed = { event: 'factor-removed', kind, change: 'delete', transports } as const
  const change = factorChange({ account, request }, removed)
  const removal = await changeAccount(deps, change, async (tx, tell) => {
    const answer = await deps.factors.remove(tx, account, id)
    if (answer.state === 'removed') await tell()
    return answer
  })
  if (removal?.state === 'removed') await tellOfFactorChange(deps, { account, request }, removed)
  return removal ?? { state: 'unknown' }
}

const idForm = z.strictObject({ id: factorId })

/** After signing in anew the person comes back to the same factor. */
function needsOf(path: string, { query }: FastifyRequest) {
  const { id } = idQuery.parse(query)
  return { recent: true, wantedPage: id === undefined ? listPath : `${path}?id=${id}` }
}

/** The factor that the page is about; undefined if it is not the owner's. */
async function asked(
  { factors }: WebDeps,
  { account }: Owner,
  { query }: FastifyRequest,
): Promise<FactorSummary | undefined> {
  const { id } = idQuery.parse(query)
  return (await factors.of(account.id)).find((factor) => factor.id === id)
}
