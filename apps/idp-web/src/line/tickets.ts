import {
  cancelJobs,
  createGroupCommit,
  type Db,
  inTransaction,
  isCommitUnknown,
} from '@anteroom/job-channel'
import { type FailureReason, jobs, type PackedJob, reasonFromWorker } from '@anteroom/job-contracts'
import type pg from 'pg'
import type { Limit } from '../proofing/limits.ts'
import type { Seeker } from './line.ts'
import type { Ticket } from './standing.ts'

/** With `ticket-endings.ts` the only home of the columns of `web.tickets`. */

/** How a ticket is, for Redis. Times are milliseconds since the epoch, database time. */
export type LiveTicket =
  | (Ticket & { readonly state: 'waiting' })
  | (Ticket & { readonly state: 'called'; readonly deadlineAt: number })

/** How a ticket is, for its holder. */
export type StoredTicket =
  | LiveTicket
  | { readonly state: 'issued' | 'lapsed' | 'moved' | 'given-up' }
  | { readonly state: 'failed'; readonly reason: FailureReason; readonly keepsPlace: boolean }

export interface JoinRider {
  readonly wire: PackedJob
  readonly person: string
  /** Newest first. */
  readonly subjects: readonly string[]
  readonly holder: string
  /** Nobody new is let in: the wait is too long. */
  readonly isFull: boolean
  readonly limits: readonly Limit[]
}

/** How a place was got: taken over from another session, kept after a failure, or had already. */
export type Entry = 'new' | 'moved' | 'kept' | 'same'

export type JoinAnswer =
  | { readonly state: 'in-line'; readonly ticket: LiveTicket; readonly entry: Entry }
  | { readonly state: 'limited'; readonly retryAt: number }
  | { readonly state: 'full' | 'closed' | 'busy-elsewhere' }

/** What was decided in Redis and is to be carried out. Ids of tickets. */
export interface Moves {
  readonly call: readonly string[]
  readonly putBack: readonly string[]
  readonly lapse: readonly string[]
}

/** What Redis has to know of a ticket that was moved. */
export type Moved = Pick<LiveTicket, 'state'> & { readonly deadlineAt?: number }

export interface Tickets {
  /** Idempotent by the id of the wire. */
  join(rider: JoinRider): Promise<JoinAnswer>
  /** Calls, puts back, ends; harmless to repeat. Returns those of them that are live afterwards, by id. */
  move(moves: Moves): Promise<ReadonlyMap<string, Moved>>
  read(ticket: Ticket): Promise<StoredTicket | undefined>
  /** Which credential a live ticket is for: another one than was asked for, if it took over an earlier place. */
  credentialOf(ticket: Ticket): Promise<string | undefined>
  /** Nobody comes back to it; its job is cancelled if no worker has claimed it. False if nobody could have. */
  giveUp(ticket: Ticket): Promise<boolean>
  /**
   * Their own live ticket that they took before a moment (milliseconds since the epoch). From now on it is this holder's,
   * and as if taken now: it is taken up once.
   */
  takeUp(seeker: Seeker, joinedBefore: number): Promise<Ticket | undefined>
}

const { deadlineSeconds } = jobs.credentialIssuance

export function createTickets(db: pg.Pool): Tickets {
  return {
    join: createGroupCommit({
      commit: (riders: readonly JoinRider[]) => join(db, riders),
      isCommitUnknown,
    }),
    move: (moves) => move(db, moves),
    read: (ticket) => read(db, ticket),
    credentialOf: (ticket) => credentialOf(db, ticket),
    giveUp: (ticket) => inTransaction(db, (tx) => giveUp(tx, ticket)),
    takeUp: (seeker, joinedBefore) => takeUp(db, seeker, joinedBefore),
  }
}

interface JoinRow {
  readonly answer: JoinAnswer['state']
  readonly ticket_id: string
  readonly ticket_number: string
  readonly ticket_state: 'waiting' | 'called'
  readonly deadline_at: string | null
  readonly retry_at: string
  readonly entry: Exclude<Entry, 'same'> | null
}

async function join(db: Db, riders: readonly JoinRider[]): Promise<JoinAnswer[]> {
  const { rows } = await db.query<JoinRow>({
    name: 'tickets.join',
    text: 'select answer, ticket_id, ticket_number, ticket_state, deadline_at, retry_at, entry from web.join_line($1)',
    values: [JSON.stringify(riders)],
  })
  return rows.map(toAnswer)
}

function toAnswer(row: JoinRow): JoinAnswer {
  switch (row.answer) {
    case 'in-line':
      return { state: 'in-line', ticket: toLive(row), entry: row.entry ?? 'same' }
    case 'limited':
      return { state: 'limited', retryAt: Number(row.retry_at) }
    case 'full':
    case 'closed':
    case 'busy-elsewhere':
      return { state: row.answer }
  }
}

function toLive(
  row: Pick<JoinRow, 'ticket_id' | 'ticket_number' | 'ticket_state' | 'deadline_at'>,
): LiveTicket {
  const ticket = { id: row.ticket_id, number: Number(row.ticket_number) }
  return row.ticket_state === 'waiting'
    ? { ...ticket, state: 'waiting' }
    : { ...ticket, state: 'called', deadlineAt: Number(row.deadline_at) }
}

async function move(db: Db, { call, putBack, lapse }: Moves): ReturnType<Tickets['move']> {
  const { rows } = await db.query<Pick<JoinRow, 'ticket_id' | 'ticket_state' | 'deadline_at'>>({
    name: 'tickets.move',
    text: 'select ticket_id, ticket_state, deadline_at from web.move_tickets($1, $2, $3, $4)',
    values: [call, putBack, lapse, deadlineSeconds],
  })
  return new Map(rows.map((row) => [row.ticket_id, toLive({ ...row, ticket_number: '' })]))
}

const ticketColumns = `id as ticket_id, number as ticket_number, state as ticket_state,
  floor(extract(epoch from deadline_at) * 1000)::bigint as deadline_at`

async function read(db: Db, { id }: Ticket): Promise<StoredTicket | undefined> {
  const { rows } = await db.query<
    Omit<JoinRow, 'ticket_state'> & {
      ticket_state: StoredTicket['state']
      reason: string | null
      is_kept: boolean
    }
  >({
    name: 'tickets.read',
    text: `select ${ticketColumns}, reason, subject is not null as is_kept from web.tickets where id = $1`,
    values: [id],
  })
  const [row] = rows
  if (!row) return undefined
  const { ticket_state: state } = row
  if (state === 'waiting' || state === 'called') return toLive({ ...row, ticket_state: state })
  if (state !== 'failed') return { state }
  return { state, reason: reasonFromWorker.parse(row.reason), keepsPlace: row.is_kept }
}

async function credentialOf(db: Db, { id }: Ticket): Promise<string | undefined> {
  const { rows } = await db.query<{ credentialId: string | null }>(
    'select credential_id as "credentialId" from web.tickets where id = $1',
    [id],
  )
  return rows[0]?.credentialId ?? undefined
}

/**
 * First the ticket, then its job, as whoever moves it: a job that is being enqueued is there by then. One that a worker has
 * runs to its end, and until then nobody else is called for the same number; but nobody holds the ticket any more.
 */
async function giveUp(tx: Db, { id }: Ticket): Promise<boolean> {
  const { rows } = await tx.query<{ isCalled: boolean }>(
    `select state = 'called' and deadline_at > now() as "isCalled" from web.tickets where id = $1 for update`,
    [id],
  )
  const cancelled = await cancelJobs(tx, [id])
  const isRunning = rows[0]?.isCalled === true && cancelled.length === 0
  const { rowCount } = await tx.query(
    isRunning
      ? 'update web.tickets set person = null, holder = null where id = $1'
      : `update web.tickets set state = 'given-up', person = null, subject = null, holder = null,
           credential_id = null, wire = null, ended_at = coalesce(ended_at, now())
         where id = $1 and subject is not null`,
    [id],
  )
  return rowCount === 1
}

async function takeUp(
  db: Db,
  { person, holder, isOwn }: Seeker,
  joinedBefore: number,
): Promise<Ticket | undefined> {
  const lost = `state in ('waiting', 'called') and joined_at < to_timestamp($2 / 1000.0)`
  const found = await db.query<{ id: string }>(
    `select id from web.tickets where person = any ($1) and ${lost}`,
    [person, joinedBefore],
  )
  const own = found.rows.find(({ id }) => isOwn(id))
  if (!own) return undefined
  const { rows } = await db.query<Pick<JoinRow, 'ticket_id' | 'ticket_number'>>(
    `update web.tickets set holder = $3, joined_at = now() where id = $1 and ${lost}
     returning id as ticket_id, number as ticket_number`,
    [own.id, joinedBefore, holder],
  )
  const [row] = rows
  return row && { id: row.ticket_id, number: Number(row.ticket_number) }
}

/** Where a reading of the live tickets has come to. */
export type Place = readonly [joinedAt: string, id: string]

export interface Page {
  readonly tickets: readonly LiveTicket[]
  readonly last: Place
}

/** The next live tickets after a place, in the order in which they joined. Undefined when there are no more. */
export async function readLive(
  db: Db,
  [joinedAt, id]: Place,
  count: number,
): Promise<Page | undefined> {
  const { rows } = await db.query<JoinRow & { joined_at: string }>({
    name: 'tickets.live',
    text: `select ${ticketColumns}, joined_at::text from web.tickets
      where state in ('waiting', 'called') and (joined_at, id) > ($1, $2)
      order by joined_at, id limit $3`,
    values: [joinedAt, id, count],
  })
  const last = rows.at(-1)
  return last && { tickets: rows.map(toLive), last: [last.joined_at, last.ticket_id] }
}
