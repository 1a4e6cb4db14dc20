import { readOutcome, timeOut } from '@anteroom/job-channel'
import { givesAttemptBack, jobs, type Outcome } from '@anteroom/job-contracts'
import { gone } from './ended-tickets.ts'
import type { LineParts } from './line-deps.ts'
import { countEnded, countMoves } from './line-metrics.ts'
import type { Sign } from './line-redis.ts'
import type { Found } from './line-replies.ts'
import { pacingOf } from './pacing.ts'
import { keptMs, leaseMs } from './presence.ts'
import type { Standing, Ticket } from './standing.ts'
import { endTickets } from './ticket-endings.ts'

const { outcomeSeconds } = jobs.credentialIssuance

/** Where a ticket stands, after this sign of its holder. Usually Redis knows. */
export async function standingOf(parts: LineParts, ticket: Ticket, sign: Sign): Promise<Standing> {
  const { lineRedis, readTicket } = parts
  const found = await lineRedis.standing(ticket, sign)
  if (found?.returned) countMoves(parts.metrics, 'returned')
  if (found) return toStanding(parts, { ticket, sign, found })
  const stored = await readTicket(ticket)
  if (stored.state !== 'waiting' && stored.state !== 'called') return stored
  // Redis has yet to be told of it.
  await lineRedis.enter([stored], sign)
  const entered = await lineRedis.standing(ticket, sign)
  return entered ? toStanding(parts, { ticket, sign, found: entered }) : gone
}

interface Seen {
  readonly ticket: Ticket
  readonly sign: Sign
  readonly found: Found
}

async function toStanding(parts: LineParts, { ticket, sign, found }: Seen): Promise<Standing> {
  switch (found.state) {
    case 'w':
      return toWaiting(parts, sign, found)
    case 'p':
    case 'l':
      return { state: 'left', backUntil: found.backUntil }
    case 'R':
    case 'G':
      return { state: 'left', backUntil: parts.now() + keptMs }
    case 'x':
      return gone
    case 'g':
    case 'c':
    case 'r':
      return (
        (await conclude(parts, ticket, found.deadlineAt)) ?? {
          state: 'called',
          ...presenceOf(sign),
          ...pacingOf(0, parts.random),
        }
      )
  }
}

const presenceOf = (sign: Sign) => ({ leaseSeconds: (sign.leaseMs || leaseMs.visible) / 1000 })

async function toWaiting(
  { statistics, random }: LineParts,
  sign: Sign,
  { rank, shown, inLine }: Extract<Found, { state: 'w' }>,
): Promise<Standing> {
  const { wait, roughSeconds, paused, control } = await statistics()
  const range = wait(rank)
  return {
    state: 'waiting',
    // Those who come back in front are not made a setback of those behind.
    ahead: shown,
    inLine,
    ...(range && { wait: range }),
    ...(paused && { paused }),
    ...(control.message !== undefined && { message: control.message }),
    ...presenceOf(sign),
    ...pacingOf(roughSeconds(rank), random),
  }
}

/** How the job of a called ticket has ended; undefined while it has not. */
async function conclude(
  parts: LineParts,
  ticket: Ticket,
  deadlineAt: number,
): Promise<Standing | undefined> {
  const { redis, now, readTicket } = parts
  const outcome = await readOutcome(redis, ticket.id)
  if (outcome) return concluded(parts, ticket, outcome)
  if (deadlineAt === 0 || now() < deadlineAt) return undefined
  // Time is up and nothing is there: either it was there and nobody came in time, or there will be nothing.
  const stored = await readTicket(ticket)
  if (stored.state !== 'waiting' && stored.state !== 'called') return stored
  const last = await timeOut(redis, ticket.id, outcomeSeconds)
  return last && concluded(parts, ticket, last)
}

async function concluded(parts: LineParts, ticket: Ticket, outcome: Outcome): Promise<Standing> {
  if (outcome.state === 'done') return { state: 'issued' }
  const { reason } = outcome
  const ended = await endTickets(parts.db, [{ id: ticket.id, state: 'failed', reason }])
  countEnded(parts.metrics, ended)
  await parts.lineRedis.forget(ended)
  return { state: 'failed', reason, keepsPlace: givesAttemptBack(reason) }
}
