import type { FastifyInstance } from 'fastify'
import type { WebDeps } from '../../deps.ts'
import { findAccountOf } from '../../openid/grant-subjects.ts'
import type { Openid } from '../../openid/openid.ts'
import { issuerOf } from '../../openid/provider.ts'
import { codeOf } from '../../plugins/errors.ts'
import { issuersAmong } from './issuers.ts'
import { type ReceivedEvent, readToken } from './read-token.ts'
import { RefusedToken } from './refused-token.ts'
import { type Taken, takeEvent } from './take-event.ts'

export const intakeRoute = '/api/risc/security_events'

/** What partners report of people's accounts, one token a request (RFC 8935). Nothing of it is there without partners. */
export async function intakeRoutes(app: FastifyInstance, deps: WebDeps): Promise<void> {
  const { openid } = deps
  if (!openid) return
  await app.register((scope, _options, done) => {
    const parser = { parseAs: 'string', bodyLimit: maxBytes } as const
    scope.addContentTypeParser('application/secevent+jwt', parser, (_request, body, parsed) =>
      parsed(null, body),
    )
    answerErrors(scope, deps)
    receive(scope, { deps, openid })
    done()
  })
}

/** A token with one event and a key of 4096 bits has less than 2 KB. */
const maxBytes = 8 * 1024

interface IntakeParts {
  readonly deps: WebDeps
  readonly openid: Openid
}

function receive(scope: FastifyInstance, { deps, openid }: IntakeParts): void {
  const issuers = issuersAmong(openid.partners)
  const issuer = issuerOf(deps)
  const audience = `${issuer}${intakeRoute}`
  const rateLimit = { max: deps.config.partnerRequestsPerWindow }
  const config = { anonymous: true, json: true, rateLimit } as const
  scope.post(intakeRoute, { config }, async ({ body }, reply) => {
    if (typeof body !== 'string') throw new RefusedToken('malformed')
    const received = await readToken(body, { issuers, issuer, audience, now: deps.now() })
    const { partner, profile } = received.issuer
    const taken = await take({ deps, openid }, received)
    deps.log.info('security-event.received', {
      partner: partner.id,
      step: received.event,
      outcome: taken,
    })
    if (taken === 'other') throw new RefusedToken('other-event-of-jti', profile)
    if (taken === 'repeated' && profile === 'login-gov') throw new RefusedToken('repeated', profile)
    return reply.code(202).send()
  })
}

async function take({ deps, openid }: IntakeParts, received: ReceivedEvent): Promise<Taken> {
  const { issuer, subject } = received
  const accountId = await findAccountOf(
    { db: deps.db, openid },
    { partner: issuer.partner, subject },
  )
  const account = accountId === undefined ? undefined : await deps.accounts.read(accountId)
  if (!account) throw new RefusedToken('unknown-subject', issuer.profile)
  return takeEvent(deps, account, received)
}

/** As RFC 8935, section 2.3, wants them; what is wrong with the request rather than with a token keeps its own status. */
function answerErrors(scope: FastifyInstance, { log }: WebDeps): void {
  scope.setErrorHandler((error, request, reply) => {
    reply.header('content-language', 'en-US')
    const requestId = request.id
    if (error instanceof RefusedToken) {
      log.info('security-event.refused', { code: error.code, status: 400, requestId })
      return reply.code(400).send(error.answer)
    }
    const status = statusOf(error)
    const fields = { code: codeOf(error), status, requestId }
    if (status >= 500) log.error('request.failed', fields)
    else log.info('request.refused', fields)
    if (status === 429 || status >= 500) {
      return reply.code(status).send({ error: 'temporarily_unavailable' })
    }
    return reply.code(status).send(new RefusedToken('malformed').answer)
  })
}

/** Also of our own refusals, such as that there were too many requests. */
function statusOf(error: unknown): number {
  if (!(error instanceof Error)) return 500
  if ('statusCode' in error) return Number(error.statusCode)
  return 'status' in error ? Number(error.status) : 500
}
