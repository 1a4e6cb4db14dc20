import type { Db } from '@anteroom/job-channel'

export interface WorkerFigures {
  readonly worker_id: string
  /** Null: it holds jobs and has no lease. */
  readonly heartbeat_age_seconds: number | null
  readonly jobs: number
  readonly oldest_locked_at: Date | null
}

export async function workerFigures(db: Db): Promise<WorkerFigures[]> {
  const { rows } = await db.query<WorkerFigures>(
    `select worker_id, heartbeat_age_seconds, jobs::integer, oldest_locked_at from ops.workers()`,
  )
  return rows
}

export type WorkerLife = 'at work' | 'late' | 'silent' | 'without a lease'

/** A worker beats each second, and others take its jobs if it has not for ten. */
export function workerLife(ageSeconds: number | null): WorkerLife {
  if (ageSeconds === null) return 'without a lease'
  if (ageSeconds <= 3) return 'at work'
  return ageSeconds <= 10 ? 'late' : 'silent'
}
