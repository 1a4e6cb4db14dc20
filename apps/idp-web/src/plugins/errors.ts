import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { renderHtml } from '../html.ts'
import { errorPage } from '../pages/error.ts'
import { type ErrorStatus, HttpError } from './http-error.ts'
import { securityHeaders } from './security.ts'
import { viewOf } from './view.ts'

interface Translated {
  readonly status: ErrorStatus
  readonly code: string
}

/** One handler for everything that goes wrong: code → status → page. The page echoes nothing, the log gets the code. */
export function errors(app: FastifyInstance, deps: WebDeps): void {
  app.setErrorHandler((error, request, reply) => {
    const { status, code } = translate(error)
    const fields = { code, status, requestId: request.id }
    if (status >= 500) deps.log.error('request.failed', fields)
    else deps.log.info('request.refused', fields)
    return answer(request, reply.code(status), status)
  })
  app.setNotFoundHandler({ preHandler: app.rateLimit() }, (request, reply) =>
    answer(request, reply.code(404), 404),
  )
}

/** The page for a request that is not even addressed rightly: no hook and no route has seen it. */
export function malformedRequest(
  deps: WebDeps,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  return reply
    .code(400)
    .headers(securityHeaders(deps))
    .type('text/html; charset=utf-8')
    .send(renderHtml(errorPage(viewOf(deps, request), { status: 400 })))
}

function answer(request: FastifyRequest, reply: FastifyReply, status: ErrorStatus): FastifyReply {
  if (status === 503) reply.header('retry-after', '5')
  if (request.routeOptions.config.json === true) return reply.send({ error: status })
  return reply.page((view) => errorPage(view, { status }))
}

function translate(error: unknown): Translated {
  if (error instanceof HttpError) return { status: error.status, code: error.code }
  if (!(error instanceof Error)) return { status: 500, code: 'UNEXPECTED' }
  const code = codeOf(error)
  if ('statusCode' in error && isClientStatus(error.statusCode))
    return { status: error.statusCode, code }
  if (isOutage(error)) return { status: 503, code }
  return { status: 500, code }
}

/** What the log may say of an error. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNEXPECTED'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name
}

/** Statuses that Fastify and its plugins give to requests they refuse. */
function isClientStatus(status: unknown): status is ErrorStatus {
  return [400, 403, 404, 413, 415, 429].some((known) => known === status)
}

/** Postgres, Redis, S3 or the key service cannot be reached: not the person's doing, and it passes. */
export function isOutage(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  return (
    code === 'SEAL_KEYS_UNAVAILABLE' ||
    code === 'IMAGES_UNAVAILABLE' ||
    code === 'GROUP_COMMIT_FULL' ||
    code === 'LINE_LOST' ||
    error.name === 'MaxRetriesPerRequestError' ||
    /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EHOST|08|57P|53)/.test(code) ||
    isConnectionLoss(error)
  )
}

/** pg and ioredis give some of their connection losses no code; these are theirs, and nobody else's words. */
function isConnectionLoss({ message }: Error): boolean {
  return (
    message === 'Connection terminated unexpectedly' ||
    message === 'Query read timeout' ||
    message === 'Command timed out' ||
    message === 'Connection is closed.' ||
    message === 'timeout exceeded when trying to connect' ||
    message === 'Connection terminated due to connection timeout'
  )
}
