import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { interactionPath } from '../openid/routes.ts'
import { ensureSession, replaceSession, resumeSignedIn, rotateSession } from '../plugins/session.ts'
import type { HalfSignIn, Session, SignIn, SignInMethod } from '../session/session.ts'
import { isKnownClient, recordEvent } from './account-events.ts'
import type { Account } from './accounts.ts'
import { clientNames } from './client-names.ts'
import { tellOwner } from './tell-owner.ts'

/** The only home of who is signed in. */

export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export interface ShownBy {
  readonly accountId: string
  /** What they showed, in its order. */
  readonly methods: readonly SignInMethod[]
  /** The hash by which a password was right: it may have been changed since it was looked at. */
  readonly passwordHash?: string
}

/**
 * The person has shown all that the account asks for. They go on in a session that nobody knew before, and take nothing
 * with them but the page or the partner they were on their way to. Returns where they go on.
 */
export async function completeSignIn(
  deps: WebDeps,
  { request, reply }: Exchange,
  { accountId, methods, passwordHash }: ShownBy,
): Promise<string> {
  const { wantedPage, interaction } = request.session ?? {}
  const session = await replaceSession(deps, request, reply)
  const at = deps.now()
  const names = clientNames(request.headers['user-agent'])
  await deps.accountSessions.add(accountId, session.slot, { signedInAt: at, seenAt: at, ...names })
  const signIn = { accountId, at, methods: [...methods] }
  await deps.sessions.patch(session, { signIn, interaction })
  request.session = { ...session, signIn, interaction }
  const instead = await whereInstead(deps, accountId, passwordHash)
  if (instead !== undefined) {
    await deps.accountSessions.end(accountId, [session.slot])
    return instead
  }
  await tellOfSignIn(deps, accountId, request)
  await resumeSignedIn(deps, request, reply)
  return resumedPage(request.session) ?? whereTo({ wantedPage, interaction })
}

/** Where somebody goes on who has found again what they lost with an earlier session. */
function resumedPage({ attempt, ticket }: Session): string | undefined {
  if (attempt) return '/verify/wait'
  return ticket && '/credential/line'
}

/** Where somebody learns that their account is suspended: after they have shown all that it asks for, and not before. */
export const suspendedPath = '/sign-in/suspended'

/**
 * Where somebody goes on whose sign-in does not come about; undefined if it does. Asked once the session is on the account's
 * list. Who changes a password or suspends an account ends the sessions on that list after it is so: either they end
 * this one, or it is seen here.
 */
async function whereInstead(
  { accounts }: WebDeps,
  accountId: string,
  passwordHash: string | undefined,
): Promise<string | undefined> {
  const known = await accounts.readWithPassword(accountId)
  if (known?.account.mustRecover) return '/recover'
  if (passwordHash !== undefined && known?.passwordHash !== passwordHash) return '/sign-in'
  return known?.account.suspendedAt === undefined ? undefined : suspendedPath
}

/** Its owner hears of a sign-in by a browser or a system that the account does not know. */
async function tellOfSignIn(
  deps: WebDeps,
  accountId: string,
  request: FastifyRequest,
): Promise<void> {
  const names = clientNames(request.headers['user-agent'])
  const isKnown = await isKnownClient(deps, accountId, names)
  await recordEvent(deps, { accountId, event: 'signed-in' }, request)
  const account = isKnown ? undefined : await deps.accounts.read(accountId)
  if (account) await tellOwner(deps, { account, request }, { template: 'new-sign-in' })
}

/**
 * The password was right, and the account asks for something else besides. Who signs in goes on under an id that nobody
 * knew before, and is shown nothing of the account yet; who confirms goes on in the session as it is. Returns where the
 * rest is asked for.
 *
 * @param account As it was read before its password was looked at.
 */
export async function beginHalfSignIn(
  deps: WebDeps,
  { request, reply }: Exchange,
  { account, purpose }: { readonly account: Account } & Pick<HalfSignIn, 'purpose'>,
): Promise<string> {
  await ensureSession(deps, request, reply)
  if (purpose === 'sign-in') await rotateSession(deps, request, reply)
  const { id: accountId, passwordChangedAt } = account
  const halfSignIn = { accountId, at: deps.now(), purpose, passwordChangedAt }
  if (request.session) await deps.sessions.patch(request.session, { halfSignIn })
  return '/sign-in/factor'
}

/** The same person has shown anew that they are there. Returns where they go on. */
export async function renewSignIn(
  deps: WebDeps,
  session: Session,
  methods: readonly SignInMethod[],
): Promise<string> {
  const { signIn, wantedPage, interaction } = session
  if (signIn) {
    // What was shown earlier was not shown now: a partner is told how and when in one breath.
    const renewed = { ...signIn, at: deps.now(), methods: [...methods] }
    const gone = { halfSignIn: undefined, wantedPage: undefined }
    await deps.sessions.patch(session, { signIn: renewed, ...gone })
  }
  return whereTo({ wantedPage, interaction })
}

/**
 * Whoever adds a second thing has shown it with that, beside what they showed before. When they last confirmed that they are
 * there stays as it was. Returns where a partner waits for it, if one does.
 */
export async function noteShown(
  deps: WebDeps,
  { session, signIn }: { readonly session: Session; readonly signIn: SignIn },
  method: SignInMethod,
): Promise<string | undefined> {
  const methods = [...new Set([...signIn.methods, method])]
  await deps.sessions.patch(session, { signIn: { ...signIn, methods } })
  const { interaction } = session
  const partner = interaction === undefined ? undefined : await deps.openid?.partnerOf(interaction)
  return partner && whereTo({ interaction })
}

/** A page that somebody was kept from comes first: a partner's request that they answer waits for them. */
function whereTo({ wantedPage, interaction }: Pick<Session, 'wantedPage' | 'interaction'>): string {
  if (wantedPage !== undefined) return wantedPage
  return interaction === undefined ? '/account' : interactionPath(interaction)
}

/** Who is signed in; undefined also if the session was ended from elsewhere. */
export async function signedIn(
  { accountSessions }: WebDeps,
  session: Session | undefined,
): Promise<SignIn | undefined> {
  if (!session?.signIn) return undefined
  const { slot, signIn } = session
  return (await accountSessions.see(signIn.accountId, slot)) ? signIn : undefined
}

/** Who changes what guards an account has shown within this time that they are there. */
export const recentMs = 5 * 60_000

export interface SignInNeeds {
  readonly recent?: boolean
  /** Where they go on, if it is not this page. */
  readonly wantedPage?: string
}

/**
 * Whoever is signed in; otherwise they are sent to sign in, or to confirm that they are there, and then come back to this
 * page, and this is undefined.
 */
export async function requireSignIn(
  deps: WebDeps,
  { request, reply }: Exchange,
  { recent = false, wantedPage = pageOf(request) }: SignInNeeds = {},
): Promise<SignIn | undefined> {
  const found = await signedIn(deps, request.session)
  if (found && !(recent && deps.now() > found.at + recentMs)) return found
  const session = await ensureSession(deps, request, reply)
  await deps.sessions.patch(session, { wantedPage, ...(!found && { signIn: undefined }) })
  reply.redirect(found ? '/sign-in/confirm' : '/sign-in', 303)
  return undefined
}

function pageOf({ method, routeOptions }: FastifyRequest): string | undefined {
  return method === 'GET' ? routeOptions.url : '/account'
}
