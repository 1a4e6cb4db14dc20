import type { Db } from '@anteroom/job-channel'
import { z } from 'zod'

export async function setLineMode(db: Db, actor: string, mode: 'open' | 'drained'): Promise<void> {
  await db.query('select ops.set_line_mode($1, $2)', [actor, mode])
}

export async function setLineMessage(
  db: Db,
  actor: string,
  message: string | undefined,
): Promise<void> {
  await db.query('select ops.set_line_message($1, $2)', [actor, message ?? null])
}

const lineCounts = z.object({
  /** As the web last measured it; null if nobody has ever waited. */
  waiting: z.number().nullable(),
  called: z.number().nullable(),
  parked: z.number().nullable(),
  /** Of somebody who would join now; null while the web does not know it. */
  wait_low_seconds: z.number().nullable(),
  wait_likely_seconds: z.number().nullable(),
  wait_high_seconds: z.number().nullable(),
  measured_at: z.date().nullable(),
  issued_last_minute: z.coerce.number(),
  mode: z.enum(['open', 'drained']),
  message: z.string().nullable(),
  /** Database time. */
  now: z.date(),
})
export type LineCounts = z.output<typeof lineCounts>

export async function lineCountsOf(db: Db): Promise<LineCounts> {
  const { rows } = await db.query('select *, clock_timestamp() as now from ops.line_status()')
  return lineCounts.parse(rows[0])
}
