import type { OpenAttempt } from '../session/session.ts'

/**
 * When the page should ask again, in seconds: soon at first, because most checks end within a few seconds, then less
 * and less often; spread by a fifth either way, so that people who came together do not ask together.
 */
export function nextPollSeconds(
  { enqueuedAt, deadlineAt }: OpenAttempt,
  { now, random }: { now: () => number; random: () => number },
): number {
  const elapsedSeconds = (now() - enqueuedAt) / 1000
  const leftSeconds = Math.max(0.5, (deadlineAt - now()) / 1000 + 0.2)
  const spread = 0.8 + random() * 0.4
  return Math.round(Math.min(pace(elapsedSeconds) * spread, leftSeconds) * 100) / 100
}

function pace(elapsedSeconds: number): number {
  if (elapsedSeconds < 5) return 1
  return elapsedSeconds < 20 ? 2 : 4
}
