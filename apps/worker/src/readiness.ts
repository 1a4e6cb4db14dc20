import type { WorkerDeps } from './deps.ts'

/** What the worker cannot work without. */
export function readinessOf({ pool, redis }: WorkerDeps): Record<string, () => Promise<void>> {
  return {
    async database() {
      await pool.query('select 1')
    },
    async redis() {
      await redis.ping()
    },
  }
}
