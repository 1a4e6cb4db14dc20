import { createSealerFromSettings, sealTextFor } from '@anteroom/crypto'
import { type QuotaState, readQuota } from '@anteroom/job-channel'
import type { Seal } from '@anteroom/job-contracts'
import { Redis } from 'ioredis'
import pg from 'pg'
import type { OpsConfig } from './settings.ts'

export interface OpsDeps {
  readonly db: pg.Pool
  readonly sealPayload: Seal
  /** What names a person in an order, for the web; secrets that stand in files, for the worker. */
  readonly sealSetting: Seal
  /** For the web: what consumers of the API for transfers are told by. */
  readonly sealRecord: Seal
  /** What the worker publishes of the registry's quota. Undefined if it published nothing or Redis is out of reach. */
  readonly quota: (now: number) => Promise<QuotaState | undefined>
  /** What the operator asked for. */
  readonly say: (line: string) => void
  /** What they should know meanwhile. */
  readonly note: (line: string) => void
  readonly close: () => Promise<void>
}

export function createDeps(
  config: OpsConfig,
  { say, note }: Pick<OpsDeps, 'say' | 'note'>,
): OpsDeps {
  const db = new pg.Pool({
    connectionString: config.databaseUrl,
    max: 1,
    connectionTimeoutMillis: 3_000,
    statement_timeout: 5_000,
    query_timeout: 6_000,
  })
  // Whoever asks next is told.
  db.on('error', () => undefined)
  const redis = new Redis(config.redisUrl, {
    lazyConnect: true,
    connectTimeout: 2_000,
    commandTimeout: 2_000,
    maxRetriesPerRequest: 0,
    // It asks for INFO, which this user may not.
    enableReadyCheck: false,
    retryStrategy: () => null,
  })
  redis.on('error', () => undefined)
  const sealer = createSealerFromSettings(config, { keysWithinMs: 5_000 })
  return {
    db,
    sealPayload: sealTextFor(sealer, 'payload'),
    sealSetting: sealTextFor(sealer, 'settings'),
    sealRecord: sealTextFor(sealer, 'record'),
    quota: (now) => readQuota(redis, 'registry', now).catch(() => undefined),
    say,
    note,
    close: async () => {
      redis.disconnect()
      await db.end()
    },
  }
}
