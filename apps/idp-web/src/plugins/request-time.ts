import type { FastifyInstance } from 'fastify'

/** From the first byte of a request to its last; answers may take longer. */
const requestSeconds = 15
/** The same where photos come in: over a slow connection they take their time. */
export const longestRequestSeconds = 300

/** Cuts off whoever sends so slowly that it can only be meant to hold us up. */
export function requestTime(app: FastifyInstance): void {
  app.server.headersTimeout = requestSeconds * 1000
  app.addHook('preParsing', async (request, _reply, body) => {
    if (request.routeOptions.config.takesFiles === true) return
    const timer = setTimeout(() => request.raw.destroy(), requestSeconds * 1000)
    body.once('end', () => clearTimeout(timer))
    body.once('close', () => clearTimeout(timer))
  })
}
