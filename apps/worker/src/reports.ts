import { type Db, pushReport } from '@anteroom/job-channel'
import type { Redis } from 'ioredis'
import { send } from './answers.ts'
import { readSettledSince } from './ledger/upkeep-statements.ts'

export interface Reports {
  /** Pushes every report settled since then once more, and says how many there were. `since` is an ISO 8601 time. */
  repeatSince(since: string): Promise<number>
}

export function createReports(db: Db, redis: Redis): Reports {
  return {
    async repeatSince(since) {
      const reports = await readSettledSince(db, since)
      const pipeline = redis.pipeline()
      for (const report of reports) pushReport(pipeline, report)
      await send(pipeline)
      return reports.length
    },
  }
}
