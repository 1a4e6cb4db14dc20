import type { Log, Metrics } from '@anteroom/runtime'
import type pg from 'pg'
import { type Rounds, repeat } from '../repeat.ts'
import type { QuotaScripts } from './scripts.ts'
import { type QuotaCommand, readQuota, type UsualQuota, writeQuota } from './statements.ts'

/** What the vendors' quotas are: kept in Postgres, and published in Redis, by which every worker and the web go. */
export interface Quotas {
  /** Whether the command was newer than all before it. Every worker goes by it from now on. */
  apply(command: QuotaCommand): Promise<boolean>
  /** Publishes all anew. */
  publish(): Promise<void>
}

/** By their names: every vendor that has a quota. */
export type LimitedVendors = Readonly<
  Record<string, { readonly scripts: QuotaScripts; readonly usual: UsualQuota }>
>

export function createQuotas(
  { pool, metrics }: { readonly pool: pg.Pool; readonly metrics: Metrics },
  vendors: LimitedVendors,
): Quotas {
  async function publish(vendor: string, resume: boolean): Promise<void> {
    const limited = vendors[vendor]
    if (!limited) return
    const quota = await readQuota(pool, vendor, limited.usual)
    await limited.scripts.publish(quota, resume)
    const callsPerSecond = quota.calls / quota.windowSeconds
    metrics.set('vendor_quota_calls_per_second', { vendor }, callsPerSecond)
  }

  return {
    async apply(command) {
      const { vendor, paused } = command
      const applied = await writeQuota(pool, command)
      if (applied && paused === true) {
        metrics.increment('vendor_pauses_total', { vendor, why: 'operator' })
      }
      // Whoever says that calls may go on means also the pause that the vendor asked for.
      if (applied) await publish(vendor, paused === false)
      return applied
    },
    async publish() {
      await Promise.all(Object.keys(vendors).map((vendor) => publish(vendor, false)))
    },
  }
}

/** What Redis may have lost is there again within two seconds. */
const publishEveryMs = 1_500

/** Every worker publishes, a little out of step: nobody has to notice a loss first. */
export function startQuotaUpkeep(deps: {
  readonly quotas: Quotas
  readonly random: () => number
  readonly log: Log
}): Rounds {
  const { quotas, random, log } = deps
  const round = () => quotas.publish().catch(() => log.warn('quota.publish-failed'))
  return repeat(round, { everyMs: publishEveryMs, random })
}
