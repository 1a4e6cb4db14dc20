import type { Db } from '@anteroom/job-channel'

/** The only home of the columns of `web.received_events`. */

export interface Received {
  /** The partner's id. */
  readonly issuer: string
  readonly jti: string
  readonly event: string
  readonly accountId: string
  /** Milliseconds since the epoch. */
  readonly occurredAt: number
}

/** `other`: this issuer's jti belongs to another event. `unsettled`: recorded before, but not finished. */
export type Recorded = 'new' | 'unsettled' | 'settled' | 'other'

/** Of two that record the same at once, the second waits until the first has committed. */
export async function recordReceived(tx: Db, received: Received): Promise<Recorded> {
  const { issuer, jti, event, accountId, occurredAt } = received
  const { rowCount } = await tx.query(
    `insert into web.received_events (issuer, jti, event, account_id, occurred_at)
     values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000)) on conflict do nothing`,
    [issuer, jti, event, accountId, occurredAt],
  )
  if (rowCount === 1) return 'new'
  const { rows } = await tx.query<{ same: boolean; settled: boolean }>(
    `select event = $3 and account_id = $4 as same, settled_at is not null as settled
     from web.received_events where issuer = $1 and jti = $2`,
    [issuer, jti, event, accountId],
  )
  if (rows[0]?.same !== true) return 'other'
  return rows[0].settled ? 'settled' : 'unsettled'
}

export async function settleReceived(
  db: Db,
  { issuer, jti }: Pick<Received, 'issuer' | 'jti'>,
): Promise<void> {
  await db.query(
    'update web.received_events set settled_at = now() where issuer = $1 and jti = $2',
    [issuer, jti],
  )
}

/** Much longer than a token is taken after it was issued. */
const keptDays = 365

export async function purgeReceived(db: Db): Promise<void> {
  await db.query(
    'delete from web.received_events where received_at < now() - make_interval(days => $1)',
    [keptDays],
  )
}
