import Provider, { type errors } from 'oidc-provider'
import type { WebDeps } from '../deps.ts'
import { codeOf } from '../plugins/errors.ts'
import { isSecret } from './client-secret.ts'
import type { Openid } from './openid.ts'
import { configurationFor } from './provider-configuration.ts'
import { linkSessions } from './provider-session.ts'

export interface ProviderParts {
  readonly deps: WebDeps
  readonly openid: Openid
}

export interface OpenidParts extends ProviderParts {
  readonly provider: Provider
}

/** The OpenID provider: the protocol is the library's, and everything else about it ours. */
export function createProvider(parts: ProviderParts): Provider {
  const { deps, openid } = parts
  const provider = new Provider(issuerOf(deps), configurationFor(parts))
  // It believes what the request that we hand over says of its own address, and that is always ours.
  provider.proxy = true
  provider.Client.prototype.compareClientSecret = async function (given: string) {
    const partner = openid.partners.get(this.clientId)
    return partner?.client_auth === 'client_secret_basic' && isSecret(given, partner.secret_hashes)
  }
  linkSessions(provider)
  logErrors(provider, deps)
  return provider
}

/** What partners know this deployment by. */
export function issuerOf({ config }: Pick<WebDeps, 'config'>): string {
  return new URL(config.publicUrl).origin
}

/** Codes alone: descriptions may quote what somebody sent. */
function logErrors(provider: Provider, { log }: WebDeps): void {
  const refused = (_ctx: unknown, { error }: errors.OIDCProviderError) =>
    log.info('openid.refused', { code: error })
  provider.on('authorization.error', refused)
  provider.on('pushed_authorization_request.error', refused)
  provider.on('grant.error', refused)
  provider.on('userinfo.error', refused)
  provider.on('revocation.error', refused)
  provider.on('server_error', (_ctx, error) => log.error('openid.failed', { code: codeOf(error) }))
}
