import { calculateJwkThumbprint, exportJWK, generateKeyPair } from 'jose'
import { expect, test } from 'vitest'
import { toPublicKey } from './public-keys.ts'

async function keyPair(alg = 'ES256') {
  const pair = await generateKeyPair(alg, { extractable: true })
  return { whole: await exportJWK(pair.privateKey), open: await exportJWK(pair.publicKey) }
}

test('a public key is named by its thumbprint, and says what it is for', async () => {
  const { open } = await keyPair()

  expect(await toPublicKey(open)).toEqual({
    ...open,
    kid: await calculateJwkThumbprint(open),
    alg: 'ES256',
    use: 'sig',
  })
})

test('a published key may be given again as it is', async () => {
  const published = await toPublicKey((await keyPair()).open)

  expect(await toPublicKey(published)).toEqual(published)
})

test('a private key is refused, so that none is ever published', async () => {
  await expect(toPublicKey((await keyPair()).whole)).rejects.toThrow()
})

test('a key on another curve is refused', async () => {
  await expect(toPublicKey((await keyPair('ES384')).open)).rejects.toThrow()
})

test('two numbers that are no point of the curve are refused', async () => {
  const { open } = await keyPair()

  await expect(toPublicKey({ ...open, y: open.x })).rejects.toThrow()
})

test('a key under a name of its own is refused', async () => {
  await expect(toPublicKey({ ...(await keyPair()).open, kid: 'ours' })).rejects.toThrow()
})

test.each([undefined, null, 'key', [], {}, { kty: 'oct', k: 'AAAA' }])(
  'what is no key is refused: %j',
  async (given) => {
    await expect(toPublicKey(given)).rejects.toThrow()
  },
)
