import { readOutcome } from '@anteroom/job-channel'
import type { FastifyReply } from 'fastify'
import type { WebDeps } from '../deps.ts'
import type { OpenAttempt } from '../session/session.ts'

const heartbeatMs = 15_000

/**
 * A stream of server-sent events with at most one event: `answer`. It carries nothing but that there is one; the page
 * fetches it like any other. Listening begins before looking, so that no answer slips between the two.
 */
export async function streamAnswer(
  { outcomes, redis, now, log }: WebDeps,
  { jobId, deadlineAt }: Pick<OpenAttempt, 'jobId' | 'deadlineAt'>,
  reply: FastifyReply,
): Promise<void> {
  reply.hijack()
  const { raw } = reply
  // Hijacking leaves it to us to send the headers that were set so far.
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) raw.setHeader(name, value)
  }
  raw.writeHead(200, { 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' })
  raw.write(':\n\n')

  const heartbeat = setInterval(() => raw.write(':\n\n'), heartbeatMs)
  const deadline = setTimeout(tell, Math.max(0, deadlineAt - now()))
  const unlisten = outcomes.on(jobId, tell)
  raw.on('close', stop)
  raw.on('error', stop)

  function tell(): void {
    stop()
    raw.end('event: answer\ndata: {}\n\n')
  }

  function stop(): void {
    clearInterval(heartbeat)
    clearTimeout(deadline)
    unlisten()
  }

  try {
    if (await readOutcome(redis, jobId)) tell()
  } catch {
    // The page polls as well, and the listener may still tell it.
    log.warn('events.outcome-unreadable')
  }
}
