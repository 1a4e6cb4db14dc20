import type { FastifyInstance, FastifyReply } from 'fastify'
import type { Exchange } from '../account/signed-in.ts'
import type { WebDeps } from '../deps.ts'
import { parseCodeForm } from './code-form.ts'
import { codeLimits } from './code-limits.ts'
import { noteCodesLocked, noteIfLocked } from './codes-lock.ts'
import { beginningOf, finishHalfSignIn, type HalfSignedIn, halfSignedIn } from './half-sign-in.ts'
import { codeLimitedPage } from './pages/code-limited.ts'
import { type SecondCodeData, secondCodePage } from './pages/second-code.ts'
import { pageOfWay, secondWays } from './second-ways.ts'

/** After the password: what else the account asks for. */
export function secondFactorRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/sign-in/factor', async (request, reply) => {
    const half = await halfSignedIn(deps, request.session)
    if (!half) return reply.redirect('/sign-in', 303)
    const [first] = await secondWays(deps, half.accountId)
    // Everything was removed meanwhile: the password is asked for anew and is enough then.
    return reply.redirect(first === undefined ? beginningOf[half.purpose] : pageOfWay[first], 303)
  })
  codeRoutes(app, deps, 'totp')
  codeRoutes(app, deps, 'backup-codes')
}

type CodeWay = 'totp' | 'backup-codes'

function codeRoutes(app: FastifyInstance, deps: WebDeps, way: CodeWay): void {
  app.get(pageOfWay[way], async (request, reply) => {
    const half = await halfSignedIn(deps, request.session)
    if (!half) return reply.redirect('/sign-in', 303)
    return showPage(reply, await askedFor(deps, half, way))
  })

  app.post(pageOfWay[way], async (request, reply) => {
    const half = await halfSignedIn(deps, request.session)
    if (!half) return reply.redirect('/sign-in', 303)
    const code = parseCodeForm(request)
    return receiveCode(deps, { request, reply }, { half, way, code })
  })
}

interface TypedCode {
  readonly half: HalfSignedIn
  readonly way: CodeWay
  /** Empty if none was typed. */
  readonly code: string
}

async function receiveCode(
  deps: WebDeps,
  exchange: Exchange,
  { half, way, code }: TypedCode,
): Promise<FastifyReply> {
  const { request, reply } = exchange
  const { accountId, purpose } = half
  const asked = await askedFor(deps, half, way)
  if (code === '') return showPage(reply.code(422), { ...asked, error: 'missing' })
  const limits = codeLimits(accountId)
  const refused = await deps.guessLimits.use(limits)
  if (refused) {
    const { retryAt } = refused
    await noteCodesLocked(deps, { accountId, request }, refused)
    return reply.code(429).page((view) => codeLimitedPage(view, { retryAt, purpose }))
  }
  const store = way === 'totp' ? deps.factors.apps : deps.factors.backupCodes
  if (!(await store.use(accountId, code))) {
    await noteIfLocked(deps, { accountId, request })
    return showPage(reply.code(422), { ...asked, error: 'wrong' })
  }
  await deps.guessLimits.clear(limits)
  await deps.accounts.unlockCodes(accountId)
  const method = way === 'totp' ? 'totp' : 'backup-code'
  return reply.redirect(await finishHalfSignIn(deps, exchange, { half, method }), 303)
}

function showPage(reply: FastifyReply, data: SecondCodeData): FastifyReply {
  return reply.page((view) => secondCodePage(view, data))
}

async function askedFor(
  deps: WebDeps,
  { accountId, purpose }: HalfSignedIn,
  way: CodeWay,
): Promise<SecondCodeData> {
  const others = (await secondWays(deps, accountId)).filter((other) => other !== way)
  return { way, purpose, others }
}
