import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type Provider from 'oidc-provider'
import { signedIn } from '../account/signed-in.ts'
import type { WebDeps } from '../deps.ts'
import { codeOf } from '../plugins/errors.ts'
import { HttpError } from '../plugins/http-error.ts'
import { publicDataHeaders } from '../plugins/security.ts'
import { deliveryRoutes } from '../security-events/deliveries/delivery-routes.ts'
import { exchangeOf, type ProviderExchange, sendKept } from './exchange.ts'
import { handOverDetails } from './handed-details.ts'
import { interactionRoutes } from './interaction-routes.ts'
import { lifetimes } from './lifetimes.ts'
import { logoutRoutes } from './logout-routes.ts'
import { createProvider, issuerOf } from './provider.ts'
import { providerSessionCookie } from './provider-configuration.ts'
import { discoveryRoute, routes } from './routes.ts'
import { servicesRoutes } from './services-routes.ts'

/** Signing in to partners. Nothing of it is there without partners. */
export async function openidRoutes(app: FastifyInstance, deps: WebDeps): Promise<void> {
  const { openid } = deps
  if (!openid) return
  const provider = createProvider({ deps, openid })
  await app.register((scope, _options, done) => {
    serverRoutes(scope, deps, provider)
    done()
  })
  await deliveryRoutes(app, { deps, openid, provider })
  browserRoutes(app, deps, provider)
  interactionRoutes(app, { deps, openid, provider })
  logoutRoutes(app, { deps, openid, provider })
  servicesRoutes(app, { deps, openid })
}

/** What partners' servers ask. They have no cookies, and are told of errors as OAuth does it. */
function serverRoutes(scope: FastifyInstance, deps: WebDeps, provider: Provider): void {
  scope.setErrorHandler((error, request, reply) => {
    const { status, code } = refusalOf(error)
    const fields = { code: codeOf(error), status, requestId: request.id }
    if (status >= 500) deps.log.error('request.failed', fields)
    else deps.log.info('request.refused', fields)
    return reply.code(status).send({ error: code })
  })
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const exchange = exchangeOf(request, nobody, issuerOf(deps))
    return sendKept(reply, await answered(provider, exchange), providerSessionCookie)
  }
  const rateLimit = { max: deps.config.partnerRequestsPerWindow }
  const config = { anonymous: true, json: true, rateLimit } as const
  for (const url of [routes.pushed_authorization_request, routes.token, routes.revocation]) {
    scope.post(url, { config }, answer)
  }
  scope.route({ method: ['GET', 'POST'], url: routes.userinfo, config, handler: answer })
  for (const url of [discoveryRoute, routes.jwks]) {
    scope.get(url, { config: { ...config, rateLimit: false } }, (request, reply) =>
      answer(
        request,
        reply.headers({ ...publicDataHeaders, 'cache-control': 'public, max-age=3600' }),
      ),
    )
  }
}

const nobody = { session: undefined, signIn: undefined }

function refusalOf(error: unknown): { status: number; code: string } {
  const status =
    error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : undefined
  if (status === 429) return { status, code: 'temporarily_unavailable' }
  if (status !== undefined && status < 500) return { status, code: 'invalid_request' }
  if (error instanceof HttpError && error.status < 500) {
    return { status: error.status, code: 'invalid_request' }
  }
  return { status: 500, code: 'server_error' }
}

/** What a partner sends a browser to. The one answer that is a page is that the request cannot be gone on with. */
function browserRoutes(app: FastifyInstance, deps: WebDeps, provider: Provider): void {
  const answer = async (request: FastifyRequest, reply: FastifyReply) => {
    const signIn = await signedIn(deps, request.session)
    if (request.session && signIn) {
      await handOverDetails(deps, request.session, handedSeconds)
    }
    const exchange = exchangeOf(request, { session: request.session, signIn }, issuerOf(deps))
    const outgoing = await answered(provider, exchange)
    if (outgoing.statusCode >= 300 && outgoing.statusCode < 400) {
      return sendKept(reply, outgoing, providerSessionCookie)
    }
    // The log says why: the provider tells of every refusal.
    throw outgoing.statusCode >= 500
      ? new HttpError(500, 'OPENID_FAILED')
      : new HttpError(400, 'OPENID_REQUEST_REFUSED')
  }
  app.get(routes.authorization, answer)
  app.get(`${routes.authorization}/:uid`, answer)
}

const handedSeconds = lifetimes.AuthorizationCode + lifetimes.AccessToken

async function answered(provider: Provider, { incoming, outgoing }: ProviderExchange) {
  await provider.callback()(incoming, outgoing)
  return outgoing
}
