import { hash, randomBytes, type webcrypto } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose'

/** Two partners of two sectors, one of which proves itself by a key and the other by a secret. */
export interface TestPartners {
  readonly file: string
  readonly key: webcrypto.CryptoKey
  readonly secret: string
  remove(): Promise<void>
}

export const libraryCallback = 'https://library.example/callback'
export const libraryBye = 'https://library.example/bye'
export const taxesCallback = 'https://taxes.example/callback'

/** What the partners file says of the two besides what it always does. */
export type MoreOfPartners = Readonly<Partial<Record<'library' | 'taxes', object>>>

/** @param more Others, as they stand in the file. */
export async function writePartners(
  more: readonly object[] = [],
  { library, taxes }: MoreOfPartners = {},
): Promise<TestPartners> {
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-partners-'))
  const { privateKey: key, publicKey } = await generateKeyPair('ES256', { extractable: true })
  const secret = randomBytes(32).toString('base64url')
  const partners = [
    {
      id: 'library',
      name: 'City Library',
      redirect_uris: [libraryCallback],
      post_logout_redirect_uris: [libraryBye],
      scopes: ['openid', 'email', 'profile', 'address', 'phone', 'identity_assurance'],
      max_ial: 2,
      client_auth: 'private_key_jwt',
      jwks: { keys: [await exportJWK(publicKey)] },
      ...library,
    },
    {
      id: 'taxes',
      name: 'Tax Office',
      redirect_uris: [taxesCallback],
      scopes: ['openid', 'email'],
      par: 'optional',
      id_token_alg: 'RS256',
      client_auth: 'client_secret_basic',
      secret_hashes: [hash('sha256', secret, 'base64url')],
      ...taxes,
    },
  ]
  const file = join(folder, 'partners.yaml')
  // JSON is YAML.
  await writeFile(file, JSON.stringify({ partners: [...partners, ...more] }))
  return { file, key, secret, remove: () => rm(folder, { recursive: true }) }
}

/** A private key of either kind, as a setting has it. */
export async function newSigningKey(alg: 'ES256' | 'RS256'): Promise<JWK> {
  return exportJWK((await generateKeyPair(alg, { extractable: true })).privateKey)
}

export const kidOf = (key: JWK): Promise<string> => calculateJwkThumbprint(key)
