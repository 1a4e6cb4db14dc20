import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ConsoleDeps } from './console-deps.ts'
import { ConsoleError } from './console-error.ts'

/**
 * A name that somebody else's page has pointed here is answered nothing, and a form of somebody else's page is not taken:
 * a browser inside the network is no way in for whoever is outside.
 */
export function ownRequestsOnly(
  app: FastifyInstance,
  { hosts, log }: Pick<ConsoleDeps, 'hosts' | 'log'>,
): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const refusal = refusalOf(request, hosts)
    if (refusal) log.warn('console.refused', { reason: refusal.reason })
    done(refusal && new ConsoleError(403, refusal.words))
  })
}

function refusalOf({ method, headers }: FastifyRequest, hosts: ReadonlySet<string>) {
  const { host = '', origin = '' } = headers
  const name = host.replace(/:\d{1,5}$/, '').toLowerCase()
  if (!hosts.has(name)) {
    return { reason: 'host', words: 'The console is not served under this name.' }
  }
  if (method === 'GET' || method === 'HEAD') return undefined
  if (origin === `http://${host}` || origin === `https://${host}`) return undefined
  return { reason: 'origin', words: 'This form does not come from the console.' }
}
