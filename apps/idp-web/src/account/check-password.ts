import type { WebDeps } from '../deps.ts'
import { passwordLimits } from './account-limits.ts'
import type { WithPassword } from './accounts.ts'

export interface PasswordCheck {
  /** Undefined where there is no account; it then takes as long and is wrong. */
  readonly known: WithPassword | undefined
  readonly address: string
  readonly typed: string
}

/**
 * The hash by which this is the account's password; undefined if it is not. Count it against its limits first. A right
 * one forgets the wrong ones before it, and brings what is kept of the account up to date.
 */
export async function checkPassword(
  deps: WebDeps,
  { known, address, typed }: PasswordCheck,
): Promise<string | undefined> {
  const verdict = await deps.passwordHashes.verify(known?.passwordHash, typed)
  if (!known?.passwordHash || verdict === 'wrong') return undefined
  await deps.guessLimits.clear(passwordLimits(deps, address))
  const passwordHash =
    verdict === 'outdated' ? await deps.passwordHashes.hash(typed) : known.passwordHash
  await deps.accounts.renewHashes(known, { address, passwordHash })
  return passwordHash
}
