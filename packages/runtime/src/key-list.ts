import { z } from 'zod'

/**
 * Named 256-bit keys, newest first: `id:<base64url>,id:<base64url>` in the environment, a list of `id` and `key` in
 * the settings file. Each becomes its id and 32 raw bytes.
 */
export function keyList() {
  const text = z.string().transform((value) => value.split(',').map(toEntry))
  const entry = z.object({ id: z.string().regex(/^[A-Za-z0-9._-]{1,64}$/), key: key256 })
  return z
    .union([text, z.array(z.unknown())])
    .pipe(z.array(entry).min(1))
    .meta({ shownAs: 'keys, newest first: `id:base64url,…`' })
}

const key256 = z
  .string()
  .regex(/^[A-Za-z0-9_-]{43}$/)
  .transform((value): Uint8Array => Buffer.from(value, 'base64url'))

function toEntry(text: string): { id: string; key: string } {
  const [id = '', key = ''] = text.trim().split(':', 2)
  return { id, key }
}
