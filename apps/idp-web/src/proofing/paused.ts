import type { FastifyReply } from 'fastify'
import type { WebDeps } from '../deps.ts'
import type { Check } from './answer.ts'
import { pausedPage } from './pages/paused.ts'

/** Ten minutes: a pause is ordered by operators and takes about so long. */
export const pauseSeconds = 600

/**
 * Says that checks are paused, where they are: nothing is enqueued that nobody would work on in time, no attempt is used,
 * and what the person has answered stays in their session. Undefined where checks are made.
 */
export function sendPausedPage(
  { config }: Pick<WebDeps, 'config'>,
  reply: FastifyReply,
  check: Check,
): FastifyReply | undefined {
  if (config.jobsEnabled && config.checksEnabled) return undefined
  return reply
    .code(503)
    .header('retry-after', pauseSeconds)
    .page((view) => pausedPage(view, { check }))
}
