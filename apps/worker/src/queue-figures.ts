import { jobs } from '@anteroom/job-contracts'
import type { Log, Metrics } from '@anteroom/runtime'
import type pg from 'pg'
import { countDeadLetters } from './ledger/dead-letters.ts'
import { type Rounds, repeat } from './repeat.ts'

const measureEveryMs = 10_000

export interface QueueFiguresDeps {
  readonly pool: pg.Pool
  readonly metrics: Metrics
  readonly random: () => number
  readonly log: Log
}

/**
 * Measures the queue, which belongs to no worker: each tells the same of all of it. It ages the jobs that could start
 * and that nobody has taken, which no worker that is down can do for itself.
 */
export function startQueueFigures(deps: QueueFiguresDeps): Rounds {
  const { log, random } = deps
  const round = () => measureQueue(deps).catch(() => log.warn('queue.unmeasured'))
  return repeat(round, { everyMs: measureEveryMs, random })
}

interface Figures {
  readonly task: string
  readonly ready: number
  readonly running: number
  readonly scheduled: number
  readonly oldest: number | null
}

const figuresSql = `
select task.identifier as task,
  count(*) filter (where locked_at is null and run_at <= now())::integer as ready,
  count(*) filter (where locked_at is not null)::integer as running,
  count(*) filter (where locked_at is null and run_at > now())::integer as scheduled,
  extract(epoch from now() - min(run_at) filter (where locked_at is null and run_at <= now()))::float8 as oldest
from graphile_worker._private_jobs as job
join graphile_worker._private_tasks as task on task.id = job.task_id
where attempts < max_attempts
group by task.identifier`

/** Sets the gauges once. */
export async function measureQueue({
  pool,
  metrics,
}: Pick<QueueFiguresDeps, 'pool' | 'metrics'>): Promise<void> {
  const { rows } = await pool.query<Figures>({ name: 'queue.figures', text: figuresSql })
  const found = new Map(rows.map((row) => [row.task, row]))
  for (const { name: task } of Object.values(jobs)) {
    const { ready = 0, running = 0, scheduled = 0, oldest } = found.get(task) ?? {}
    metrics.set('queue_jobs', { task, state: 'ready' }, ready)
    metrics.set('queue_jobs', { task, state: 'running' }, running)
    metrics.set('queue_jobs', { task, state: 'scheduled' }, scheduled)
    metrics.set('queue_oldest_seconds', { task }, Math.max(0, oldest ?? 0))
  }
  for (const [task, count] of await countDeadLetters(pool)) {
    metrics.set('dead_letters_kept', { task }, count)
  }
}
