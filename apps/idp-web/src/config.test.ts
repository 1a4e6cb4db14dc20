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
