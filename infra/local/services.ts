import { type SigningKey, signingKeyFrom } from '@anteroom/credential'
import { mailHost } from '../sandbox/mail/mail-catcher.ts'
import { documentBucket, kmsKeyId } from './policies.ts'
import type { Ports } from './ports.ts'
import type { Secrets } from './secrets.ts'

type Urls = Readonly<Record<'web' | 'worker' | 'ops', string>>

/** Where the parts of a running stack are. */
export interface Addresses {
  readonly ports: Ports
  readonly databaseUrls: Urls
  readonly redisUrls: Urls
  readonly s3Url: string
  readonly kmsUrl: string
  readonly proxyUrl: string
  readonly caFile: string
  readonly scenariosFile: string
  /** Pretend documents to download; `pnpm dev` fills it. */
  readonly specimensFolder: string
  readonly partnersFile: string
  /** Places that files can be moved to: the sample agency’s. */
  readonly destinationsFile: string
  /** Who may sign in to the console, with hashes of their passwords. */
  readonly operators: Readonly<Record<string, string>>
}

/** Settings by the names they have in a settings file. */
export type Settings = Readonly<Record<string, unknown>>

export type KeyProvider = 'kms' | 'local'

/** The address people see: a name, because browsers make no passkeys for numbers. */
export function publicUrlAt({ web }: Ports): string {
  return `http://localhost:${web}`
}

/** Where the sample agency's files are, as the guard of addresses writes it. */
function filesHostAt({ agencyFiles }: Ports): string {
  return `localhost:${agencyFiles}`
}

/** The web's settings in a local stack. */
export function webSettingsFor(at: Addresses, secrets: Secrets, keys: KeyProvider): Settings {
  return {
    ...shared(at, secrets, keys),
    port: at.ports.web,
    internal_port: at.ports.webInternal,
    public_url: publicUrlAt(at.ports),
    database_url: at.databaseUrls.web,
    redis_url: at.redisUrls.web,
    cookie_keys: [{ id: '1', key: secrets.cookies }],
    fingerprint_keys: [{ id: '1', key: secrets.fingerprints }],
    accounts: 'optional',
    profile_keeping: 'by-choice',
    document_fixtures: true,
    // Whoever runs this may choose the vendor for the worker.
    document_vendor_may_read: true,
    credential_public_keys: publicKeysFor(secrets),
    credential_issuer_name: issuerName,
    sandbox_scenarios_file: at.scenariosFile,
    sandbox_specimens_folder: at.specimensFolder,
    partners_file: at.partnersFile,
    openid_signing_keys: openidKeys(secrets),
    openid_subject_key: secrets.openidSubjects,
    transfer_destinations_file: at.destinationsFile,
    transfer_sandbox_origins: `https://${filesHostAt(at.ports)}`,
  }
}

/** The worker's settings in a local stack. */
export function workerSettingsFor(at: Addresses, secrets: Secrets, keys: KeyProvider): Settings {
  const vendor = (name: string) => ({
    [`${name}_url`]: `https://${name.replace('_', '-')}.vendors.test`,
    [`${name}_token`]: secrets.vendorToken,
    // All the time a worker has, so that the sandbox's slow people can be walked to its end.
    [`${name}_timeout_ms`]: 58_000,
  })
  return {
    ...shared(at, secrets, keys),
    internal_port: at.ports.workerInternal,
    database_url: at.databaseUrls.worker,
    redis_url: at.redisUrls.worker,
    outbound_proxy_url: at.proxyUrl,
    outbound_ca_file: at.caFile,
    ...vendor('resolution'),
    ...vendor('state_id'),
    ...vendor('address'),
    ...vendor('documents'),
    ...vendor('registry'),
    smtp_url: `smtps://anteroom:${secrets.vendorToken}@${mailHost}`,
    mail_from: `${issuerName} <no-reply@anteroom.test>`,
    partners_file: at.partnersFile,
    push_private_hosts: `localhost:${at.ports.partnerEvents},${filesHostAt(at.ports)}`,
    transfer_destinations_file: at.destinationsFile,
    transfer_private_hosts: `${filesHostAt(at.ports)},localhost:${at.ports.agencyGraph}`,
    console_database_url: at.databaseUrls.ops,
    console_operators: at.operators,
    console_session_key: secrets.consoleSessions,
    document_fixtures: true,
    fingerprint_keys: [{ id: '1', key: secrets.workerFingerprints }],
    credential_signing_keys: [credentialKey(secrets)],
    credential_issuer: publicUrlAt(at.ports),
    credential_issuer_name: issuerName,
  }
}

/** Those of operators' commands. Of local keys they get those they seal with. */
function opsSettingsFor(at: Addresses, secrets: Secrets, keys: KeyProvider): Settings {
  return {
    ...sealing(at, secrets, keys),
    ...(keys === 'local' && {
      local_keys: localKeys(secrets).filter(({ id }) =>
        ['payload', 'record', 'settings'].includes(id),
      ),
    }),
    database_url: at.databaseUrls.ops,
    redis_url: at.redisUrls.ops,
  }
}

/** The settings of each, in a local stack. */
export const settingsFor = {
  web: webSettingsFor,
  worker: workerSettingsFor,
  ops: opsSettingsFor,
}

const issuerName = 'Anteroom, on this machine'

/** What checks them. */
function publicKeysFor(secrets: Secrets): object[] {
  const key = credentialKey(secrets)
  if (!key) return []
  const { d: _private, ...publicKey } = key
  return [publicKey]
}

/** The one that signs credentials here. */
function credentialKey({ credentialSigning }: Secrets): SigningKey | undefined {
  return signingKeyFrom(Buffer.from(credentialSigning, 'base64url'))
}

/** One of each kind. */
function openidKeys({ openidSigning, openidRsa }: Secrets): unknown[] {
  return [signingKeyFrom(Buffer.from(openidSigning, 'base64url')), JSON.parse(openidRsa)]
}

function shared(at: Addresses, secrets: Secrets, keys: KeyProvider): Settings {
  return {
    ...sealing(at, secrets, keys),
    document_bucket: documentBucket,
    s3_endpoint: at.s3Url,
  }
}

function sealing(at: Addresses, secrets: Secrets, keys: KeyProvider): Settings {
  const provider =
    keys === 'kms'
      ? { kms_key_id: kmsKeyId, kms_endpoint: at.kmsUrl }
      : { local_keys: localKeys(secrets) }
  return {
    environment: 'local',
    key_provider: keys,
    ...provider,
    session_encryption_keys: [{ id: '1', key: secrets.sessionEncryption }],
  }
}

function localKeys(secrets: Secrets) {
  return [
    { id: 'payload', key: secrets.localPayload },
    { id: 'result', key: secrets.localResult },
    { id: 'step', key: secrets.localStep },
    { id: 'session', key: secrets.localSession },
    { id: 'record', key: secrets.localRecord },
    { id: 'credential', key: secrets.localCredential },
    { id: 'settings', key: secrets.localSettings },
  ]
}
