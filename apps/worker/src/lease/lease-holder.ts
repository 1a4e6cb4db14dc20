import { type Lease, type LeaseOptions, takeLease } from './lease.ts'

/** This process's lease, which can be taken only once graphile-worker has given the process an id. */
export interface LeaseHolder {
  take(workerId: string): Promise<void>
  /** How long the lease has been held without a break, in milliseconds; 0 before it is taken. */
  heldMs(): number
  release(): Promise<void>
}

export function createLeaseHolder(options: Omit<LeaseOptions, 'workerId'>): LeaseHolder {
  let lease: Lease | undefined
  return {
    async take(workerId) {
      lease = await takeLease({ ...options, workerId })
    },
    heldMs: () => lease?.heldMs() ?? 0,
    async release() {
      await lease?.release()
    },
  }
}
