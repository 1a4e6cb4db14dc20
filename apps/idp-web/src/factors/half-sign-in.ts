import { completeSignIn, type Exchange, renewSignIn, signedIn } from '../account/signed-in.ts'
import type { WebDeps } from '../deps.ts'
import type { HalfSignIn, Session, SignInMethod } from '../session/session.ts'

/** Who shows the second thing after the password does it within this time. */
const halfSignInMs = 10 * 60_000

export type SecondPurpose = HalfSignIn['purpose']

export interface HalfSignedIn {
  readonly session: Session
  /** Whose password was right. */
  readonly accountId: string
  readonly purpose: SecondPurpose
  /** The hash by which it was right. */
  readonly passwordHash: string
}

/** Where the password is asked for. */
export const beginningOf = {
  'sign-in': '/sign-in',
  confirm: '/sign-in/confirm',
} as const satisfies Record<SecondPurpose, string>

/** Undefined also once the account has another password, and for whoever confirms once they are not signed in any more. */
export async function halfSignedIn(
  deps: WebDeps,
  session: Session | undefined,
): Promise<HalfSignedIn | undefined> {
  const half = session?.halfSignIn
  if (!half || deps.now() > half.at + halfSignInMs) return undefined
  const { accountId, purpose } = half
  const known = await deps.accounts.readWithPassword(accountId)
  if (!known?.passwordHash || known.account.passwordChangedAt !== half.passwordChangedAt) {
    return undefined
  }
  const isGone = purpose === 'confirm' && (await signedIn(deps, session))?.accountId !== accountId
  return isGone ? undefined : { session, accountId, purpose, passwordHash: known.passwordHash }
}

/** The person has shown the rest as well. Returns where they go on. */
export async function finishHalfSignIn(
  deps: WebDeps,
  exchange: Exchange,
  { half, method }: { readonly half: HalfSignedIn; readonly method: SignInMethod },
): Promise<string> {
  const { session, accountId, passwordHash } = half
  const methods = ['password', method] as const
  switch (half.purpose) {
    case 'sign-in':
      return completeSignIn(deps, exchange, { accountId, methods, passwordHash })
    case 'confirm':
      return renewSignIn(deps, session, methods)
  }
}
