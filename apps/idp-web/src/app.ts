import cookie from '@fastify/cookie'
import fastifyStatic from '@fastify/static'
import Fastify, { type FastifyInstance } from 'fastify'
import { accountRoutes } from './account/account-routes.ts'
import { identityRoutes } from './account/identity/identity-routes.ts'
import { hasAccounts, issuesCredentials } from './config.ts'
import { againRoutes } from './credential/again-routes.ts'
import { credentialRoutes } from './credential/credential-routes.ts'
import { joinRoutes } from './credential/join-routes.ts'
import { lineRoutes } from './credential/line-routes.ts'
import { sendRoutes } from './credential/send-routes.ts'
import { statusRoutes } from './credential/status-routes.ts'
import type { WebDeps } from './deps.ts'
import { documentRoutes } from './documents/document-routes.ts'
import { factorRoutes } from './factors/factor-routes.ts'
import { openidRoutes } from './openid/openid-routes.ts'
import { pageRoutes } from './pages/page-routes.ts'
import { answerTime } from './plugins/answer-time.ts'
import { csrf } from './plugins/csrf.ts'
import { errors, malformedRequest } from './plugins/errors.ts'
import { forms } from './plugins/forms.ts'
import { page } from './plugins/page.ts'
import { requestLimit } from './plugins/request-limit.ts'
import { newRequestId, requestLog } from './plugins/request-log.ts'
import { longestRequestSeconds, requestTime } from './plugins/request-time.ts'
import { security } from './plugins/security.ts'
import { session } from './plugins/session.ts'
import { formRoutes } from './proofing/form-routes.ts'
import { resultRoutes } from './proofing/result-routes.ts'
import { waitingRoutes } from './proofing/waiting-routes.ts'
import { discoveryRoutes } from './security-events/discovery-routes.ts'
import { intakeRoutes } from './security-events/intake/intake-routes.ts'
import { viewerRoutes } from './security-events/viewer/viewer-routes.ts'
import { sessionRoutes } from './session/session-routes.ts'
import { transferRoutes } from './transfers/transfer-routes.ts'
import { verifyRoutes } from './verify-credential/verify-routes.ts'

/** The web application: what holds for every request first, then one capability after the other. */
export async function buildApp(deps: WebDeps): Promise<FastifyInstance> {
  const { config } = deps
  const app = Fastify({
    logger: false,
    genReqId: newRequestId,
    trustProxy: config.trustedProxies?.split(',').map((address) => address.trim()) ?? false,
    forceCloseConnections: true,
    // The longest that any route allows; most allow less.
    requestTimeout: longestRequestSeconds * 1000,
    frameworkErrors: (_error, request, reply) => malformedRequest(deps, request, reply),
    routerOptions: { ignoreTrailingSlash: false, maxParamLength: 100 },
  })

  requestLog(app, deps)
  requestTime(app)
  answerTime(app)
  security(app, deps)
  page(app, deps)
  await requestLimit(app, deps)
  errors(app, deps)
  await app.register(cookie, { secret: cookieSecrets(deps) })
  await forms(app)
  session(app, deps)
  csrf(app, deps)

  await app.register(fastifyStatic, {
    root: deps.assetsFolder,
    prefix: '/assets/',
    index: false,
    immutable: true,
    maxAge: '365d',
  })
  formRoutes(app, deps)
  await documentRoutes(app, deps)
  resultRoutes(app, deps)
  waitingRoutes(app, deps)
  if (issuesCredentials(config)) {
    joinRoutes(app, deps)
    lineRoutes(app, deps)
    statusRoutes(app, deps)
    credentialRoutes(app, deps)
    sendRoutes(app, deps)
    if (hasAccounts(config)) againRoutes(app, deps)
  }
  if (hasAccounts(config)) accountRoutes(app, deps)
  if (hasAccounts(config)) factorRoutes(app, deps)
  await openidRoutes(app, deps)
  discoveryRoutes(app, deps)
  await intakeRoutes(app, deps)
  if (hasAccounts(config)) identityRoutes(app, deps)
  await transferRoutes(app, deps)
  sessionRoutes(app, deps)
  verifyRoutes(app, deps)
  viewerRoutes(app, deps)
  pageRoutes(app, deps)
  return app
}

/** Newest first: it signs, all are accepted. */
function cookieSecrets({ config }: WebDeps): string[] {
  return config.cookieKeys.map(({ key }) => Buffer.from(key).toString('base64url'))
}
