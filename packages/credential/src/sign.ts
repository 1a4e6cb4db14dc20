import { CompactSign, calculateJwkThumbprint, importJWK } from 'jose'
import {
  algorithm,
  type CredentialClaims,
  credentialType,
  type RevocationClaims,
  revocationsType,
} from './claims.ts'
import type { SigningKey } from './signing-key.ts'

/** Makes our two tokens: compact JWS (RFC 7515 §7.1) that name their key by its thumbprint (RFC 7638). */
export interface CredentialSigner {
  signCredential(claims: CredentialClaims): Promise<string>
  signRevocations(claims: RevocationClaims): Promise<string>
}

export async function createCredentialSigner(signingKey: SigningKey): Promise<CredentialSigner> {
  const key = await importJWK({ ...signingKey }, algorithm)
  const kid = await calculateJwkThumbprint(publicPart(signingKey))
  const sign = (typ: string, claims: object): Promise<string> =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(claims)))
      .setProtectedHeader({ alg: algorithm, typ, kid })
      .sign(key)
  return {
    signCredential: (claims) => sign(credentialType, claims),
    signRevocations: (claims) => sign(revocationsType, claims),
  }
}

/** What others check with: the public halves as a JWKS (RFC 7517 §5), in the same order. */
export async function publicKeysOf(keys: readonly SigningKey[]) {
  return {
    keys: await Promise.all(
      keys.map(async (key) => {
        const part = publicPart(key)
        const kid = await calculateJwkThumbprint(part)
        return { ...part, kid, alg: algorithm, use: 'sig' }
      }),
    ),
  }
}

function publicPart({ kty, crv, x, y }: SigningKey) {
  return { kty, crv, x, y }
}
