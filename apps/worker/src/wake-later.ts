import type { Db } from '@anteroom/job-channel'
import type { Log } from '@anteroom/runtime'
import { wakeWorkers } from './lease/lease-statements.ts'

/** Wakes a worker once a row that was put back is due; polling alone finds it seconds later. */
export type WakeLater = (delayMs: number) => void

/** Rows that are due so close together are told of at once. */
const togetherMs = 250

export function createWakeLater(db: Db, log: Log): WakeLater {
  /** How many rows are due, by the end of the quarter second in which they are. */
  const due = new Map<number, number>()

  async function wake(at: number): Promise<void> {
    const rows = due.get(at) ?? 0
    due.delete(at)
    await wakeWorkers(db, rows).catch(() => log.warn('database.connection-lost'))
  }

  return (delayMs) => {
    const now = performance.now()
    const at = Math.ceil((now + delayMs) / togetherMs) * togetherMs
    const rows = due.get(at) ?? 0
    due.set(at, rows + 1)
    if (rows === 0) setTimeout(() => void wake(at), at - now).unref()
  }
}
