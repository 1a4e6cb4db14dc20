import { loadSettings } from '@anteroom/runtime'
import { expect, test } from 'vitest'
import { workerSettings } from './config.ts'

const key = `1:${'A'.repeat(43)}`

/** What a worker that never sees a document is told. */
const withoutDocuments = {
  ANTEROOM_ENVIRONMENT: 'test',
  ANTEROOM_DATABASE_URL: 'postgres://localhost/x',
  ANTEROOM_REDIS_URL: 'redis://localhost',
  ANTEROOM_KMS_KEY_ID: 'k',
  ANTEROOM_SESSION_ENCRYPTION_KEYS: key,
  ANTEROOM_OUTBOUND_PROXY_URL: 'http://localhost:1',
  ANTEROOM_RESOLUTION_URL: 'https://a.test',
  ANTEROOM_RESOLUTION_TOKEN: 't',
  ANTEROOM_STATE_ID_URL: 'https://a.test',
  ANTEROOM_STATE_ID_TOKEN: 't',
  ANTEROOM_ADDRESS_URL: 'https://a.test',
  ANTEROOM_ADDRESS_TOKEN: 't',
  ANTEROOM_REGISTRY_URL: 'https://a.test',
  ANTEROOM_REGISTRY_TOKEN: 't',
}
const load = (env: Record<string, string>) =>
  loadSettings(workerSettings, { env: { ...withoutDocuments, ...env }, readS3: async () => '' })

test('a worker without a bucket needs nothing else about documents', async () => {
  expect(await load({})).toMatchObject({ documentReader: 'own', documentVendorPercent: 0 })
})

const vendor = { ANTEROOM_DOCUMENTS_URL: 'https://a.test', ANTEROOM_DOCUMENTS_TOKEN: 't' }

test('elsewhere fixtures may be taken', async () => {
  const settings = await load({ ...vendor, ANTEROOM_DOCUMENT_FIXTURES: 'true' })

  expect(settings).toMatchObject({ documentFixtures: true })
})

test.each([
  [
    'a bucket needs the keys of fingerprints',
    { ANTEROOM_DOCUMENT_BUCKET: 'images' },
    'FINGERPRINT_KEYS',
  ],
  [
    'the vendor as reader needs an address',
    { ANTEROOM_DOCUMENT_READER: 'vendor' },
    'DOCUMENTS_URL',
  ],
  [
    'a share for the vendor needs an address',
    { ANTEROOM_DOCUMENT_VENDOR_PERCENT: '1' },
    'DOCUMENTS_URL',
  ],
  ['a fallback needs an address', { ANTEROOM_DOCUMENT_FALLBACK: 'true' }, 'DOCUMENTS_URL'],
  [
    'an address needs a token',
    { ANTEROOM_DOCUMENT_FALLBACK: 'true', ANTEROOM_DOCUMENTS_URL: 'https://a.test' },
    'DOCUMENTS_TOKEN',
  ],
  [
    'fixtures are not for production',
    { ...vendor, ANTEROOM_ENVIRONMENT: 'production', ANTEROOM_DOCUMENT_FIXTURES: 'true' },
    'DOCUMENT_FIXTURES',
  ],
  [
    'a card and its opening must fit',
    { ANTEROOM_DOCUMENT_MEMORY_BYTES: '60000000' },
    'DOCUMENT_MEMORY_BYTES',
  ],
  [
    'images stay less than an hour, as people are told',
    { ANTEROOM_DOCUMENT_KEEP_SECONDS: '3401' },
    'DOCUMENT_KEEP_SECONDS',
  ],
])('%s', async (_what, env, named) => {
  await expect(load(env)).rejects.toThrow(named)
})
