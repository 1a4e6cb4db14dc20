import { type Db, enqueueJobs, type JobRider } from '@anteroom/job-channel'
import {
  type HappeningFacts,
  happeningFacts,
  type WireProfile,
  wireProfiles,
} from '@anteroom/security-events'
import { z } from 'zod'

/** With `outbox-upkeep.ts` the only home of the columns of `web.security_events`. */

/** One event for one partner. */
export interface OutboxEvent {
  readonly jti: string
  /** Names the change that it comes of, with all partners: none of them is told it as it is. */
  readonly txn: string
  /** The last part of the event type's URI. */
  readonly event: string
  readonly profile: WireProfile
  readonly happening: HappeningFacts
  /** By its id. */
  readonly partner: string
  /** The partner's name for the person. */
  readonly subject: string
  readonly accountId: string
  /** The e-mail address that it is about, sealed. */
  readonly record?: string | undefined
}

/** An event, and the job that carries its token. */
export interface QueuedEvent extends OutboxEvent {
  readonly rider: JobRider
}

/** As it was written down before. */
export interface KeptEvent extends OutboxEvent {
  /** Milliseconds since the epoch. */
  readonly happenedAt: number
}

/**
 * Writes events in their order, and queues the jobs of those that have one. What one partner is told of one person stays in
 * the order of commits: other changes of the account wait for this transaction, and while something is held for this pair,
 * or all is held for this partner, more is held behind it.
 */
export async function writeEvents(
  tx: Db,
  events: readonly (OutboxEvent | QueuedEvent)[],
): Promise<void> {
  if (events.length === 0) return
  await holdAccounts(tx, events)
  const { rows } = await tx.query<{ jti: string; state: string }>(
    `with given as (
       select *, job_id is null or exists (
         select from web.security_events as earlier
         where earlier.partner = one.partner and earlier.subject = one.subject and earlier.state = 'held'
       ) or exists (
         select from web.held_receivers as held where held.partner = one.partner
       ) as waits
       from jsonb_to_recordset($1) as one (${givenColumns})
     )
     insert into web.security_events
       (jti, txn, event, profile, happening, partner, subject, account_id, record, state, job_id, queued_at, deadline_at)
     select jti, txn, event, profile, happening, partner, subject, account_id, record,
       case when waits then 'held' else 'queued' end,
       case when not waits then job_id end,
       case when not waits then now() end,
       case when not waits then now() + make_interval(secs => seconds) end
     from given order by position
     returning jti, state`,
    [JSON.stringify(events.map(toGiven))],
  )
  const queued = rows.filter(({ state }) => state === 'queued')
  await enqueueThose(tx, queued, events.filter(hasRider))
}

/** In the order of the events. */
async function enqueueThose(
  tx: Db,
  those: readonly { readonly jti: string }[],
  events: readonly QueuedEvent[],
): Promise<void> {
  const named = new Set(those.map(({ jti }) => jti))
  const riders = events.filter(({ jti }) => named.has(jti)).map(({ rider }) => rider)
  if (riders.length > 0) await enqueueJobs(tx, riders)
}

const givenColumns = `position integer, jti text, txn text, event text, profile text, happening jsonb, partner text,
  subject text, account_id text, record text, job_id text, seconds integer`

const hasRider = (event: OutboxEvent | QueuedEvent): event is QueuedEvent => 'rider' in event

function toGiven(event: OutboxEvent | QueuedEvent, position: number) {
  const { accountId, ...facts } = event
  const rider = hasRider(event) ? event.rider : undefined
  return {
    ...facts,
    rider: undefined,
    position,
    account_id: accountId,
    job_id: rider?.wire.id,
    seconds: rider?.deadlineSeconds,
  }
}

/** Until the transaction ends, nothing else is said of the accounts of these events. Returns those that are still there. */
export async function holdAccounts(
  tx: Db,
  events: readonly Pick<OutboxEvent, 'accountId'>[],
): Promise<ReadonlySet<string>> {
  const { rows } = await tx.query<{ id: string }>(
    'select id from web.accounts where id = any ($1) order by id for no key update',
    [[...new Set(events.map(({ accountId }) => accountId))]],
  )
  return new Set(rows.map(({ id }) => id))
}

/** What is held and may be told by now, the oldest first. */
export function heldEvents(db: Db, limit: number): Promise<KeptEvent[]> {
  const isTold = 'partner not in (select held.partner from web.held_receivers as held)'
  return readEvents(db, `state = 'held' and ${isTold} order by seq limit $1`, limit)
}

/** Dead ones that an operator wants signed anew, the oldest first. */
export function resignableEvents(db: Db, limit: number): Promise<KeptEvent[]> {
  return readEvents(db, "resign_wanted and state = 'dead' order by seq limit $1", limit)
}

async function readEvents(db: Db, condition: string, limit: number): Promise<KeptEvent[]> {
  const { rows } = await db.query(
    `select jti, txn, event, profile, happening, partner, subject, account_id as "accountId", record,
       extract(epoch from happened_at)::float8 * 1000 as "happenedAt"
     from web.security_events where ${condition}`,
    [limit],
  )
  return z.array(kept).parse(rows)
}

const kept = z.object({
  jti: z.string(),
  txn: z.string(),
  event: z.string(),
  profile: z.enum(wireProfiles),
  happening: happeningFacts,
  partner: z.string(),
  subject: z.string(),
  accountId: z.string(),
  record: z
    .string()
    .nullable()
    .transform((text) => text ?? undefined),
  happenedAt: z.number(),
})

/** Queues what was held: all in one transaction, in this order. */
export async function queueHeld(tx: Db, events: readonly QueuedEvent[]): Promise<void> {
  const { rows } = await tx.query<{ jti: string }>(
    `update web.security_events as held
     set state = 'queued', job_id = given.job_id, queued_at = now(),
       deadline_at = now() + make_interval(secs => given.seconds)
     from jsonb_to_recordset($1) as given (jti text, job_id text, seconds integer)
     where held.jti = given.jti and held.state = 'held'
     returning held.jti`,
    [JSON.stringify(events.map(toGiven))],
  )
  await enqueueThose(tx, rows, events)
}

/** Says that another token stands in for this one. */
export async function markResigned(tx: Db, jti: string, successor: string): Promise<void> {
  await tx.query(
    `with old as (
       update web.security_events set state = 'resigned', resign_wanted = false, record = null
       where jti = $1 returning happened_at
     )
     update web.security_events set resigns = $1, happened_at = old.happened_at from old where jti = $2`,
    [jti, successor],
  )
}

/** It is never told. */
export async function endEvent(tx: Db, jti: string, reason: string): Promise<void> {
  await tx.query(
    `update web.security_events
     set state = 'dead', reason = $2, resign_wanted = false, settled_at = now()
     where jti = $1`,
    [jti, reason],
  )
}
