import { randomBytes } from 'node:crypto'
import type { Account } from '../../apps/idp-web/src/account/accounts.ts'
import type { Session } from '../../apps/idp-web/src/session/session.ts'
import type { TestWeb, Visitor } from './web.ts'

/** A new account, with a password that nobody can type. */
export async function newAccount({ deps }: TestWeb): Promise<Account> {
  const address = `${randomBytes(8).toString('hex')}@example.org`
  const account = await deps.accounts.create({ address, password: 'none' })
  if (!account) throw new Error('The address has an account')
  return account
}

/** Puts a visitor where somebody is who has just signed in, in a session of their own. */
export async function signIn(web: TestWeb, visitor: Visitor, { id }: Account): Promise<void> {
  await visitor.get('/verify/sign-in')
  const session = await sessionOf(web, visitor)
  const at = web.deps.now()
  await web.deps.accountSessions.add(id, session.slot, { signedInAt: at, seenAt: at })
  const signedIn = { accountId: id, at, methods: ['password' as const] }
  await web.deps.sessions.patch(session, { signIn: signedIn })
}

export async function sessionOf({ deps }: TestWeb, { cookies }: Visitor): Promise<Session> {
  const session = await deps.sessions.load(cookies.get('anteroom-session') ?? '')
  if (!session) throw new Error('The visitor has no session')
  return session
}
