import type { Db } from '@anteroom/job-channel'
import { jobs } from '@anteroom/job-contracts'

/** What there is of one task's jobs. */
export interface QueueFigures {
  readonly job: string
  readonly ready: number
  /** How long the oldest that is ready has been. */
  readonly oldest_seconds: number | null
  readonly running: number
  readonly scheduled: number
  /** In the last hour. */
  readonly done_lately: number
  /** In the last hour. */
  readonly failed_lately: number
  readonly dead: number
}

/** Of every task there is, by name. */
export async function queueFigures(db: Db): Promise<QueueFigures[]> {
  const { rows } = await db.query<QueueFigures>(
    `select job, ready::integer, oldest_seconds, running::integer, scheduled::integer, done_lately::integer,
       failed_lately::integer, dead::integer
     from ops.queues()`,
  )
  const found = new Map(rows.map((row) => [row.job, row]))
  const idle = Object.values(jobs)
    .filter(({ name }) => !found.has(name))
    .map(({ name }) => nothingOf(name))
  return [...rows, ...idle].sort((a, b) => (a.job < b.job ? -1 : 1))
}

function nothingOf(job: string): QueueFigures {
  const none = { ready: 0, running: 0, scheduled: 0, done_lately: 0, failed_lately: 0, dead: 0 }
  return { job, oldest_seconds: null, ...none }
}
