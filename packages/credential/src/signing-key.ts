import { createECDH } from 'node:crypto'
import { z } from 'zod'

const coordinate = z.base64url().length(43)

/**
 * A private key as a JWK (RFC 7518 §6.2), P-256 alone. Members such as `kid` may stand beside it and are not used: the
 * key's name is its thumbprint. A public half that belongs to another private one is refused, because nothing that is
 * signed with it could ever be checked.
 */
export const signingKey = z
  .object({
    kty: z.literal('EC'),
    crv: z.literal('P-256'),
    x: coordinate,
    y: coordinate,
    d: coordinate,
  })
  .refine(isOneKey)
export type SigningKey = z.output<typeof signingKey>

function isOneKey({ x, y, d }: { x: string; y: string; d: string }): boolean {
  const given = publicHalfOf(Buffer.from(d, 'base64url'))
  return given?.x === x && given.y === y
}

/** @param secret 32 bytes. Undefined if they are no private key, which of random ones is true of one in 2^32. */
export function signingKeyFrom(secret: Uint8Array): SigningKey | undefined {
  const half = publicHalfOf(secret)
  if (!half) return undefined
  return { kty: 'EC', crv: 'P-256', ...half, d: Buffer.from(secret).toString('base64url') }
}

function publicHalfOf(secret: Uint8Array): { x: string; y: string } | undefined {
  const ecdh = createECDH('prime256v1')
  try {
    ecdh.setPrivateKey(secret)
  } catch {
    return undefined
  }
  // An uncompressed point: 04, then both coordinates (SEC 1 §2.3.3).
  const point = ecdh.getPublicKey()
  return {
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
}
