import { type GuessLimit, longestGuessWindowSeconds } from '../account/guess-limits.ts'

/**
 * Codes that may be tried for one account, of any kind. A right one clears the count, so that at most a hundred wrong ones
 * come one after the other within the longest window (NIST SP 800-63B-4 §3.2.2).
 */
export function codeLimits(accountId: string): readonly GuessLimit[] {
  return [
    { what: 'factor-code', whom: accountId, max: 10, windowSeconds: 15 * 60 },
    {
      what: 'factor-code-lasting',
      whom: accountId,
      max: 100,
      windowSeconds: longestGuessWindowSeconds,
    },
  ]
}
