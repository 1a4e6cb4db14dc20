import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import {
  CryptoError,
  createFingerprint,
  createKeyring,
  createSealerFromSettings,
  type Fingerprint,
  imageContext,
  openImage,
  openTextFor,
  sealTextFor,
} from '@anteroom/crypto'
import { startDatabaseClock } from '@anteroom/job-channel'
import type { Log, Metrics, Shutdown } from '@anteroom/runtime'
import {
  createAddressClient,
  createDocumentsClient,
  createMailClient,
  createOutboundAgent,
  createRegistryClient,
  createResolutionClient,
  createStateIdClient,
  createVendorHttp,
  type OutboundAgent,
} from '@anteroom/vendor-clients'
import { Redis } from 'ioredis'
import type pg from 'pg'
import { createAnswers } from './answers.ts'
import type { WorkerConfig } from './config.ts'
import { createCredentials } from './credentials/create-credentials.ts'
import type { Credentials } from './credentials/credentials.ts'
import { startPress } from './credentials/paper/press.ts'
import { createDocuments } from './documents/create-documents.ts'
import type { Documents, ImageFingerprint, OpenImage, ShownImage } from './documents/documents.ts'
import type { JobDeps, TaskDeps } from './job-deps.ts'
import { jobsAtOnce } from './jobs-at-once.ts'
import { createLedger } from './ledger/ledger.ts'
import { createVendorCalls } from './ledger/vendor-calls.ts'
import { createLedgerPool, createQueuePool } from './pools.ts'
import { createGate, type GateDeps } from './quota/gate.ts'
import { createQuotas } from './quota/quotas.ts'
import { createQuotaScripts } from './quota/scripts.ts'
import { createReports } from './reports.ts'
import type { Vendors } from './vendors.ts'
import { createWakeLater } from './wake-later.ts'

export interface WorkerDeps extends JobDeps, TaskDeps {
  readonly pool: pg.Pool
  readonly queuePool: pg.Pool
  readonly redis: Redis
}

export interface Surroundings {
  readonly log: Log
  readonly metrics: Metrics
  readonly shutdown: Shutdown
}

/** Builds everything the worker's tasks need, and leaves with `shutdown` how each part is put away. */
export async function createDeps(config: WorkerConfig, around: Surroundings): Promise<WorkerDeps> {
  const { log, metrics, shutdown } = around
  const pool = createLedgerPool(config.databaseUrl, log)
  shutdown.add('database', () => pool.end())
  const queuePool = createQueuePool(config.databaseUrl, log)
  shutdown.add('queue-database', () => queuePool.end())

  const redis = new Redis(config.redisUrl, { enableAutoPipelining: true, maxRetriesPerRequest: 2 })
  redis.on('error', () => log.warn('redis.connection-lost'))
  shutdown.add('redis', () => redis.disconnect())

  const clock = await startDatabaseClock(pool)
  shutdown.add('database-clock', () => clock.stop())

  const ledger = createLedger(pool)
  const sealer = createSealerFromSettings(config, { keysWithinMs: 5_000 })
  return {
    pool,
    queuePool,
    redis,
    ledger,
    atOnce: jobsAtOnce(config),
    wakeLater: createWakeLater(pool, log),
    answers: createAnswers({ redis, ledger, clock }),
    reports: createReports(pool, redis),
    vendors: await createVendors(config),
    ...limitedVendors(config, { pool, redis, now: clock.now, log, metrics }),
    documents: documentsFor(config, { ...around, now: clock.now }),
    credentials: await credentialsFor(config, { pool, now: clock.now, shutdown }),
    calls: createVendorCalls({
      db: pool,
      sealStep: sealTextFor(sealer, 'step'),
      openStep: openTextFor(sealer, 'step'),
    }),
    openPayload: openTextFor(sealer, 'payload'),
    sealResult: sealTextFor(sealer, 'result'),
    sealCredential: sealTextFor(sealer, 'credential'),
    now: clock.now,
    random: Math.random,
    log,
    metrics,
  }
}

/** The vendors that take only so many calls. */
function limitedVendors(
  config: WorkerConfig,
  around: Omit<GateDeps, 'vendor' | 'scripts' | 'slackMs'> & Pick<WorkerDeps, 'pool' | 'redis'>,
): Pick<WorkerDeps, 'gates' | 'quotas'> {
  const { registryQuotaCalls: calls, registryQuotaWindowSeconds: windowSeconds } = config
  const scripts = createQuotaScripts(around.redis, 'registry')
  const slackMs = config.registryQuotaSlackMs
  return {
    gates: { registry: createGate({ ...around, vendor: 'registry', scripts, slackMs }) },
    quotas: createQuotas(around, { registry: { scripts, usual: { calls, windowSeconds } } }),
  }
}

/** Undefined where no bucket is set: this worker has no images to look at. */
function documentsFor(
  config: WorkerConfig,
  around: Surroundings & Pick<JobDeps, 'now'>,
): Documents | undefined {
  const { documentBucket: bucket, fingerprintKeys } = config
  if (bucket === undefined || fingerprintKeys === undefined) return undefined
  return createDocuments({
    config: { ...config, documentBucket: bucket },
    around,
    openImage: openSealedImage,
    fingerprint: imageFingerprint(createFingerprint(createKeyring(fingerprintKeys), 'image')),
  })
}

/** Undefined where no key is set: this worker issues none. */
async function credentialsFor(
  config: WorkerConfig,
  { pool, now, shutdown }: Pick<WorkerDeps, 'pool' | 'now'> & Pick<Surroundings, 'shutdown'>,
): Promise<Credentials | undefined> {
  const {
    credentialSigningKeys,
    credentialIssuer: issuer,
    credentialIssuerName: issuerName,
  } = config
  const [key] = credentialSigningKeys ?? []
  if (!key || issuer === undefined || issuerName === undefined) return undefined
  const press = startPress(issuerName)
  shutdown.add('press', () => press.close())
  return createCredentials({ key, issuer, print: press.print, pool, now })
}

/** Why an image does not open is nobody's to learn. */
const openSealedImage: OpenImage = ({ imageKey, iv, ...slot }, sealed) => {
  const context = imageContext(slot)
  try {
    return openImage(bytesOf(imageKey), { iv: bytesOf(iv), context }, sealed)
  } catch (error) {
    if (error instanceof CryptoError) return undefined
    throw error
  }
}

const bytesOf = (base64url: string): Uint8Array => Buffer.from(base64url, 'base64url')

function imageFingerprint(fingerprint: Fingerprint): ImageFingerprint {
  const textOf = ({ documentType, side, bytes }: ShownImage): string =>
    [documentType, side, createHash('sha256').update(bytes).digest('base64url')].join(' ')
  return {
    write: (image) => fingerprint.write(textOf(image)),
    read: (image) => fingerprint.read(textOf(image)),
  }
}

async function createVendors(config: WorkerConfig): Promise<Vendors> {
  const agent = await createAgent(config)
  return {
    ...documentsVendor(config, agent),
    ...registryVendor(config, agent),
    ...mailVendor(config, agent),
    resolution: {
      client: createResolutionClient(
        createVendorHttp({ baseUrl: config.resolutionUrl, token: config.resolutionToken, agent }),
      ),
      timeoutMs: config.resolutionTimeoutMs,
    },
    stateId: {
      client: createStateIdClient(
        createVendorHttp({ baseUrl: config.stateIdUrl, token: config.stateIdToken, agent }),
      ),
      timeoutMs: config.stateIdTimeoutMs,
    },
    address: {
      client: createAddressClient(
        createVendorHttp({ baseUrl: config.addressUrl, token: config.addressToken, agent }),
      ),
      timeoutMs: config.addressTimeoutMs,
    },
  }
}

function documentsVendor(config: WorkerConfig, agent: OutboundAgent): Pick<Vendors, 'documents'> {
  const { documentsUrl: baseUrl, documentsToken: token, documentsTimeoutMs: timeoutMs } = config
  if (baseUrl === undefined || token === undefined) return {}
  const client = createDocumentsClient(createVendorHttp({ baseUrl, token, agent }))
  return { documents: { client, timeoutMs } }
}

function registryVendor(config: WorkerConfig, agent: OutboundAgent): Pick<Vendors, 'registry'> {
  const { registryUrl: baseUrl, registryToken: token, registryTimeoutMs: timeoutMs } = config
  if (baseUrl === undefined || token === undefined) return {}
  const client = createRegistryClient(createVendorHttp({ baseUrl, token, agent }))
  return { registry: { client, timeoutMs } }
}

function mailVendor(config: WorkerConfig, agent: OutboundAgent): Pick<Vendors, 'mail'> {
  const { smtpUrl, mailFrom: from, mailTimeoutMs: timeoutMs } = config
  if (smtpUrl === undefined || from === undefined) return {}
  const [senderName = ''] = from.split(' <')
  return { mail: { client: createMailClient({ smtpUrl, from, agent }), timeoutMs, senderName } }
}

async function createAgent(config: WorkerConfig): Promise<OutboundAgent> {
  const { outboundProxyUrl: proxyUrl, outboundCaFile } = config
  if (outboundCaFile === undefined) return createOutboundAgent({ proxyUrl })
  return createOutboundAgent({ proxyUrl, ca: await readFile(outboundCaFile, 'utf8') })
}
