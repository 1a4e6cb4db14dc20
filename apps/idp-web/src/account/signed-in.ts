import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { ensureSession, replaceSession, resumeSignedIn } from '../plugins/session.ts'
import type { Session, SignIn, SignInMethod } from '../session/session.ts'
import { clientNames } from './client-names.ts'

/** The only home of who is signed in. */

export interface Exchange {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

export interface ShownBy {
  readonly accountId: string
  /** What they showed, in its order. */
  readonly methods: readonly SignInMethod[]
}

/**
 * The person has shown all that the account asks for. They go on in a session that nobody knew before, and take nothing
 * with them but the page or the partner they were on their way to. Returns where they go on.
 */
export async function completeSignIn(
  deps: WebDeps,
  { request, reply }: Exchange,
  { accountId, methods }: ShownBy,
): Promise<string> {
  const { wantedPage, interaction } = request.session ?? {}
  const session = await replaceSession(deps, request, reply)
  const at = deps.now()
  const names = clientNames(request.headers['user-agent'])
  await deps.accountSessions.add(accountId, session.slot, { signedInAt: at, seenAt: at, ...names })
  const signIn = { accountId, at, methods: [...methods] }
  await deps.sessions.patch(session, { signIn, interaction })
  request.session = { ...session, signIn, interaction }
  await resumeSignedIn(deps, request, reply)
  return request.session.ticket ? '/credential/line' : whereTo({ wantedPage, interaction })
}

/** The same person has shown anew that they are there. Returns where they go on. */
export async function renewSignIn(
  deps: WebDeps,
  session: Session,
  methods: readonly SignInMethod[],
): Promise<string> {
  const { signIn, wantedPage, interaction } = session
  if (signIn) {
    const all = [...new Set([...signIn.methods, ...methods])]
    const renewed = { ...signIn, at: deps.now(), methods: all }
    await deps.sessions.patch(session, { signIn: renewed, wantedPage: undefined })
  }
  return whereTo({ wantedPage, interaction })
}

function whereTo({ wantedPage, interaction }: Pick<Session, 'wantedPage' | 'interaction'>): string {
  if (interaction !== undefined) return `/openid/interaction/${interaction}`
  return wantedPage ?? '/account'
}

const seenEveryMs = 60_000

/** Who is signed in; undefined also if the session was ended from elsewhere. */
export async function signedIn(
  { accountSessions, now }: WebDeps,
  session: Session | undefined,
): Promise<SignIn | undefined> {
  if (!session?.signIn) return undefined
  const { slot, signIn } = session
  const listed = await accountSessions.find(signIn.accountId, slot)
  if (!listed) return undefined
  if (now() > listed.seenAt + seenEveryMs) {
    await accountSessions.add(signIn.accountId, slot, { ...listed, seenAt: now() })
  }
  return signIn
}

/** Who changes what guards an account has shown within this time that they are there. */
export const recentMs = 5 * 60_000

/**
 * Whoever is signed in; otherwise they are sent to sign in, or to confirm that they are there, and then come back to this
 * page, and this is undefined.
 */
export async function requireSignIn(
  deps: WebDeps,
  { request, reply }: Exchange,
  { recent = false }: { readonly recent?: boolean } = {},
): Promise<SignIn | undefined> {
  const found = await signedIn(deps, request.session)
  if (found && !(recent && deps.now() > found.at + recentMs)) return found
  const session = await ensureSession(deps, request, reply)
  const wantedPage = request.method === 'GET' ? request.routeOptions.url : '/account'
  await deps.sessions.patch(session, { wantedPage, ...(!found && { signIn: undefined }) })
  reply.redirect(found ? '/sign-in/confirm' : '/sign-in', 303)
  return undefined
}
