import { signingKeyFrom } from '@anteroom/credential'
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

const keyOf = (byte: number) => signingKeyFrom(new Uint8Array(32).fill(byte))

const issuing = {
  ANTEROOM_CREDENTIAL_SIGNING_KEYS: JSON.stringify([keyOf(2), keyOf(1)]),
  ANTEROOM_CREDENTIAL_ISSUER: 'https://id.example.gov',
  ANTEROOM_CREDENTIAL_ISSUER_NAME: 'Commonwealth of Atlantis',
}

test('keys of credentials are read, the newest first', async () => {
  const settings = await load(issuing)

  expect(settings.credentialSigningKeys).toEqual([keyOf(2), keyOf(1)])
})

test.each([
  ['that are no list', JSON.stringify(keyOf(1))],
  ['that are no JSON', 'secret'],
  ['of which there is none', '[]'],
  ['of another curve', JSON.stringify([{ ...keyOf(1), crv: 'P-521' }])],
  ["with another key's public half", JSON.stringify([{ ...keyOf(1), x: keyOf(2)?.x }])],
])('keys %s stop the start, and are not said', async (_what, keys) => {
  const started = load({ ...issuing, ANTEROOM_CREDENTIAL_SIGNING_KEYS: keys })

  await expect(started).rejects.toThrow(/^(?!.*secret).*CREDENTIAL_SIGNING_KEYS/s)
})

test.each([
  'https://id.example.gov/',
  'http://id.example.gov',
  'id.example.gov',
  'https://a.test/v',
])('an issuer is a secure origin, and %s is none', async (issuer) => {
  const started = load({ ...issuing, ANTEROOM_CREDENTIAL_ISSUER: issuer })

  await expect(started).rejects.toThrow('CREDENTIAL_ISSUER')
})

test('this machine may issue without TLS', async () => {
  const issuer = 'http://127.0.0.1:3000'

  const settings = await load({ ...issuing, ANTEROOM_CREDENTIAL_ISSUER: issuer })

  expect(settings.credentialIssuer).toBe(issuer)
})

test.each([
  [
    'signing keys need an issuer',
    { ANTEROOM_CREDENTIAL_SIGNING_KEYS: issuing.ANTEROOM_CREDENTIAL_SIGNING_KEYS },
    'CREDENTIAL_ISSUER',
  ],
  [
    'signing keys need the name of the issuer',
    { ...issuing, ANTEROOM_CREDENTIAL_ISSUER_NAME: ' ' },
    'CREDENTIAL_ISSUER_NAME',
  ],
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

const hash = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`
const withConsole = {
  ANTEROOM_CONSOLE_DATABASE_URL: 'postgres://localhost/x',
  ANTEROOM_CONSOLE_OPERATORS: `ada:${hash}\n grace@example.gov:${hash}`,
  ANTEROOM_CONSOLE_SESSION_KEY: 'A'.repeat(43),
}

test('operators of the console are read with their hashes, and hosts in small letters', async () => {
  const settings = await load({ ...withConsole, ANTEROOM_CONSOLE_HOSTS: 'Ops.example.gov, b' })

  expect(settings.consoleOperators).toEqual({ ada: hash, 'grace@example.gov': hash })
  expect(settings.consoleSessionKey).toHaveLength(32)
  expect(settings.consoleHosts).toEqual(['ops.example.gov', 'b'])
})

test.each([
  ['nobody', { ANTEROOM_CONSOLE_OPERATORS: '' }],
  ['a password instead of its hash', { ANTEROOM_CONSOLE_OPERATORS: 'ada:secret' }],
  ['a name that the audit does not take', { ANTEROOM_CONSOLE_OPERATORS: `a/b:${hash}` }],
  ['no name', { ANTEROOM_CONSOLE_OPERATORS: hash }],
  ['a short key', { ANTEROOM_CONSOLE_SESSION_KEY: 'secret' }],
])('a console with %s stops the start, and nothing of it is said', async (_what, wrong) => {
  const failure = load({ ...withConsole, ...wrong })

  await expect(failure).rejects.toThrow(/CONSOLE_/)
  await expect(failure).rejects.not.toThrow(/secret|argon2id/)
})
