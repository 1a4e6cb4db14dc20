import {
  calculateJwkThumbprint,
  compactVerify,
  createLocalJWKSet,
  exportJWK,
  generateKeyPair,
} from 'jose'
import { expect, test } from 'vitest'
import { type CredentialClaims, credentialClaims, type RevocationClaims } from './claims.ts'
import { createCredentialSigner, publicKeysOf } from './sign.ts'
import { type SigningKey, signingKey, signingKeyFrom } from './signing-key.ts'

const older = keyOf(1)
const newer = keyOf(2)

function keyOf(byte: number): SigningKey {
  return signingKey.parse(signingKeyFrom(new Uint8Array(32).fill(byte)))
}

const claims: CredentialClaims = {
  iss: 'https://id.example.gov',
  iat: 1_795_000_000,
  nbf: 1_794_960_000,
  exp: 1_858_070_000,
  rid: 'AAECAwQFBgcICQoL',
  no: 'K7Q2-4821-9930',
  fn: 'Zoë',
  ln: 'Kowalczyk-Ångström',
  dob: '1971-02-28',
}

test('a credential is a compact ES256 JWS that names its type and its key, and nothing else', async () => {
  const signer = await createCredentialSigner(newer)

  const token = await signer.signCredential(claims)

  const keys = createLocalJWKSet(await publicKeysOf([newer]))
  const { protectedHeader, payload } = await compactVerify(token, keys, { algorithms: ['ES256'] })
  expect(protectedHeader).toEqual({
    alg: 'ES256',
    typ: 'anteroom-credential+jwt',
    kid: await calculateJwkThumbprint(newer),
  })
  expect(credentialClaims.parse(JSON.parse(new TextDecoder().decode(payload)))).toEqual(claims)
  expect(token.length).toBeLessThan(560)
})

test('a list of revocations has a type of its own', async () => {
  const signer = await createCredentialSigner(newer)
  const list: RevocationClaims = { iss: claims.iss, iat: claims.iat, rids: [claims.rid] }

  const token = await signer.signRevocations(list)

  const keys = createLocalJWKSet(await publicKeysOf([newer]))
  const { protectedHeader, payload } = await compactVerify(token, keys)
  expect(protectedHeader.typ).toBe('anteroom-revocations+jwt')
  expect(JSON.parse(new TextDecoder().decode(payload))).toEqual(list)
})

test('what an older key signed is still checked beside a newer one', async () => {
  const keys = createLocalJWKSet(await publicKeysOf([newer, older]))

  const tokens = await Promise.all(
    [older, newer].map(async (key) => (await createCredentialSigner(key)).signCredential(claims)),
  )

  for (const token of tokens) await expect(compactVerify(token, keys)).resolves.toBeDefined()
})

test('public keys say nothing of the private ones', async () => {
  const { keys } = await publicKeysOf([newer, older])

  expect(keys.map((key) => Object.keys(key).sort())).toEqual(
    Array.from(keys, () => ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']),
  )
})

test('a key that jose made is taken', async () => {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })

  expect(signingKey.safeParse(await exportJWK(privateKey)).success).toBe(true)
})

test.each([
  ['of another curve', { ...newer, crv: 'P-384' }],
  ['of another kind', { ...newer, kty: 'RSA' }],
  ['without its private half', { ...newer, d: undefined }],
  ["with another one's public half", { ...newer, x: older.x, y: older.y }],
  ['whose private half is zero', { ...newer, d: 'A'.repeat(43) }],
])('a key %s is refused', (_what, key) => {
  expect(signingKey.safeParse(key).success).toBe(false)
})
