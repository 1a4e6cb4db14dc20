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
import type { Open } from '@anteroom/job-contracts'
import type { Log, Metrics, Shutdown } from '@anteroom/runtime'
import { createOutboundAgent, createPushClient, type OutboundAgent } from '@anteroom/vendor-clients'
import { Redis } from 'ioredis'
import type pg from 'pg'
import { admissionsBy } from './admissions.ts'
import { createAnswers } from './answers.ts'
import type { WorkerConfig } from './config.ts'
import { createVendors } from './create-vendors.ts'
import { createCredentials } from './credentials/create-credentials.ts'
import type { Credentials } from './credentials/credentials.ts'
import { startPress } from './credentials/paper/press.ts'
import { createDocuments } from './documents/create-documents.ts'
import type { Documents, ImageFingerprint, OpenImage, ShownImage } from './documents/documents.ts'
import type { JobDeps, TaskDeps } from './job-deps.ts'
import { jobsAtOnce } from './jobs-at-once.ts'
import { createOrderedJobs } from './ledger/job-order.ts'
import { createLedger } from './ledger/ledger.ts'
import { createVendorCalls } from './ledger/vendor-calls.ts'
import { createReceivers } from './partners/create-receivers.ts'
import { readReceivers } from './partners/read-receivers.ts'
import { createLedgerPool, createQueuePool } from './pools.ts'
import { createPlaces } from './push/places.ts'
import { createPushLimit } from './push/push-limit.ts'
import { createGate, type GateDeps } from './quota/gate.ts'
import { createQuotas } from './quota/quotas.ts'
import { createQuotaScripts } from './quota/scripts.ts'
import { createReports } from './reports.ts'
import { createTransferSteps } from './transfers/transfer-steps.ts'
import { transfersFor } from './transfers/transfers-for.ts'
import { createWakeLater } from './wake-later.ts'
import { createWebhooks } from './webhooks/create-webhooks.ts'

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
  const stepSeals = {
    sealStep: sealTextFor(sealer, 'step'),
    openStep: openTextFor(sealer, 'step'),
  }
  const openSetting = openTextFor(sealer, 'settings')
  const agent = await createAgent(config)
  const pushes = pushesFor(config, { agent, redis, openSetting, ...around })
  const transfers = transfersFor(config, { agent, openSecret: openSetting, ...around })
  return {
    pool,
    queuePool,
    redis,
    ledger,
    atOnce: jobsAtOnce(config),
    wakeLater: createWakeLater(pool, log),
    answers: createAnswers({ redis, ledger, clock }),
    reports: createReports(pool, redis),
    order: createOrderedJobs(pool),
    admissions: admissionsBy({ ...pushes, transfers }),
    ...pushes,
    vendors: createVendors(config, agent),
    ...limitedVendors(config, { pool, redis, now: clock.now, log, metrics }),
    documents: documentsFor(config, { ...around, now: clock.now }),
    credentials: await credentialsFor(config, { pool, now: clock.now, shutdown }),
    calls: createVendorCalls({ db: pool, ...stepSeals }),
    transferSteps: createTransferSteps({ db: pool, ...stepSeals }),
    transfers,
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

/** Those that are told something: partners, where a partners file is set, and consumers of the API for transfers. */
function pushesFor(
  config: WorkerConfig,
  around: Surroundings & { agent: OutboundAgent; redis: Redis; openSetting: Open },
): Pick<TaskDeps, 'receivers' | 'webhooks'> {
  const { partnersFile, pushPrivateHosts: allowPrivate } = config
  const { agent, redis, openSetting, log, metrics, shutdown } = around
  const client = createPushClient({ agent, allowPrivate })
  shutdown.add('push-client', () => client.close())
  const turns = {
    limit: createPushLimit({ redis }),
    places: createPlaces({ random: Math.random }),
  }
  const own = { client, turns, log, metrics }
  const webhooks = createWebhooks(own)
  if (partnersFile === undefined) return { webhooks }
  const receivers = createReceivers({ ...own, receivers: readReceivers(partnersFile), openSetting })
  return { webhooks, receivers }
}

async function createAgent(config: WorkerConfig): Promise<OutboundAgent> {
  const { outboundProxyUrl: proxyUrl, outboundCaFile } = config
  if (outboundCaFile === undefined) return createOutboundAgent({ proxyUrl })
  return createOutboundAgent({ proxyUrl, ca: await readFile(outboundCaFile, 'utf8') })
}
