const firstDelayMs = 2_000
const longestDelayMs = 15_000

/**
 * How long to wait before asking again after a number of failures in a row, in milliseconds: twice as long each time,
 * spread by a quarter either way so that everyone cut off together does not come back together.
 */
export function delayAfterFailures(failures: number, random: () => number): number {
  const delayMs = Math.min(firstDelayMs * 2 ** (failures - 1), longestDelayMs)
  return delayMs * (0.75 + random() * 0.5)
}

/** How long the server wants us to wait, in milliseconds. Whatever it says, we neither hammer nor fall asleep. */
export function delayAskedFor(nextPollSeconds: unknown): number {
  const seconds = typeof nextPollSeconds === 'number' ? nextPollSeconds : 3
  return Math.min(Math.max(seconds, 0.2), 30) * 1_000
}
