import { createPublicKey, type JsonWebKey, verify } from 'node:crypto'
import { publicKeysOf, type SigningKey } from '@anteroom/credential'

/** What a token says, checked by Node alone as RFC 7515 §5.2 and RFC 7518 §3.4 ask; undefined if no key signed it. */
export async function checkToken(
  token: string,
  signingKeys: readonly SigningKey[],
): Promise<{ header: Record<string, unknown>; claims: Record<string, unknown> } | undefined> {
  const [header = '', payload = '', signature = ''] = token.split('.')
  const { kid } = open(header)
  const { keys } = await publicKeysOf(signingKeys)
  const jwk = keys.find((key) => key.kid === kid)
  if (!jwk) return undefined
  const key = createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' })
  const signed = Buffer.from(`${header}.${payload}`)
  const bytes = Buffer.from(signature, 'base64url')
  const holds = verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, bytes)
  return holds ? { header: open(header), claims: open(payload) } : undefined
}

function open(part: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
}
