import type { WebDeps } from '../deps.ts'
import type { Session, SignIn } from '../session/session.ts'
import type { Account } from './accounts.ts'
import { type Exchange, requireSignIn } from './signed-in.ts'

export interface Owner {
  readonly account: Account
  readonly signIn: SignIn
  readonly session: Session
}

/** As `requireSignIn`, with the account of whoever is signed in. One that was deleted or suspended
 * this moment has nobody. */
export async function requireAccount(
  deps: WebDeps,
  exchange: Exchange,
  options: Parameters<typeof requireSignIn>[2] = {},
): Promise<Owner | undefined> {
  const signIn = await requireSignIn(deps, exchange, options)
  const { session } = exchange.request
  if (!signIn || !session) return undefined
  const account = await deps.accounts.read(signIn.accountId)
  if (account && account.suspendedAt === undefined) return { account, signIn, session }
  await deps.accountSessions.endAll(signIn.accountId)
  exchange.reply.redirect('/sign-in', 303)
  return undefined
}
