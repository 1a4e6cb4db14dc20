import { z } from 'zod'

const claims = z.object({ exp: z.number().optional() })

/** When a token that we have signed says that it expires, in milliseconds since the epoch. Undefined if it never does. */
export function expiryOf(token: string): number | undefined {
  const [, payload = ''] = token.split('.')
  const { exp } = claims.parse(JSON.parse(Buffer.from(payload, 'base64url').toString('utf8')))
  return exp === undefined ? undefined : exp * 1000
}
