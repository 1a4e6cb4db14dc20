import type pg from 'pg'
import { type Lease, type LeaseOptions, takeLease } from './lease.ts'
import { freeJobs } from './lease-statements.ts'

/** This process's lease, which can be taken only once graphile-worker has given the process an id. */
export interface LeaseHolder {
  take(workerId: string): Promise<void>
  /** How long the lease has been held without a break, in milliseconds; 0 before it is taken. */
  heldMs(): number
  release(): Promise<void>
  /** Gives back what was claimed under this lease and never completed. Others will, if the database cannot be reached now. */
  abandon(): Promise<void>
}

export interface LeaseHolderOptions extends Omit<LeaseOptions, 'workerId'> {
  readonly pool: pg.Pool
}

export function createLeaseHolder(options: LeaseHolderOptions): LeaseHolder {
  let lease: { readonly workerId: string; readonly held: Lease } | undefined

  async function release(): Promise<void> {
    await lease?.held.release()
    lease = undefined
  }

  return {
    async take(workerId) {
      lease = { workerId, held: await takeLease({ ...options, workerId }) }
    },
    heldMs: () => lease?.held.heldMs() ?? 0,
    release,
    async abandon() {
      if (!lease) return
      const { workerId } = lease
      await release()
      await freeJobs(options.pool, [workerId]).catch(() => undefined)
    },
  }
}
