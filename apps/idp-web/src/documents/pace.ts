import type { FastifyRequest } from 'fastify'

export interface Pace {
  readonly bytesPerSecond: number
  /** This long a sender may be slower, or stop. */
  readonly graceMs: number
  readonly everyMs: number
}

/** Slower than any connection over which people send photos. */
const leastPace: Pace = { bytesPerSecond: 20_000, graceMs: 15_000, everyMs: 1_000 }

/**
 * Cuts off whoever sends the rest of a request more slowly than this on average. Only time in which we are reading
 * counts.
 */
export function keepPace(request: FastifyRequest['raw'], pace: Pace = leastPace): void {
  const { socket } = request
  const readBefore = socket.bytesRead
  let allowedMs = pace.graceMs
  const timer = setInterval(() => {
    if (request.complete || request.isPaused()) return
    allowedMs -= pace.everyMs
    const earnedMs = ((socket.bytesRead - readBefore) / pace.bytesPerSecond) * 1_000
    if (allowedMs + earnedMs < 0) request.destroy()
  }, pace.everyMs)
  request.once('end', () => clearInterval(timer))
  request.once('close', () => clearInterval(timer))
}
