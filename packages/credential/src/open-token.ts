import { base64url, compactVerify, errors, importJWK } from 'jose'
import * as z from 'zod/mini'
import { algorithm } from './claims.ts'
import { readPublicKeys } from './public-keys.ts'

export interface TokenKind {
  /** Its `typ`, exactly. */
  readonly type: string
  /** Characters. A longer text is not looked at, so that none can hold a device up. */
  readonly longest: number
}

export type OpenedToken =
  | { readonly state: 'opened'; readonly payload: unknown }
  | { readonly state: 'altered' | 'unknown-key' | 'unreadable' }

/**
 * Checks the signature of a compact JWS (RFC 7515) and reads what was signed. The algorithm, the type and where the keys
 * come from are ours to say: a header that says anything else, or more, is not one that we write.
 *
 * @param keys A set of public keys (RFC 7517 §5), as published.
 * @throws {Error} The signature cannot be checked here: the key is none, or this device has no ES256.
 */
export async function openToken(
  token: string,
  { type, longest }: TokenKind,
  keys: unknown,
): Promise<OpenedToken> {
  const header = token.length <= longest ? readHeader(token) : undefined
  if (typeof header !== 'object' || header === null) return { state: 'unreadable' }
  if (!('typ' in header) || header.typ !== type) return { state: 'unreadable' }
  const ours = ourHeader.safeParse(header)
  if (!ours.success) return { state: 'altered' }
  const key = readPublicKeys(keys).find(({ kid }) => kid === ours.data.kid)
  if (!key) return { state: 'unknown-key' }
  const signer = await importJWK(key, algorithm)
  try {
    const { payload } = await compactVerify(token, signer, { algorithms: [algorithm] })
    return { state: 'opened', payload: parseExactly(payload) }
  } catch (error) {
    if (error instanceof errors.JOSEError) return { state: 'altered' }
    throw error
  }
}

const ourHeader = z.strictObject({
  alg: z.literal(algorithm),
  typ: z.string(),
  kid: z.string(),
})

/** Undefined if the text is no token at all. */
function readHeader(token: string): unknown {
  const parts = token.split('.')
  if (parts.length !== 3 || !parts.every(isExactBase64url)) return undefined
  return parseExactly(base64url.decode(parts[0] ?? ''))
}

/** The last character may have bits that mean nothing; a token in which they were changed is another text. */
function isExactBase64url(part: string): boolean {
  try {
    return base64url.encode(base64url.decode(part)) === part
  } catch {
    return false
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/**
 * JSON exactly as `JSON.stringify` writes it; undefined if it is not. Otherwise a member could stand twice, and two
 * readers could each take another one (RFC 7515 §4).
 */
function parseExactly(bytes: Uint8Array): unknown {
  try {
    const text = utf8.decode(bytes)
    const value: unknown = JSON.parse(text)
    return JSON.stringify(value) === text ? value : undefined
  } catch {
    return undefined
  }
}
