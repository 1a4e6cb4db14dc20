import { loadSettings } from '@anteroom/runtime'
import { describe, expect, test } from 'vitest'
import { webSettings } from './config.ts'

const key = Buffer.alloc(32, 1).toString('base64url')
const needed = {
  ANTEROOM_ENVIRONMENT: 'test',
  ANTEROOM_PUBLIC_URL: 'https://id.example.test',
  ANTEROOM_DATABASE_URL: 'postgres://localhost/web',
  ANTEROOM_REDIS_URL: 'redis://localhost',
  ANTEROOM_KMS_KEY_ID: 'key',
  ANTEROOM_SESSION_ENCRYPTION_KEYS: `1:${key}`,
  ANTEROOM_COOKIE_KEYS: `1:${key}`,
  ANTEROOM_FINGERPRINT_KEYS: `1:${key}`,
}

test('documents are asked for, and sent by browsers themselves, unless told otherwise', async () => {
  const settings = await loadSettings(webSettings, {
    env: { ...needed, ANTEROOM_DOCUMENT_BUCKET: 'images' },
  })

  expect(settings).toMatchObject({
    documentProofing: 'required',
    docAuthEnablePresignedS3Urls: true,
    documentFixtures: false,
    documentVendorMayRead: false,
    documentAttempts: 5,
  })
})

test('where documents are asked for, a bucket must be named', async () => {
  const loading = loadSettings(webSettings, { env: needed })

  await expect(loading).rejects.toThrow('document_bucket')
})

test('where they are not, none is needed', async () => {
  const env = { ...needed, ANTEROOM_DOCUMENT_PROOFING: 'off' }

  expect(await loadSettings(webSettings, { env })).toMatchObject({ documentProofing: 'off' })
})

test.each(['http://id.example.test', 'http://192.0.2.1:3000', 'ftp://id.example.test'])(
  'people and partners are served over https, so not at %s',
  async (address) => {
    const env = {
      ...needed,
      ANTEROOM_DOCUMENT_PROOFING: 'off',
      ANTEROOM_PUBLIC_URL: address,
    }

    await expect(loadSettings(webSettings, { env })).rejects.toThrow('public_url')
  },
)

describe('what is for sandboxes', () => {
  test.each([
    ['document_fixtures', 'true'],
    ['sandbox_scenarios_file', '/values.json'],
    ['sandbox_specimens_folder', '/specimens'],
  ])('%s is not taken where identities are proved in earnest', async (name, value) => {
    const env = {
      ...needed,
      ANTEROOM_DOCUMENT_BUCKET: 'images',
      [`ANTEROOM_${name.toUpperCase()}`]: value,
    }

    const inProduction = loadSettings(webSettings, {
      env: { ...env, ANTEROOM_ENVIRONMENT: 'production' },
    })

    await expect(inProduction).rejects.toThrow(name)
    await expect(loadSettings(webSettings, { env })).resolves.toBeDefined()
  })
})

describe('the public keys of credentials', () => {
  // RFC 7515 appendix A.3.1, and its thumbprint by RFC 7638.
  const point = {
    kty: 'EC',
    crv: 'P-256',
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  }
  const published = {
    ...point,
    kid: 'oKIywvGUpTVTyxMQ3bwIIeQUudfr_CkLMjCE19ECD-U',
    alg: 'ES256',
    use: 'sig',
  }
  const load = (keys: string) =>
    loadSettings(webSettings, {
      env: {
        ...needed,
        ANTEROOM_DOCUMENT_PROOFING: 'off',
        ANTEROOM_CREDENTIAL_PUBLIC_KEYS: keys,
      },
    })

  test.each([
    ['a list', [point]],
    ['a set', { keys: [point] }],
    ['a set as it was published', { keys: [published] }],
  ])('may be %s; each is named by its thumbprint', async (_what, given) => {
    const { credentialPublicKeys } = await load(JSON.stringify(given))

    expect(credentialPublicKeys).toEqual([published])
  })

  test.each([
    ['private', JSON.stringify([{ ...point, d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' }])],
    ['on another curve', JSON.stringify([{ ...point, crv: 'P-384' }])],
    ['no point', JSON.stringify([{ ...point, y: point.x }])],
    ['under a name of its own', JSON.stringify([{ ...point, kid: 'ours' }])],
    ['none', '[]'],
    ['no JSON', 'keys'],
  ])('are refused, by name and not by value, if one is %s', async (_what, keys) => {
    const error: Error = await load(keys).then(
      () => new Error('loaded'),
      (refused) => refused,
    )

    expect(error.message).toContain('ANTEROOM_CREDENTIAL_PUBLIC_KEYS')
    expect(error.message).not.toContain(point.x)
  })
})
