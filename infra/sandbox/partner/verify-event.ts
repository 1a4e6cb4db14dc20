import { createRemoteJWKSet, errors, type JWTPayload, jwtVerify } from 'jose'

/** An event as the partner was told of it, after every check. */
export interface VerifiedEvent {
  readonly jti: string
  /** The URI of its type. */
  readonly type: string
  readonly profile: 'login-gov' | 'ssf-1.0'
  readonly claims: JWTPayload
}

/** Why a token is not taken, by the codes of RFC 8935, section 2.4. */
export class EventRefusal extends Error {
  override readonly name = 'EventRefusal'
  readonly err: 'invalid_request' | 'invalid_key' | 'invalid_issuer' | 'invalid_audience'

  constructor(err: EventRefusal['err'], cause?: unknown) {
    super(err, { cause })
    this.err = err
  }
}

export interface VerifyOptions {
  readonly issuer: string
  /** What a token may name us by. */
  readonly audience: readonly string[]
}

/** Checks a token as `jose` does it, with the keys that the issuer publishes. */
export function createEventVerifier({ issuer, audience }: VerifyOptions) {
  const keys = createRemoteJWKSet(new URL('/openid/jwks', issuer))
  const options = {
    issuer,
    audience: [...audience],
    typ: 'secevent+jwt',
    algorithms: ['RS256'],
    requiredClaims: ['iat', 'jti', 'events'],
  }
  /** @throws EventRefusal; and whatever fetching the keys throws, which says nothing of the token */
  return async (token: string): Promise<VerifiedEvent> => {
    const { payload } = await jwtVerify(token, keys, options).catch((error: unknown) => {
      throw toRefusal(error)
    })
    const { jti = '', events, sub_id } = payload
    const types = Object.keys(Object(events))
    const [type] = types
    if (type === undefined || types.length > 1 || 'sub' in payload) {
      throw new EventRefusal('invalid_request')
    }
    const profile = sub_id === undefined ? 'login-gov' : 'ssf-1.0'
    // What expires is no token of the Shared Signals Framework (SSF 1.0, section 4.1.7).
    if (profile === 'ssf-1.0' && 'exp' in payload) throw new EventRefusal('invalid_request')
    return { jti, type, profile, claims: payload }
  }
}

function toRefusal(error: unknown): unknown {
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return new EventRefusal('invalid_issuer', error)
    if (error.claim === 'aud') return new EventRefusal('invalid_audience', error)
    return new EventRefusal('invalid_request', error)
  }
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey
  ) {
    return new EventRefusal('invalid_key', error)
  }
  if (error instanceof errors.JWKSTimeout || !(error instanceof errors.JOSEError)) return error
  return new EventRefusal('invalid_request', error)
}
