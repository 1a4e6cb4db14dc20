import { inSoleTransaction } from '@anteroom/job-channel'
import type { Log } from '@anteroom/runtime'
import type pg from 'pg'
import { repeat } from '../repeat.ts'
import { purgeCredentials } from './credential-table.ts'

export interface CredentialSweepDeps {
  readonly pool: pg.Pool
  readonly random: () => number
  readonly log: Log
}

const sweepEveryMs = 60 * 60 * 1000

/** Forgets credentials that are good nowhere any more. One worker at a time. */
export function startCredentialSweep(deps: CredentialSweepDeps): { stop(): Promise<void> } {
  return repeat(() => sweepCredentials(deps), { everyMs: sweepEveryMs, random: deps.random })
}

/** Never rejects: what is left, the next sweep finds. */
export async function sweepCredentials({
  pool,
  log,
}: Pick<CredentialSweepDeps, 'pool' | 'log'>): Promise<void> {
  try {
    await inSoleTransaction(pool, 'worker.credential-sweep', async (tx) => {
      const count = await purgeCredentials(tx)
      if (count > 0) log.info('credentials.swept', { count })
    })
  } catch {
    log.warn('credentials.sweep-failed')
  }
}
