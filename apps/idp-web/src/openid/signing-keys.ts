import { createPrivateKey, createPublicKey, type JsonWebKey, sign, verify } from 'node:crypto'
import { parseJson } from '@anteroom/runtime'
import { z } from 'zod'

const part = z.base64url().min(1)

const ellipticKey = z
  .object({ kty: z.literal('EC'), crv: z.literal('P-256'), x: part, y: part, d: part })
  .transform((key) => ({ ...key, use: 'sig' as const, alg: 'ES256' as const }))

const rsaKey = z
  .object({
    kty: z.literal('RSA'),
    n: part.min(342, 'must have 2048 bits or more'),
    e: part,
    d: part,
    p: part,
    q: part,
    dp: part,
    dq: part,
    qi: part,
  })
  .transform((key) => ({ ...key, use: 'sig' as const, alg: 'RS256' as const }))

const signingKey = z.union([ellipticKey, rsaKey])
type SigningKey = z.output<typeof signingKey>
export type SigningKeys = readonly SigningKey[]

/** That what it signs can be checked with its public half: no library looks whether the two belong together. */
function isWhole(jwk: SigningKey): boolean {
  const text = Buffer.from('anteroom')
  try {
    const signed = sign('sha256', text, createPrivateKey({ key: jwk, format: 'jwk' }))
    return verify('sha256', text, createPublicKey({ key: publicHalf(jwk), format: 'jwk' }), signed)
  } catch {
    return false
  }
}

function publicHalf(jwk: SigningKey): JsonWebKey {
  if (jwk.kty === 'RSA') return { kty: jwk.kty, n: jwk.n, e: jwk.e }
  return { kty: jwk.kty, crv: jwk.crv, x: jwk.x, y: jwk.y }
}

/**
 * Private JWKs, newest first. Of those of one algorithm the first signs; all are published, so that what was signed with
 * the others can be checked, and the next is known before it is used.
 */
export function signingKeyList() {
  const list = z.array(z.unknown()).min(1)
  const text = z.string().transform(parseJson).pipe(list)
  return z
    .union([text, list])
    .pipe(z.array(signingKey.refine(isWhole)))
    .refine((keys) => keys.some(({ alg }) => alg === 'ES256'))
    .meta({ shownAs: 'private JWKs (P-256, RSA), newest first, at least one on P-256' })
}
