import type { FastifyInstance, FastifyReply } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { issuerOf } from '../openid/provider.ts'
import { routes } from '../openid/routes.ts'
import { publicDataHeaders } from '../plugins/security.ts'
import { intakeRoute } from './intake/intake-routes.ts'

/**
 * Where partners find out who sends security events, and the keys they are signed with. The first is what partners of
 * Login.gov look for (RISC, 2018 draft), the second is the Shared Signals Framework 1.0's. The issuer has no path, so
 * section 7.2.1 of the latter has nothing to insert.
 */
export function discoveryRoutes(app: FastifyInstance, deps: WebDeps): void {
  if (!deps.openid) return
  const issuer = issuerOf(deps)
  const both = { issuer, jwks_uri: `${issuer}${routes.jwks}` }
  const risc = {
    ...both,
    delivery_methods_supported: [legacyPush],
    delivery: [{ delivery_method: legacyPush, url: `${issuer}${intakeRoute}` }],
  }
  const ssf = {
    spec_version: '1_0',
    ...both,
    delivery_methods_supported: ['urn:ietf:rfc:8935'],
    default_subjects: 'ALL',
  }
  const config = { anonymous: true, json: true, rateLimit: false } as const
  const publish = (document: object) => (_request: unknown, reply: FastifyReply) =>
    reply
      .headers({ ...publicDataHeaders, 'cache-control': 'public, max-age=3600' })
      .type('application/json')
      .send(document)
  app.get('/.well-known/risc-configuration', { config }, publish(risc))
  app.get('/.well-known/ssf-configuration', { config }, publish(ssf))
}

/** By the name that push had before RFC 8935. */
const legacyPush = 'https://schemas.openid.net/secevent/risc/delivery-method/push'
