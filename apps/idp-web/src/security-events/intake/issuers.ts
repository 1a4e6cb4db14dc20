import type { WireProfile } from '@anteroom/security-events'
import { calculateJwkThumbprint, compactVerify, type JWK } from 'jose'
import type { Partner } from '../../openid/partners.ts'
import type { Partners } from '../../openid/partners-file.ts'

/** A partner as somebody who reports events. */
export interface Issuer {
  readonly partner: Partner
  /** How it writes its tokens, and which error codes it knows. */
  readonly profile: WireProfile
  /** Whether a key of its own, and no other, has signed this compact JWS. */
  hasSigned(token: string, kid: string | undefined): Promise<boolean>
}

/** Both halves of a partner's key are its own; none of these can be made by who has only the public half. */
export const algorithms: readonly string[] = ['RS256', 'PS256', 'ES256']

/** Partners by the `iss` of what they report, which is their id. */
export function issuersAmong(partners: Partners): ReadonlyMap<string, Issuer> {
  return new Map([...partners].map(([id, partner]) => [id, issuerFrom(partner)]))
}

function issuerFrom(partner: Partner): Issuer {
  const keys = Promise.all(keysOf(partner).map(named))
  return {
    partner,
    profile: partner.security_events?.profile ?? 'login-gov',
    async hasSigned(token, kid) {
      for (const key of await keys) {
        if (kid !== undefined && key.kid !== kid) continue
        if (await isSignedBy(key, token)) return true
      }
      return false
    },
  }
}

type KeySet = NonNullable<Partner['security_events_keys']>['keys']

function keysOf(partner: Partner): KeySet {
  if (partner.security_events_keys) return partner.security_events_keys.keys
  return partner.client_auth === 'private_key_jwt' ? partner.jwks.keys : []
}

/** A key without a name is known by its thumbprint (RFC 7638). */
async function named({ kid, ...key }: KeySet[number]): Promise<JWK> {
  return { ...key, kid: kid ?? (await calculateJwkThumbprint(key)) }
}

/** Also false of a key that is of another kind than the algorithm, or for another use. */
function isSignedBy(key: JWK, token: string): Promise<boolean> {
  return compactVerify(token, key, { algorithms: [...algorithms] }).then(
    () => true,
    () => false,
  )
}
