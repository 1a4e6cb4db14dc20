import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { partnersSchema, sectorOf } from './partners.ts'

const partner = {
  id: 'city-library',
  name: 'City Library',
  redirect_uris: ['https://library.example/callback'],
  client_auth: 'client_secret_basic',
  secret_hashes: ['A'.repeat(43)],
}

const problemsOf = (changes: object) => {
  const { error } = partnersSchema.safeParse({ partners: [{ ...partner, ...changes }] })
  return error?.issues.map(({ path }) => path.slice(2).join('.'))
}

test('a partner pushes its requests, asks for nothing, and has its own host for a sector', () => {
  const { partners } = partnersSchema.parse({ partners: [partner] })

  expect(partners[0]).toMatchObject({ par: 'required', max_ial: 1, scopes: ['openid'] })
  expect(partners[0] && sectorOf(partners[0])).toBe('library.example')
})

test.each([
  [
    'an address that is none',
    { redirect_uris: ['library'] },
    ['redirect_uris.0', 'redirect_uris.0'],
  ],
  ['an address without https', { redirect_uris: ['http://library.example/'] }, ['redirect_uris.0']],
  ['an address with a fragment', { redirect_uris: ['https://a.example/#x'] }, ['redirect_uris.0']],
  [
    'addresses of two hosts',
    { redirect_uris: ['https://a.example/', 'https://b.example/'] },
    ['redirect_uris'],
  ],
  ['a scope that is none', { scopes: ['openid', 'everything'] }, ['scopes.1']],
  ['no openid', { scopes: ['email'] }, ['scopes']],
  [
    'a scope that only proofed people have, and max_ial 1',
    { scopes: ['openid', 'profile:name'] },
    ['max_ial'],
  ],
  ['a secret instead of its hash', { secret_hashes: ['hunter2'] }, ['secret_hashes.0']],
])('one with %s is refused', (_what, changes, paths) => {
  expect(problemsOf(changes)).toEqual(paths)
})

test('one with a private key is refused: the file is no place for it', () => {
  const { secret_hashes: _none, ...others } = partner
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwks = { keys: [privateKey.export({ format: 'jwk' })] }

  const parsed = partnersSchema.safeParse({
    partners: [{ ...others, client_auth: 'private_key_jwt', jwks }],
  })

  expect(parsed.error?.issues.map(({ message }) => message)).toEqual(['must be a public key'])
})

test('two of one id are refused', () => {
  expect(partnersSchema.safeParse({ partners: [partner, partner] }).success).toBe(false)
})
