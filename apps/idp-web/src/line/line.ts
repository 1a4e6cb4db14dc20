import { forgetOutcome, readOutcome } from '@anteroom/job-channel'
import { jobs, type PackedJob, type Report } from '@anteroom/job-contracts'
import type { Limit } from '../proofing/limits.ts'
import type { LineParts } from './line-deps.ts'
import { countEnded, countMoves } from './line-metrics.ts'
import { leaseMs } from './presence.ts'
import type { Pause, Standing, Ticket, WaitRange } from './standing.ts'
import { standingOf } from './standings.ts'
import { endingsOf, endTickets } from './ticket-endings.ts'

/** Somebody who asks for a place. */
export interface Joiner {
  /** Keyed hashes of the signed device cookie, newest key first. */
  readonly person: readonly string[]
  /** Keyed hashes of the Social Security number, newest key first: one live place for each number, whoever asks. */
  readonly subject: readonly string[]
  /** Hash of what stays the same for a session however its id changes. */
  readonly holder: string
  /** The job `credential-issuance`, packed under the id that the ticket gets. Its `credentialId` is replaced where an earlier place is taken up. */
  readonly packed: PackedJob
  readonly limits: readonly Limit[]
}

/** Times are milliseconds since the epoch, database time. */
export type Joined =
  /** A new place, or the one this session has already: `ticket` says which. */
  | { readonly state: 'in-line'; readonly ticket: Ticket }
  /** The wait would be longer than anybody should be asked to stand. */
  | { readonly state: 'full'; readonly returnAt: number; readonly wait?: WaitRange }
  /** Nobody is let in any more. */
  | { readonly state: 'closed' }
  | { readonly state: 'limited'; readonly retryAt: number }
  /** The credential of this person is being made for another session at this moment. */
  | { readonly state: 'busy-elsewhere' }

/** How the person's page is: a hidden one is heard of seldom, and one without scripts cannot be woken either. */
export type Visibility = 'visible' | 'hidden' | 'unscripted'

/** Somebody whose session was lost. */
export interface Seeker {
  /** Keyed hashes of the signed device cookie, newest key first. */
  readonly person: readonly string[]
  readonly holder: string
  /** Whether they have shown that this ticket is theirs. */
  isOwn(ticketId: string): boolean
}

/** The line of people who wait for their credential. */
export interface Line {
  /** Idempotent: a session that has a live place keeps it. Who proves the same number elsewhere takes the place over. */
  join(joiner: Joiner): Promise<Joined>
  /** Where the ticket's holder stands; that they asked keeps their place. Brings back whoever comes in time. */
  standing(ticket: Ticket, visibility: Visibility): Promise<Standing>
  /** As above, without that anybody is there. */
  look(ticket: Ticket): Promise<Standing>
  /** Which credential a live place is for; not always the one that was asked for, if an earlier place was taken up. */
  credentialOf(ticket: Ticket): Promise<string | undefined>
  /** The page is closing, or may be loading anew: shortens the lease, and kills nothing. */
  away(ticket: Ticket): Promise<void>
  /** The person gives their place up: shortens the lease; they may come back while it is kept. */
  leave(ticket: Ticket): Promise<void>
  /** The person who left comes back. */
  comeBack(ticket: Ticket): Promise<Standing>
  /** The session is over: nobody comes back to this place. False if there was none any more. */
  end(ticket: Ticket): Promise<boolean>
  /**
   * For a session that was lost: the live ticket of this device, which from now on is this holder's. Only where Redis has
   * been lost since it was taken: whose session was not lost with Redis is not known by their device. Once for each
   * loss, and never with a credential that is there.
   */
  takeUp(seeker: Seeker): Promise<Ticket | undefined>
  /** What the line looks like to somebody who has not joined. */
  overview(): Promise<{
    readonly inLine: number
    readonly wait?: WaitRange
    readonly open: boolean
    readonly paused?: Pause
    /** What the operators want everybody to know; plain text. */
    readonly message?: string
  }>
  /** Idempotent, as for attempts: tickets end by the worker's reports. */
  applyReports(reports: readonly Report[]): Promise<void>
}

export function createLine(parts: LineParts): Line {
  const { lineRedis, tickets, db, redis, metrics } = parts

  return {
    async join(joiner) {
      const joined = await join(parts, joiner)
      const { state: why } = joined
      if (why !== 'in-line') metrics.increment('line_refused_total', { why })
      return joined
    },
    standing: (ticket, visibility) =>
      standingOf(parts, ticket, { leaseMs: leaseMs[visibility], comesBack: false }),
    credentialOf: (ticket) => tickets.credentialOf(ticket),
    look: (ticket) => standingOf(parts, ticket, { leaseMs: 0, comesBack: false }),
    comeBack: (ticket) => standingOf(parts, ticket, { leaseMs: leaseMs.visible, comesBack: true }),
    away: (ticket) => lineRedis.away(ticket),
    async leave(ticket) {
      if (await lineRedis.leave(ticket)) countMoves(metrics, 'left')
    },
    async end(ticket) {
      const hadPlace = await tickets.giveUp(ticket)
      await lineRedis.forget([ticket])
      return hadPlace
    },
    takeUp: (seeker) => takeUp(parts, seeker),
    overview: () => overview(parts),
    async applyReports(reports) {
      const ofTickets = reports.filter(({ job }) => job === jobs.credentialIssuance.name)
      const ended = await endTickets(db, endingsOf(ofTickets))
      countEnded(metrics, ended)
      if (ended.length > 0) await lineRedis.forget(ended)
      for (const { id, isOrphan } of ended) if (isOrphan) await forgetOutcome(redis, id)
    },
  }
}

async function join(parts: LineParts, joiner: Joiner): Promise<Joined> {
  const { tickets, lineRedis, metrics } = parts
  const full = await fullness(parts)
  const { flow, wait } = await parts.statistics()
  const estimateSeconds = wait(flow.waiting)?.likely ?? 0
  const answer = await tickets.join({
    wire: joiner.packed,
    person: joiner.person[0] ?? '',
    subjects: joiner.subject,
    holder: joiner.holder,
    isFull: full !== undefined,
    limits: joiner.limits,
  })
  switch (answer.state) {
    case 'in-line': {
      const { ticket, entry } = answer
      const joining = entry === 'new' ? { estimateSeconds } : undefined
      const back = await lineRedis.enter([ticket], { leaseMs: leaseMs.visible, joining })
      countMoves(metrics, 'returned', back)
      if (entry !== 'same') countMoves(metrics, entry === 'moved' ? 'moved' : 'joined')
      return { state: 'in-line', ticket: { id: ticket.id, number: ticket.number } }
    }
    case 'full':
      return { state: 'full', returnAt: parts.now(), ...full }
    case 'limited':
      return answer
    case 'closed':
    case 'busy-elsewhere':
      return { state: answer.state }
  }
}

async function takeUp(
  { lineRedis, tickets, redis }: LineParts,
  seeker: Seeker,
): Promise<Ticket | undefined> {
  const ticket = await tickets.takeUp(seeker, await lineRedis.rebuiltAt())
  // Its report may be on its way.
  return ticket && (await readOutcome(redis, ticket.id)) === undefined ? ticket : undefined
}

interface Fullness {
  readonly returnAt: number
  readonly wait?: WaitRange
}

/** Undefined while somebody new would wait no longer than the setting says; otherwise when that is likely to be so again. */
async function fullness({
  statistics,
  config,
  now,
  random,
}: LineParts): Promise<Fullness | undefined> {
  const { flow, wait, roughSeconds } = await statistics()
  const longest = config.lineLongestWaitSeconds
  const range = wait(flow.waiting)
  // Where the pace is not known, whoever is called and yet to have their turn is in front as well, and they need one too.
  const seconds = range?.likely ?? roughSeconds(flow.waiting + flow.unstarted + 1)
  const tooLongBy = seconds - longest
  if (tooLongBy <= 0) return undefined
  return {
    // Spread, so that they who were turned away together do not come back together.
    returnAt: now() + Math.ceil(Math.max(60, tooLongBy) * (1 + random() / 2)) * 1000,
    ...(range && { wait: range }),
  }
}

async function overview(parts: LineParts): ReturnType<Line['overview']> {
  const { flow, wait, paused, control } = await parts.statistics()
  const range = wait(flow.waiting)
  return {
    inLine: flow.waiting,
    open: control.isOpen && (await fullness(parts)) === undefined,
    ...(range && { wait: range }),
    ...(paused && { paused }),
    ...(control.message !== undefined && { message: control.message }),
  }
}
