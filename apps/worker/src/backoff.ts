import type { RetryPolicy } from '@anteroom/job-contracts'

/** How far from what the contract says a wait in its list may be. */
const spread = 0.2

/**
 * Exponential backoff with full jitter: an even draw between nothing and a bound that doubles with each attempt. Or the
 * contract's own wait after this attempt, drawn evenly from a fifth around it.
 */
export function retryDelayMs(retry: RetryPolicy, attempt: number, random: () => number): number {
  const { firstDelaySeconds = 1, maxDelaySeconds = 60, delaysSeconds } = retry
  const listed = delaysSeconds?.[attempt - 1]
  if (listed !== undefined) return Math.round(listed * (1 + spread * (2 * random() - 1)) * 1000)
  const bound = Math.min(maxDelaySeconds, firstDelaySeconds * 2 ** (attempt - 1))
  return Math.round(random() * bound * 1000)
}
