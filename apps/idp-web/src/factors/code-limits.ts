import { type GuessLimit, longestGuessWindowSeconds } from '../account/guess-limits.ts'
import type { WebDeps } from '../deps.ts'

/**
 * Codes that may be tried for one account, of any kind. A right one clears the count, so that at most a hundred wrong ones
 * come one after the other within the longest window (NIST SP 800-63B-4 §3.2.2).
 */
export function codeLimits(accountId: string): readonly GuessLimit[] {
  return [
    { what: 'factor-code', whom: accountId, max: 10, windowSeconds: 15 * 60 },
    lastingLimit(accountId),
  ]
}

function lastingLimit(whom: string): GuessLimit {
  return { what: 'factor-code-lasting', whom, max: 100, windowSeconds: longestGuessWindowSeconds }
}

/**
 * Whoever knows the password can use up the codes of 30 days. The owner ends that by a passkey, which nobody guesses. The
 * short count stays.
 */
export async function freeCodes(
  { guessLimits, accounts }: Pick<WebDeps, 'guessLimits' | 'accounts'>,
  accountId: string,
): Promise<void> {
  await guessLimits.clear([lastingLimit(accountId)])
  await accounts.unlockCodes(accountId)
}

/** By a new password too, which shuts out whoever knew the old one; once, so that mail alone does not lead to endless codes. */
export async function freeCodesOnce(
  deps: Pick<WebDeps, 'guessLimits' | 'accounts'>,
  accountId: string,
): Promise<void> {
  const once = {
    what: 'factor-codes-freed',
    whom: accountId,
    max: 1,
    windowSeconds: longestGuessWindowSeconds,
  }
  const refused = await deps.guessLimits.use([once])
  if (!refused) await freeCodes(deps, accountId)
}
