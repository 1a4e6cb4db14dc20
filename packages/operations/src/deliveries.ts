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

/** A partner that is told nothing for now, and for whom what happens is held. */
export interface HeldReceiver {
  readonly partner: string
  readonly held_at: Date
  /** Whether it answered that it wants to be told no more (410). Otherwise an operator holds. */
  readonly is_gone: boolean
  readonly events: number
}

export async function heldReceivers(db: Db): Promise<HeldReceiver[]> {
  const { rows } = await db.query<HeldReceiver>(
    'select partner, held_at, is_gone, events::integer from ops.held_receivers()',
  )
  return rows
}
