import type { Transform } from 'node:stream'
import {
  createFingerprint,
  createImageSeal,
  createKeyring,
  createSealerFromSettings,
  type ImageSlot,
  imageContext,
  openTextFor,
  sealTextFor,
  startOfNewest,
} from '@anteroom/crypto'
import { listenForOutcomes, type OutcomeListener, startDatabaseClock } from '@anteroom/job-channel'
import type { Open, Seal } from '@anteroom/job-contracts'
import type { Log, Metrics, Shutdown } from '@anteroom/runtime'
import { Redis, type RedisOptions } from 'ioredis'
import type pg from 'pg'
import { type AccountDeps, createAccountDeps } from './account/account-deps.ts'
import { type AccountSessions, createAccountSessions } from './account/account-sessions.ts'
import { readBlocklist } from './account/password-blocklist.ts'
import type { Blocklist } from './account/password-rules.ts'
import { type AssetUrls, readAssetUrls } from './assets-manifest.ts'
import type { WebConfig } from './config.ts'
import { createPool } from './database-pool.ts'
import { createImageStore, type ImageStore } from './documents/image-store.ts'
import { createKeeper, type Keeper } from './line/keeper.ts'
import { createLine, type Line } from './line/line.ts'
import { createLineParts } from './line/line-deps.ts'
import type { SendMail } from './mail/mail.ts'
import { createSendMail } from './mail/send-mail.ts'
import { createOpenid, type Openid } from './openid/openid.ts'
import { type Attempts, createAttempts } from './proofing/attempts.ts'
import { createLimits, type Limits } from './proofing/limits.ts'
import { createPersonData, type PersonData } from './proofing/person-data.ts'
import type { EventKeeper } from './security-events/keeper.ts'
import type { SecurityEvents } from './security-events/security-events.ts'
import { createSecurityEventDeps } from './security-events/security-events-deps.ts'
import { createSessionStore, type SessionStore } from './session/session-store.ts'
import { createTransfers, type Transfers } from './transfers/transfers.ts'
import {
  createRevocationLists,
  type RevocationLists,
} from './verify-credential/revocation-lists.ts'

/** Seals for this service alone. */
export interface OwnSeal {
  readonly seal: Seal
  readonly open: Open
}

/**
 * Keyed hashes by which people and numbers are counted without being known: one for each key, the newest first, so
 * that a new key forgets nothing that was counted under an older one.
 */
export interface Fingerprints {
  person(device: string): readonly string[]
  ssn(ssn: string): readonly string[]
  /** Of a canonical e-mail address. */
  address(address: string): readonly string[]
  network(network: string): readonly string[]
  /** Of an account's id. */
  account(id: string): readonly string[]
  backupCode(accountId: string, code: string): readonly string[]
  /** Of what a request for a transfer says, or names itself by. */
  transferRequest(text: string): readonly string[]
}

/** What an image is sealed for, and under which IV (12 bytes, base64url). */
export interface ImagePlace extends ImageSlot {
  readonly iv: string
}

export interface WebDeps extends AccountDeps {
  readonly config: WebConfig
  readonly db: pg.Pool
  readonly redis: Redis
  readonly sealPayload: Seal
  readonly openResult: Open
  readonly openCredential: Open
  /** What an account keeps. */
  readonly sealRecord: Seal
  readonly openRecord: Open
  /** Of operators, about an account. */
  readonly openOrder: Open
  /** How what the newest keys sealed for an account begins. */
  readonly startOfNewestRecord: string
  readonly personData: PersonData
  readonly images: ImageStore
  /** Seals an image as it passes through, as a browser would. */
  readonly createImageSeal: (key: Uint8Array, place: ImagePlace) => Transform
  readonly fingerprints: Fingerprints
  readonly sessions: SessionStore
  readonly accountSessions: AccountSessions
  readonly passwordBlocklist: Blocklist
  readonly sendMail: SendMail
  /** Absent where there are no partners. */
  readonly openid: Openid | undefined
  readonly securityEvents: SecurityEvents
  /** Absent where nothing held is to be told. */
  readonly eventKeeper: EventKeeper | undefined
  /** Absent where no files are moved. */
  readonly transfers: Transfers | undefined
  readonly attempts: Attempts
  readonly limits: Limits
  /** Absent where no credentials are issued. */
  readonly revocationLists: RevocationLists | undefined
  readonly line: Line
  readonly keeper: Keeper
  readonly outcomes: OutcomeListener
  readonly assets: AssetUrls
  readonly assetsFolder: string
  /** Milliseconds since the epoch, database time. */
  readonly now: () => number
  readonly random: () => number
  readonly log: Log
  readonly metrics: Metrics
}

export interface Surroundings {
  readonly log: Log
  readonly metrics: Metrics
  readonly shutdown: Shutdown
  /** Folder of the built styles and scripts. */
  readonly assetsFolder: string
}

/** Builds everything the web needs, and leaves with `shutdown` how each part is put away. */
export async function createDeps(config: WebConfig, around: Surroundings): Promise<WebDeps> {
  const { log, metrics, shutdown, assetsFolder } = around
  const db = createPool(config, log)
  shutdown.add('database', () => db.end())
  const redis = createRedis(config, log, { commandTimeout: redisAnswersWithinMs })
  shutdown.add('redis', () => redis.disconnect())
  const clock = await startDatabaseClock(db)
  shutdown.add('database-clock', () => clock.stop())
  const subscriber = createRedis(config, log)
  shutdown.add('redis-subscriber', () => subscriber.disconnect())

  const images = createImageStore(config)
  shutdown.add('images', () => images.close())
  const sealer = createSealerFromSettings(config, { keysWithinMs })
  const attempts = createAttempts(db)
  const fingerprints = createFingerprints(config)
  const record = { seal: sealTextFor(sealer, 'record'), open: openTextFor(sealer, 'record') }
  const { now } = clock
  const sealPayload = sealTextFor(sealer, 'payload')
  const kept = { db, record, fingerprints, now }
  const openid = createOpenid(config, { db, redis })
  const lineParts = createLineParts({ db, redis, config, now, random: Math.random, log, metrics })
  const times = sessionTimes(config)
  return {
    config,
    db,
    redis,
    sealPayload,
    sendMail: createSendMail({ db, sealPayload }),
    openResult: openTextFor(sealer, 'result'),
    openCredential: openTextFor(sealer, 'credential'),
    sealRecord: record.seal,
    openRecord: record.open,
    openOrder: openTextFor(sealer, 'settings'),
    startOfNewestRecord: startOfNewest(config, 'record'),
    personData: createPersonData({
      seal: sealTextFor(sealer, 'session'),
      open: openTextFor(sealer, 'session'),
    }),
    images,
    createImageSeal: (key, { iv, ...slot }) =>
      createImageSeal(key, { iv: Buffer.from(iv, 'base64url'), context: imageContext(slot) }),
    fingerprints,
    sessions: createSessionStore(redis, times, now),
    accountSessions: createAccountSessions(redis, times.absoluteSeconds, now),
    ...createAccountDeps(kept),
    passwordBlocklist: await readBlocklist(config.passwordBlocklistFile),
    openid,
    ...createSecurityEventDeps(config, { ...kept, openid, sealPayload, log }),
    transfers: createTransfers(config, fingerprints.transferRequest),
    attempts,
    line: createLine(lineParts),
    keeper: createKeeper(lineParts),
    limits: createLimits(config),
    revocationLists: createRevocationLists({ db, config, now: clock.now }),
    outcomes: await listenForOutcomes(subscriber),
    assets: readAssetUrls(assetsFolder),
    assetsFolder,
    now,
    random: Math.random,
    log,
    metrics,
  }
}

function sessionTimes({ sessionIdleSeconds, sessionAbsoluteSeconds }: WebConfig) {
  return { idleSeconds: sessionIdleSeconds, absoluteSeconds: sessionAbsoluteSeconds }
}

/** Somebody waits for the page. */
const keysWithinMs = 1_500

/** Twice as long in the worst case: a command waits for the pipeline before its own. */
const redisAnswersWithinMs = 1_000

/** Also makes the connections that block or subscribe: each needs one of its own. */
export function createRedis(
  { redisUrl }: WebConfig,
  log: Log,
  options: Pick<RedisOptions, 'commandTimeout'> = {},
): Redis {
  const redis = new Redis(redisUrl, {
    enableAutoPipelining: true,
    maxRetriesPerRequest: 1,
    connectTimeout: 2_000,
    ...options,
    retryStrategy: (attempt) => Math.min(attempt * 100, 1_000),
  })
  redis.on('error', () => log.warn('redis.connection-lost'))
  return redis
}

function createFingerprints({ fingerprintKeys }: WebConfig): Fingerprints {
  const keyring = createKeyring(fingerprintKeys)
  const person = createFingerprint(keyring, 'person')
  const ssn = createFingerprint(keyring, 'ssn')
  const address = createFingerprint(keyring, 'email')
  const network = createFingerprint(keyring, 'network')
  const account = createFingerprint(keyring, 'account')
  const backupCode = createFingerprint(keyring, 'backup-code')
  const transferRequest = createFingerprint(keyring, 'transfer-request')
  return {
    person: (device) => person.read(device),
    ssn: (number) => ssn.read(number),
    address: (canonical) => address.read(canonical),
    network: (name) => network.read(name),
    account: (id) => account.read(id),
    backupCode: (accountId, code) => backupCode.read(`${accountId}:${code}`),
    transferRequest: (text) => transferRequest.read(text),
  }
}
