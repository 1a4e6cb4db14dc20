import type { Standing, Ticket } from './standing.ts'
import type { LiveTicket, StoredTicket, Tickets } from './tickets.ts'

/** How a ticket has ended, as its holder is told. */
export type EndedStanding = Extract<Standing, { state: 'issued' | 'failed' | 'gone' }>

/** The ticket as it is live in Postgres, or how it has ended, as it was at most half a minute ago. */
export type ReadTicket = (ticket: Ticket) => Promise<LiveTicket | EndedStanding>

export const gone = { state: 'gone', why: 'lapsed' } as const satisfies EndedStanding

const rememberedMs = 30_000
/** Beyond so many the one that was read first is forgotten: together they take a few megabytes. */
const mostRemembered = 10_000

export interface ReadTicketDeps {
  readonly tickets: Pick<Tickets, 'read'>
  readonly now: () => number
}

/** Redis forgets a ticket with its end. Each process remembers the end, so that whoever goes on asking does not reach Postgres. */
export function createReadTicket({ tickets, now }: ReadTicketDeps): ReadTicket {
  const remembered = new Map<string, { readonly standing: EndedStanding; readonly until: number }>()

  function remember(id: string, standing: EndedStanding): void {
    remembered.delete(id)
    remembered.set(id, { standing, until: now() + rememberedMs })
    const [first] = remembered.keys()
    if (first !== undefined && remembered.size > mostRemembered) remembered.delete(first)
  }

  return async (ticket) => {
    const known = remembered.get(ticket.id)
    if (known && now() < known.until) return known.standing
    const stored = await tickets.read(ticket)
    if (stored?.state === 'waiting' || stored?.state === 'called') return stored
    const standing = afterTheEnd(stored)
    remember(ticket.id, standing)
    return standing
  }
}

type Ended = Exclude<StoredTicket, LiveTicket>

function afterTheEnd(stored: Ended | undefined): EndedStanding {
  switch (stored?.state) {
    case 'issued':
      return { state: 'issued' }
    case 'failed':
      return stored
    case 'moved':
      return { state: 'gone', why: 'moved' }
    case 'lapsed':
    case 'given-up':
    case undefined:
      return gone
  }
}
