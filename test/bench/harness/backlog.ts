import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'

export interface BacklogOptions {
  /** The database of the queue. */
  readonly pool: pg.Pool
  /** Jobs that are ready and that nobody has taken: so many stand before whoever comes next. */
  readonly size: number
  readonly add: (count: number) => Promise<void>
}

export interface Backlog {
  stop(): Promise<void>
}

const lookEveryMs = 50

/** Keeps a queue as full as it is now and then found: what workers take is added again. */
export async function keepBacklog({ pool, size, add }: BacklogOptions): Promise<Backlog> {
  let running = true
  const fill = async () => {
    const { rows } = await pool.query<{ ready: number }>(
      'select count(*)::integer as ready from graphile_worker._private_jobs where locked_at is null',
    )
    const missing = size - (rows[0]?.ready ?? 0)
    if (missing > 0) await add(missing)
  }
  const keep = async () => {
    while (running) {
      await wait(lookEveryMs)
      await fill()
    }
  }

  await fill()
  const kept = keep()
  // Told to whoever stops it.
  kept.catch(() => undefined)
  return {
    async stop() {
      running = false
      await kept
    },
  }
}
