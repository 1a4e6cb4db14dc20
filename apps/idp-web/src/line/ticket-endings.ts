import type { Db } from '@anteroom/job-channel'
import { type FailureReason, givesAttemptBack, type Report } from '@anteroom/job-contracts'
import type { Ticket } from './standing.ts'

/** How long a place is kept after a failure that was not the person's, in minutes. */
const keptMinutes = 60

/** Its job is done or has failed: by the worker's report, or because time is up. */
export type Ending = { readonly id: string } & (
  | { readonly state: 'done' }
  | { readonly state: 'failed'; readonly reason: FailureReason }
)

export function endingsOf(reports: readonly Report[]): Ending[] {
  return reports.flatMap(({ jobId: id, state, reason }): Ending[] => {
    if (state === 'waiting' || state === 'running') return []
    return [state === 'done' ? { id, state } : { id, state, reason: reason ?? 'internal' }]
  })
}

/** A ticket whose job has ended. */
export interface EndedTicket extends Ticket {
  readonly state: Ending['state']
  /** It ended by this very call. */
  readonly isFirst: boolean
  /** Whoever held it has ended their visit: nobody comes for what it has brought. */
  readonly isOrphan: boolean
}

/**
 * The tickets end, and what their failures give back is free, from the same moment. Harmless to repeat: returns those of
 * them that are tickets, also if they had ended before.
 */
export async function endTickets(db: Db, endings: readonly Ending[]): Promise<EndedTicket[]> {
  if (endings.length === 0) return []
  const keeping = endings.map((ending) => ({
    ...ending,
    keeps: ending.state === 'failed' && givesAttemptBack(ending.reason),
  }))
  const { rows } = await db.query<Omit<EndedTicket, 'number'> & { readonly number: string }>({
    name: 'tickets.end',
    text: `with ending as (
       select distinct on (id) * from jsonb_to_recordset($1)
         as ending (id text, state text, reason text, keeps boolean)
     ), locked as (
       select ticket.id, ticket.number, ending.state, ending.reason, keeps and holder is not null as keeps,
         ticket.state = 'called' and holder is null as is_orphan
       from web.tickets as ticket join ending on ticket.id = ending.id
       order by ticket.id for update of ticket
     ), ended as (
       update web.tickets as ticket set
         state = case locked.state when 'done' then 'issued' else 'failed' end,
         reason = locked.reason, ended_at = now(), wire = null,
         person = case when keeps then person end, subject = case when keeps then subject end,
         holder = case when keeps then holder end, credential_id = case when keeps then credential_id end
       from locked where ticket.id = locked.id and ticket.state = 'called'
       returning ticket.id, keeps
     ), given_back as (
       delete from web.limit_uses using ended where attempt_id = ended.id and keeps and not lasting
     )
     select locked.id, number, locked.state, ended.id is not null as "isFirst", is_orphan as "isOrphan"
     from locked left join ended on ended.id = locked.id`,
    values: [JSON.stringify(keeping)],
  })
  return rows.map((row) => ({ ...row, number: Number(row.number) }))
}

/** Since when called tickets are waiting for their report; undefined if none is. */
export async function oldestCalled(db: Db): Promise<Date | undefined> {
  const { rows } = await db.query<{ since: Date | null }>(
    `select min(deadline_at) - interval '10 minutes' as since from web.tickets where state = 'called'`,
  )
  return rows[0]?.since ?? undefined
}

/** As above, but only where a report is overdue. */
export async function overdueCalled(db: Db): Promise<Date | undefined> {
  const { rows } = await db.query<{ since: Date | null }>(
    `select min(deadline_at) - interval '10 minutes' as since from web.tickets
     where state = 'called' and deadline_at < now() - interval '30 seconds'`,
  )
  return rows[0]?.since ?? undefined
}

/**
 * Ends what no report will end any more, an hour past its deadline; forgets whose the places were that were kept for
 * nothing; and deletes what is left, that there was a place and how it ended, after a month.
 */
export async function purgeTickets(db: Db): Promise<void> {
  const { rows } = await db.query<{ id: string }>(
    `select id from web.tickets where state = 'called' and deadline_at < now() - interval '1 hour'`,
  )
  await endTickets(
    db,
    rows.map(({ id }) => ({ id, state: 'failed', reason: 'internal' })),
  )
  await db.query(
    `with old as (
       select id from web.tickets
       where state = 'failed' and subject is not null and ended_at < now() - make_interval(mins => $1)
       for update skip locked
     )
     update web.tickets as ticket set person = null, subject = null, holder = null, credential_id = null
     from old where ticket.id = old.id`,
    [keptMinutes],
  )
  await db.query(`delete from web.tickets where ended_at < now() - interval '30 days'`)
  await db.query(
    `delete from web.tickets
     where state in ('waiting', 'called') and joined_at < now() - interval '60 days'`,
  )
}
