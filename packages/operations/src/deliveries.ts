import type { Db } from '@anteroom/job-channel'

/** What one partner is told of accounts. */
export interface Delivery {
  readonly partner: string
  readonly held: number
  readonly queued: number
  readonly oldest_queued_at: Date | null
  /** In the last day. */
  readonly delivered_lately: number
  /** In the last day. */
  readonly dead_lately: number
  readonly last_delivered_at: Date | null
  readonly dead_letters: number
}

export async function deliveries(db: Db): Promise<Delivery[]> {
  const { rows } = await db.query<Delivery>(
    `select partner, held::integer, queued::integer, oldest_queued_at, delivered_lately::integer, dead_lately::integer,
       last_delivered_at, dead_letters::integer
     from ops.deliveries()`,
  )
  return rows
}
