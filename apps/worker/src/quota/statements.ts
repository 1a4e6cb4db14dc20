import type { Db } from '@anteroom/job-channel'
import type { Quota } from './scripts.ts'

/** The only home of the columns of `worker.quotas`. */

/** What an operator wants of a vendor's quota. What is not given stays. */
export interface QuotaCommand {
  readonly vendor: string
  readonly revision: number
  readonly calls?: number | undefined
  readonly windowSeconds?: number | undefined
  readonly paused?: boolean | undefined
}

/** What nobody has set is as in the settings. */
export type UsualQuota = Pick<Quota, 'calls' | 'windowSeconds'>

export async function readQuota(db: Db, vendor: string, usual: UsualQuota): Promise<Quota> {
  const { rows } = await db.query<Quota>(
    `select revision::float8, coalesce(calls, $2) as calls,
       coalesce(window_seconds, $3) as "windowSeconds", stopped
     from worker.quotas where vendor = $1`,
    [vendor, usual.calls, usual.windowSeconds],
  )
  return rows[0] ?? { ...usual, revision: 0, stopped: false }
}

/** False if a newer command was there before. The same one again is harmless. */
export async function writeQuota(db: Db, command: QuotaCommand): Promise<boolean> {
  const { vendor, revision, calls, windowSeconds, paused } = command
  const { rowCount } = await db.query(
    `insert into worker.quotas as known (vendor, revision, calls, window_seconds, stopped)
     values ($1, $2, $3, $4, coalesce($5, false))
     on conflict (vendor) do update set
       revision = excluded.revision,
       calls = coalesce(excluded.calls, known.calls),
       window_seconds = coalesce(excluded.window_seconds, known.window_seconds),
       stopped = coalesce($5, known.stopped)
     where known.revision <= excluded.revision`,
    [vendor, revision, calls, windowSeconds, paused],
  )
  return rowCount === 1
}
