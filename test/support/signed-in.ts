import { randomBytes } from 'node:crypto'
import type { Account } from '../../apps/idp-web/src/account/accounts.ts'
import type { Session, SignInMethod } from '../../apps/idp-web/src/session/session.ts'
import type { TestWeb, Visitor } from './web.ts'

/** A new account, with a password that nobody can type. */
export async function newAccount({ deps }: TestWeb): Promise<Account> {
  const address = `${randomBytes(8).toString('hex')}@example.org`
  const account = await deps.accounts.create({ address, passwordHash: 'none' })
  if (!account) throw new Error('The address has an account')
  return account
}

export interface SignedInAs {
  readonly accountId: string
  /** Now, if it is not said. Milliseconds since the epoch. */
  readonly at?: number | undefined
  readonly methods?: readonly SignInMethod[]
}

/** Writes into a visitor's session what signing in writes there. */
export async function signInAs(
  web: TestWeb,
  visitor: Visitor,
  { accountId, at = web.deps.now(), methods = ['password'] }: SignedInAs,
): Promise<void> {
  await visitor.get('/sign-in')
  const session = await sessionOf(web, visitor)
  await web.deps.accountSessions.add(accountId, session.slot, { signedInAt: at, seenAt: at })
  await web.deps.sessions.patch(session, { signIn: { accountId, at, methods: [...methods] } })
}

export async function sessionOf({ deps }: TestWeb, { cookies }: Visitor): Promise<Session> {
  const session = await deps.sessions.load(cookies.get('anteroom-session') ?? '')
  if (!session) throw new Error('The visitor has no session')
  return session
}
