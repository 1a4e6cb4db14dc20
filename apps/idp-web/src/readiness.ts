import type { WebDeps } from './deps.ts'

/** What the web cannot answer people without. */
export function readinessOf({ db, redis }: WebDeps): Record<string, () => Promise<void>> {
  return {
    async database() {
      await db.query('select 1')
    },
    async redis() {
      await redis.ping()
    },
  }
}
