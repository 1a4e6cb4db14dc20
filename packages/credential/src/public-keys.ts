import { calculateJwkThumbprint, importJWK } from 'jose'
import * as z from 'zod/mini'
import { algorithm } from './claims.ts'

const coordinate = z.base64url().check(z.length(43))
const point = { kty: z.literal('EC'), crv: z.literal('P-256'), x: coordinate, y: coordinate }

/** A key as it is published: RFC 7517, on the curve of ES256. Members it may have beside these say nothing to us. */
const publishedKey = z.object({ ...point, kid: z.string() })

const publishedKeys = z.object({ keys: z.array(z.unknown()) })

/** A key as an operator gives it. Anything else it holds, such as the private `d`, refuses it as a whole. */
const givenKey = z.strictObject({
  ...point,
  kid: z.optional(z.string()),
  alg: z.optional(z.literal(algorithm)),
  use: z.optional(z.literal('sig')),
})

/** A public key as it stands in a set (RFC 7517 §5). */
export interface PublicKey {
  readonly kty: 'EC'
  readonly crv: 'P-256'
  readonly x: string
  readonly y: string
  /** Thumbprint by RFC 7638, SHA-256, base64url. */
  readonly kid: string
  readonly alg: typeof algorithm
  readonly use: 'sig'
}

/**
 * Makes ready to be published what an operator gave.
 *
 * @throws {Error} It is no public key on the curve P-256, or is named by anything but its thumbprint.
 */
export async function toPublicKey(given: unknown): Promise<PublicKey> {
  const { kty, crv, x, y, kid: named } = givenKey.parse(given)
  const jwk = { kty, crv, x, y }
  // Refuses two numbers that are no point of the curve.
  await importJWK(jwk, algorithm)
  const kid = await calculateJwkThumbprint(jwk)
  if (named !== undefined && named !== kid) throw new Error('A key is named by its thumbprint')
  return { ...jwk, kid, alg: algorithm, use: 'sig' }
}

/** The keys of a published set that are of our kind; none if it is no set. */
export function readPublicKeys(set: unknown): readonly z.output<typeof publishedKey>[] {
  const { data } = publishedKeys.safeParse(set)
  return data?.keys.flatMap((key) => publishedKey.safeParse(key).data ?? []) ?? []
}
