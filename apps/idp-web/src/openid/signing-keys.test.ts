import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { signingKeyList } from './signing-keys.ts'

const elliptic = () =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' })
const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).privateKey.export({ format: 'jwk' })

test('keys of both kinds are taken in their order, as JSON or as a list', () => {
  const keys = [elliptic(), rsa(2048), elliptic()]

  const parsed = signingKeyList().parse(JSON.stringify(keys))

  expect(parsed.map(({ alg }) => alg)).toEqual(['ES256', 'RS256', 'ES256'])
  expect(signingKeyList().parse(keys)).toEqual(parsed)
})

test.each([
  ['none', []],
  ['no key on P-256', [rsa(2048)]],
  ['a short RSA key', [elliptic(), rsa(1024)]],
  ['a public key', [{ ...elliptic(), d: undefined }]],
  ['halves of two keys', [{ ...elliptic(), d: elliptic().d }]],
])('%s are refused', (_what, keys) => {
  expect(signingKeyList().safeParse(keys).success).toBe(false)
})
