import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { z } from 'zod'
import type { WebDeps } from '../deps.ts'
import { codeOf, isOutage } from '../plugins/errors.ts'
import { HttpError } from '../plugins/http-error.ts'
import { authenticate, type Consumer } from './consumers.ts'
import { type ProblemCode, ProblemError, problems } from './problems.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks, in routes of the API for transfers. */
    consumer: Consumer | undefined
  }
}

/** What holds for every request to the API: who asks, how often, in which form, and how it is told of problems. */
export function apiScope(scope: FastifyInstance, deps: WebDeps): void {
  scope.removeAllContentTypeParsers()
  scope.addContentTypeParser(
    'application/json',
    { parseAs: 'string', bodyLimit: 16 * 1_024 },
    (_request, body, done) => {
      try {
        done(null, JSON.parse(String(body)))
      } catch {
        done(new ProblemError('malformed-request'))
      }
    },
  )
  scope.decorateRequest('consumer', undefined)
  const limit = scope.createRateLimit({
    // Of its own, once it is known who asks.
    max: (request) => request.consumer?.perMinute ?? 0,
    timeWindow: 60_000,
    keyGenerator: ({ consumer }) => `transfers/${consumer?.id}`,
    skipOnError: true,
  })
  // After the limit of requests from one network, and before anything of the body is read.
  scope.addHook('preParsing', async (request, reply) => {
    request.consumer = await authenticate(deps.db, request.headers.authorization)
    takeRequestId(request)
    reply.header('x-request-id', request.id)
    const used = await limit(request)
    if (used.isAllowed) return
    reply.headers({ 'ratelimit-limit': used.max, 'ratelimit-remaining': used.remaining })
    reply.header('ratelimit-reset', used.ttlInSeconds)
    if (used.isExceeded)
      throw new ProblemError('rate-limited', { retryAfterSeconds: used.ttlInSeconds })
  })
  scope.setErrorHandler((error: FastifyError, request, reply) =>
    sendProblem(deps, { error, request, reply }),
  )
  scope.setNotFoundHandler((request, reply) =>
    sendProblem(deps, { error: new ProblemError('not-found'), request, reply }),
  )
}

/** Printable ASCII without spaces: safe in a log and in a header. */
const idPattern = /^[\x21-\x7e]{1,128}$/

/** The consumer's own id of its request, if it has one, becomes ours. */
function takeRequestId(request: FastifyRequest): void {
  const given = headerOf(request, 'x-request-id')
  if (given !== undefined) request.id = given
}

/** @throws ProblemError if it is too long, or has what no log should show */
export function headerOf({ headers }: FastifyRequest, name: string): string | undefined {
  const given = headers[name]
  if (given === undefined) return undefined
  if (typeof given === 'string' && idPattern.test(given)) return given
  const errors = [{ pointer: name, detail: 'is not 1 to 128 printable ASCII characters' }]
  throw new ProblemError('malformed-header', { errors })
}

/** What a request says, by a schema. @throws ProblemError that says where it is wrong, and quotes nothing. */
export function parsed<S extends z.ZodType>(schema: S, given: unknown): z.output<S> {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  throw new ProblemError('invalid-request', { errors: result.error.issues.flatMap(placesOf) })
}

/** Where to look, by the name of the member as the schema knows it. */
function placesOf(issue: z.core.$ZodIssue) {
  const at = (path: readonly PropertyKey[]) => path.map((part) => `/${String(part)}`).join('')
  // Names that were sent and are none of ours are not sent back.
  if (issue.code === 'unrecognized_keys') {
    return [{ pointer: at(issue.path), detail: 'has a member that is none' }]
  }
  if (issue.code === 'custom') return [{ pointer: at(issue.path), detail: issue.message }]
  const detail =
    issue.code === 'invalid_type' ? `must be ${issue.expected}` : 'is not as it has to be'
  return [{ pointer: at(issue.path), detail }]
}

interface Refusing {
  readonly error: unknown
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

function sendProblem(deps: WebDeps, { error, request, reply }: Refusing): FastifyReply {
  const code = problemOf(error)
  const { status, title } = problems[code]
  const facts = error instanceof ProblemError ? error.facts : {}
  const fields = { code: status >= 500 ? codeOf(error) : code, status, requestId: request.id }
  const { consumer } = request
  if (status >= 500) deps.log.error('request.failed', { ...fields, consumer: consumer?.id })
  else deps.log.info('request.refused', { ...fields, consumer: consumer?.id })
  deps.metrics.increment('transfer_requests_refused_total', { code })
  const retryAfter = facts.retryAfterSeconds ?? (status === 503 ? 5 : undefined)
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter)
  if (status === 401) reply.header('www-authenticate', challengeFor(code))
  return reply
    .code(status)
    .type('application/problem+json')
    .header('x-request-id', request.id)
    .send(
      JSON.stringify({
        type: new URL(`/api#${code}`, deps.config.publicUrl).href,
        title,
        status,
        code,
        request_id: request.id,
        ...(facts.errors && { errors: facts.errors }),
      }),
    )
}

/** RFC 6750, section 3: no error is named to who has shown no key. */
function challengeFor(code: ProblemCode): string {
  const realm = 'Bearer realm="transfers"'
  return code === 'key-missing' ? realm : `${realm}, error="invalid_token"`
}

function problemOf(error: unknown): ProblemCode {
  if (error instanceof ProblemError) return error.code
  if (error instanceof HttpError) return problemOfStatus(error.status)
  if (isOutage(error)) return 'unavailable'
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500
  return problemOfStatus(status)
}

function problemOfStatus(status: number): ProblemCode {
  switch (status) {
    case 400:
      return 'malformed-request'
    case 404:
      return 'not-found'
    case 413:
      return 'body-too-large'
    case 415:
      return 'not-json'
    case 429:
      return 'rate-limited'
    case 503:
      return 'unavailable'
    default:
      return 'internal'
  }
}
