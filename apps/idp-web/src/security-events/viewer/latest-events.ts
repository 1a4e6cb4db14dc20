import type { Db } from '@anteroom/job-channel'
import { z } from 'zod'

/** One row of the outbox, without whom it is about. */
const told = z.object({
  jti: z.string(),
  event: z.string(),
  partner: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  attempts: z.number(),
  happened_at: z.date(),
})
export type ToldEvent = z.output<typeof told>

/** As many as one page shows well. */
const listed = 100

/** The newest first. Neither subjects nor addresses are read. */
export async function latestEvents(db: Db): Promise<readonly ToldEvent[]> {
  const { rows } = await db.query(
    `select jti, event, partner, state, reason, attempts, happened_at
     from web.security_events order by seq desc limit $1`,
    [listed],
  )
  return z.array(told).parse(rows)
}
