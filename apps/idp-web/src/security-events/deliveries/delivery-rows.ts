import type { Db } from '@anteroom/job-channel'
import { z } from 'zod'
import type { ListQuery } from './delivery-schemas.ts'

/** What one partner may see of the outbox: its own events, and of nobody whom they are about. */

const delivery = z.object({
  jti: z.string(),
  txn: z.string(),
  event: z.string(),
  state: z.string(),
  reason: z.string().nullable(),
  attempts: z.number(),
  next_try: z.date().nullable(),
  happened_at: z.date(),
  queued_at: z.date().nullable(),
  settled_at: z.date().nullable(),
  resigns: z.string().nullable(),
})
const row = delivery.extend({ job_id: z.string().nullable() })

/** Of the last push of what is dead; nulls otherwise. */
interface LastPush {
  readonly code: string | null
  readonly status: number | null
  readonly err: string | null
}
export type Delivery = Readonly<z.output<typeof delivery>> & LastPush

/** In the order of the events. Undefined if the page that it asks to go on from was none of this partner's. */
export async function listDeliveries(
  db: Db,
  partner: string,
  { state, since, after, limit }: ListQuery,
): Promise<readonly Delivery[] | undefined> {
  const from = after === undefined ? '0' : await placeOf(db, partner, after)
  if (from === undefined) return undefined
  const { rows } = await db.query(
    `select jti, txn, event, state, reason, attempts, next_try, happened_at, queued_at, settled_at, resigns, job_id
     from web.security_events
     where partner = $1 and seq > $2 and ($3::text is null or state = $3) and ($4::timestamptz is null or happened_at >= $4)
     order by seq limit $5`,
    [partner, from, state ?? null, since ?? null, limit],
  )
  return withLastPush(db, partner, z.array(row).parse(rows))
}

async function placeOf(db: Db, partner: string, jti: string): Promise<string | undefined> {
  const { rows } = await db.query<{ seq: string }>(
    'select seq from web.security_events where partner = $1 and jti = $2',
    [partner, jti],
  )
  return rows[0]?.seq
}

async function withLastPush(
  db: Db,
  partner: string,
  rows: readonly z.output<typeof row>[],
): Promise<Delivery[]> {
  const dead = rows.flatMap(({ state, job_id: jobId }) =>
    state === 'dead' && jobId !== null ? [jobId] : [],
  )
  const pushes = new Map(
    (await lastPushes(db, partner, dead)).map(({ job_id: jobId, ...push }) => [jobId, push]),
  )
  return rows.map(({ job_id: jobId, ...shown }) => ({
    ...shown,
    ...(pushes.get(jobId ?? '') ?? { code: null, status: null, err: null }),
  }))
}

async function lastPushes(
  db: Db,
  partner: string,
  jobIds: readonly string[],
): Promise<(LastPush & { readonly job_id: string })[]> {
  if (jobIds.length === 0) return []
  const { rows } = await db.query<LastPush & { readonly job_id: string }>(
    'select job_id, code, status, err from channel.dead_events($1, $2)',
    [partner, jobIds],
  )
  return rows
}
