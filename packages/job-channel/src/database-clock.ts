import type { Db } from './database.ts'

/** The database's time, so that two services on two machines agree when a deadline has passed. */
export interface DatabaseClock {
  /** Milliseconds since the epoch, database time. Costs no query. */
  now(): number
  /** Measures the offset anew. */
  sync(): Promise<void>
  stop(): void
}

const syncEveryMs = 30_000

/** Measures how far this machine's clock is from the database's, once now and then every 30 s. */
export async function startDatabaseClock(db: Db): Promise<DatabaseClock> {
  let offsetMs = 0

  async function sync(): Promise<void> {
    const sentAt = Date.now()
    const { rows } = await db.query<{ ms: number }>(
      'select extract(epoch from clock_timestamp())::float8 * 1000 as ms',
    )
    const receivedAt = Date.now()
    const [row] = rows
    // The answer was made about halfway between asking and hearing it.
    if (row) offsetMs = row.ms - (sentAt + receivedAt) / 2
  }

  await sync()
  // A failed measurement leaves the last offset standing; the next one is 30 s away.
  const timer = setInterval(() => void sync().catch(() => undefined), syncEveryMs).unref()
  return {
    now: () => Math.round(Date.now() + offsetMs),
    sync,
    stop: () => clearInterval(timer),
  }
}
