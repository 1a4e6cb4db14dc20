import type { RetryPolicy } from '@anteroom/job-contracts'

/** Exponential backoff with full jitter: an even draw between nothing and a bound that doubles with each attempt. */
export function retryDelayMs(retry: RetryPolicy, attempt: number, random: () => number): number {
  const { firstDelaySeconds = 1, maxDelaySeconds = 60 } = retry
  const bound = Math.min(maxDelaySeconds, firstDelaySeconds * 2 ** (attempt - 1))
  return Math.round(random() * bound * 1000)
}
