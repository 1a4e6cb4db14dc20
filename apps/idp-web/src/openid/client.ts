import type { ClientMetadata } from 'oidc-provider'
import type { Partner } from './partners.ts'

/** What a partner's own token is for that asks what became of its security events. No person can be asked to allow it. */
export const eventsScope = 'security_events'

/** A partner as the library knows it. */
export function clientOf(partner: Partner): ClientMetadata {
  const isTold = partner.security_events !== undefined
  return {
    client_id: partner.id,
    client_name: partner.name,
    redirect_uris: [...partner.redirect_uris],
    post_logout_redirect_uris: [...partner.post_logout_redirect_uris],
    grant_types: ['authorization_code', ...(isTold ? ['client_credentials'] : [])],
    response_types: ['code'],
    response_modes: ['query'],
    scope: [...partner.scopes, ...(isTold ? [eventsScope] : [])].join(' '),
    subject_type: 'pairwise',
    id_token_signed_response_alg: partner.id_token_alg,
    require_pushed_authorization_requests: partner.par === 'required',
    token_endpoint_auth_method: partner.client_auth,
    ...(partner.client_auth === 'private_key_jwt'
      ? { jwks: { keys: partner.jwks.keys.map((key) => ({ ...key })) } }
      : // It wants one; what is compared are the hashes.
        { client_secret: partner.secret_hashes[0] ?? '' }),
  }
}
