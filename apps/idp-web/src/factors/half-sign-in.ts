import { completeSignIn, type Exchange, renewSignIn, signedIn } from '../account/signed-in.ts'
import type { WebDeps } from '../deps.ts'
import type { Session, SignInMethod } from '../session/session.ts'

/** Who shows the second thing after the password does it within this time. */
const halfSignInMs = 10 * 60_000

export interface HalfSignedIn {
  readonly session: Session
  /** Whose password was right. */
  readonly accountId: string
}

export function halfSignedIn(
  { now }: Pick<WebDeps, 'now'>,
  session: Session | undefined,
): HalfSignedIn | undefined {
  const half = session?.halfSignIn
  if (!half || now() > half.at + halfSignInMs) return undefined
  return { session, accountId: half.accountId }
}

/** The person has shown the rest as well. Returns where they go on. */
export async function finishHalfSignIn(
  deps: WebDeps,
  exchange: Exchange,
  { half, method }: { readonly half: HalfSignedIn; readonly method: SignInMethod },
): Promise<string> {
  const { session, accountId } = half
  const methods = ['password', method] as const
  const current = await signedIn(deps, session)
  // Whoever only confirmed that they are there goes on in the same session.
  if (current?.accountId !== accountId) {
    return completeSignIn(deps, exchange, { accountId, methods })
  }
  await deps.sessions.patch(session, { halfSignIn: undefined })
  return renewSignIn(deps, session, methods)
}
