import type { PackedJob, Report } from '@anteroom/job-contracts'
import type { Joined, Joiner, Line, Visibility } from '../../apps/idp-web/src/line/line.ts'
import type { Standing, Ticket } from '../../apps/idp-web/src/line/standing.ts'

/** A line whose answers a test decides: to see what the pages make of each. Real are its tickets and whose they are. */
export interface ScriptedLine extends Line {
  /** How everybody stands from now on who has a place. */
  setStanding(standing: Standing): void
  /** How the next people who ask for a place are answered; undefined lets them in again. */
  refuse(refusal: Exclude<Joined, { state: 'in-line' }> | undefined): void
  setOverview(overview: Awaited<ReturnType<Line['overview']>>): void
  /** What the line makes of a loss of Redis: whoever is in it may be taken up by their browser, once. */
  lose(): void
  /** Everybody who was let in, in order. */
  readonly joined: readonly { readonly ticket: Ticket; readonly joiner: Joiner }[]
  /** What was done with tickets, in order, such as `standing hidden`. */
  readonly calls: string[]
  readonly reports: Report[]
}

export const waitingStanding = {
  state: 'waiting',
  ahead: 12,
  inLine: 20,
  wait: { low: 250, likely: 330, high: 410 },
  nextPollSeconds: 0.3,
  leaseSeconds: 45,
  listen: false,
} as const satisfies Standing

const ended: Standing = { state: 'gone', why: 'lapsed' }

export function createScriptedLine(): ScriptedLine {
  const joined: {
    ticket: Ticket
    joiner: Joiner
    holder: string
    isOver: boolean
    isLost: boolean
  }[] = []
  const calls: string[] = []
  const reports: Report[] = []
  let standing: Standing = waitingStanding
  let refusal: Exclude<Joined, { state: 'in-line' }> | undefined
  let overview: Awaited<ReturnType<Line['overview']>> = { inLine: 20, open: true }

  const entryOf = ({ id }: Ticket) => joined.find(({ ticket }) => ticket.id === id)
  const standingOf = (ticket: Ticket): Standing => (entryOf(ticket)?.isOver ? ended : standing)
  const note = (call: string) => {
    calls.push(call)
  }

  return {
    joined,
    calls,
    reports,
    setStanding: (next) => {
      standing = next
    },
    refuse: (next) => {
      refusal = next
    },
    setOverview: (next) => {
      overview = next
    },
    lose() {
      for (const entry of joined) entry.isLost = true
    },
    async join(joiner) {
      if (refusal) return refusal
      const held = joined.find(({ holder, isOver }) => holder === joiner.holder && !isOver)
      if (held && ['waiting', 'called', 'left'].includes(standing.state)) {
        return { state: 'in-line', ticket: held.ticket }
      }
      const ticket = { id: idOf(joiner.packed), number: joined.length + 1 }
      joined.push({ ticket, joiner, holder: joiner.holder, isOver: false, isLost: false })
      return { state: 'in-line', ticket }
    },
    async standing(ticket: Ticket, visibility: Visibility) {
      note(`standing ${visibility}`)
      return standingOf(ticket)
    },
    look: async (ticket) => standingOf(ticket),
    credentialOf: async (ticket) => credentialOf(entryOf(ticket)?.joiner.packed),
    away: async () => note('away'),
    leave: async () => note('leave'),
    async comeBack(ticket) {
      note('come back')
      return standingOf(ticket)
    },
    async end(ticket) {
      note('end')
      const entry = entryOf(ticket)
      if (entry) entry.isOver = true
      return standing.state !== 'issued'
    },
    async takeUp({ person, holder, isOwn }) {
      const entry = joined.findLast(
        ({ ticket, joiner, isOver, isLost }) =>
          isLost &&
          !isOver &&
          isOwn(ticket.id) &&
          joiner.person.some((hash) => person.includes(hash)),
      )
      if (entry) Object.assign(entry, { holder, isLost: false })
      return entry?.ticket
    },
    overview: async () => overview,
    async applyReports(given) {
      reports.push(...given)
    },
  }
}

const credentialOf = (packed: PackedJob | undefined): string | undefined => {
  const id = packed?.clear.credentialId
  return typeof id === 'string' ? id : undefined
}

const idOf = ({ id }: PackedJob): string => id
