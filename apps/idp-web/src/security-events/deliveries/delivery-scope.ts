import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { eventsScope } from '../../openid/client.ts'
import type { OpenidParts } from '../../openid/provider.ts'
import { codeOf } from '../../plugins/errors.ts'
import { DeliveryRefusal } from './delivery-refusal.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The id of the partner that asks for its own security events. */
    eventPartner: string | undefined
  }
}

/** So often a partner may ask in a minute. */
const perMinute = 60

/** What holds for every such request: who asks, how often, in which form, and how it is refused. */
export function deliveryScope(scope: FastifyInstance, parts: OpenidParts): void {
  const parser = { parseAs: 'string', bodyLimit: 8 * 1024 } as const
  scope.addContentTypeParser('application/json', parser, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)))
    } catch {
      done(new DeliveryRefusal('invalid_request'))
    }
  })
  scope.decorateRequest('eventPartner', undefined)
  const limit = scope.createRateLimit({
    max: perMinute,
    timeWindow: 60_000,
    keyGenerator: ({ eventPartner }) => `deliveries/${eventPartner}`,
    skipOnError: true,
  })
  // Before anything of the body is read.
  scope.addHook('preParsing', async (request) => {
    request.eventPartner = await partnerOf(parts, request)
    const used = await limit(request)
    if (used.isAllowed || !used.isExceeded) return
    throw new DeliveryRefusal('temporarily_unavailable', { retryAfter: used.ttlInSeconds })
  })
  scope.setErrorHandler((error, request, reply) => refuse(parts, { error, request, reply }))
}

/** By the token that it got for its credentials, and for nobody's account. @throws DeliveryRefusal */
async function partnerOf(
  { openid, provider }: OpenidParts,
  { headers }: FastifyRequest,
): Promise<string> {
  if (headers.authorization === undefined) throw new DeliveryRefusal('no_token')
  const [, value = ''] = /^Bearer +([\w-]{20,200})$/i.exec(headers.authorization) ?? []
  const token = value === '' ? undefined : await provider.ClientCredentials.find(value)
  const partner = openid.partners.get(token?.clientId ?? '')
  if (!token || !partner?.security_events) throw new DeliveryRefusal('invalid_token')
  if (token.scope?.split(' ').includes(eventsScope)) return partner.id
  throw new DeliveryRefusal('insufficient_scope')
}

interface Refusing {
  readonly error: unknown
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

function refuse({ deps }: OpenidParts, { error, request, reply }: Refusing): FastifyReply {
  const status = statusOf(error)
  const fields = { code: codeOf(error), status, requestId: request.id }
  if (status >= 500) deps.log.error('request.failed', fields)
  else deps.log.info('request.refused', fields)
  reply.code(status)
  if (!(error instanceof DeliveryRefusal)) return reply.send({ error: errorOf(status) })
  const { code, retryAfter } = error
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  const realm = 'Bearer realm="security-events"'
  // Who has shown no token is told of no error (RFC 6750, section 3.1).
  if (code === 'no_token') return reply.header('www-authenticate', realm).send()
  if (status === 401 || status === 403) {
    reply.header('www-authenticate', `${realm}, error="${code}", scope="${eventsScope}"`)
  }
  return reply.send({ error: code })
}

function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500
  if ('statusCode' in error) return Number(error.statusCode)
  return 'status' in error ? Number(error.status) : 500
}

function errorOf(status: number): string {
  if (status === 429) return 'temporarily_unavailable'
  return status < 500 ? 'invalid_request' : 'server_error'
}
