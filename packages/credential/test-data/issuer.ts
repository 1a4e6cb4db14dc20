import {
  type CompactJWSHeaderParameters,
  CompactSign,
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
} from 'jose'
import type { CredentialClaims, RevocationClaims } from '../src/claims.ts'
import { credentialType, revocationsType } from '../src/claims.ts'
import { type PublicKey, toPublicKey } from '../src/public-keys.ts'

/** Signs credentials and lists with a key of its own, rightly or however a test wants it. */
export interface TestIssuer {
  readonly origin: string
  readonly publicKey: PublicKey
  /** A set of this issuer's one key. */
  readonly keys: { readonly keys: readonly PublicKey[] }
  credential(changes?: Partial<CredentialClaims>): Promise<string>
  revocations(changes?: Partial<RevocationClaims>): Promise<string>
  /** Any text under any header. */
  sign(header: CompactJWSHeaderParameters, payload: string): Promise<string>
}

/** 15 January 2026, 12:00 UTC: when the sample credential is looked at, a month after it was issued. */
export const sampleNow = Date.UTC(2026, 0, 15, 12)
const issuedAt = Date.UTC(2025, 11, 15, 12) / 1_000

export async function createTestIssuer(origin = 'https://id.example.test'): Promise<TestIssuer> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const { kty, crv, x, y } = await exportJWK(publicKey)
  const published = await toPublicKey({ kty, crv, x, y })
  const kid = await calculateJwkThumbprint({ ...published })

  const sign: TestIssuer['sign'] = (header, payload) =>
    new CompactSign(new TextEncoder().encode(payload)).setProtectedHeader(header).sign(privateKey)
  return {
    origin,
    publicKey: published,
    keys: { keys: [published] },
    credential: (changes) =>
      sign(
        { alg: 'ES256', typ: credentialType, kid },
        JSON.stringify({ ...sampleClaims(origin), ...changes }),
      ),
    revocations: (changes) =>
      sign(
        { alg: 'ES256', typ: revocationsType, kid },
        JSON.stringify({ iss: origin, iat: sampleNow / 1_000 - 600, rids: [], ...changes }),
      ),
    sign,
  }
}

export function sampleClaims(iss: string): CredentialClaims {
  return {
    iss,
    iat: issuedAt,
    nbf: issuedAt,
    exp: issuedAt + 365 * 24 * 60 * 60,
    rid: 'AbCdEfGhIjKlMnOp',
    no: 'K7Q2-4821-9930',
    fn: 'Zephyrine',
    ln: 'Quackenbush',
    dob: '1971-02-28',
  }
}
