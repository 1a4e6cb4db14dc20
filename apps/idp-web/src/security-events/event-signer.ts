import { calculateJwkThumbprint, importJWK, SignJWT } from 'jose'
import type { SigningKeys } from '../openid/signing-keys.ts'

/** Signs the claims of a token, and returns it as a compact JWS. */
export type SignEvent = (claims: Readonly<Record<string, unknown>>) => Promise<string>

/** Undefined where there is no RSA key: Security Event Tokens are signed with RS256 alone, as both profiles want them. */
export function createEventSigner(keys: SigningKeys): SignEvent | undefined {
  const jwk = keys.find(({ alg }) => alg === 'RS256')
  if (!jwk) return undefined
  const ready = Promise.all([importJWK({ ...jwk }), calculateJwkThumbprint({ ...jwk })])
  return async (claims) => {
    const [key, kid] = await ready
    return new SignJWT({ ...claims })
      .setProtectedHeader({ typ: 'secevent+jwt', alg: 'RS256', kid })
      .sign(key)
  }
}
