import type { State } from './line-state.ts'
import type { Ticket } from './standing.ts'

/** What the scripts of the line reply, and what is made of it. */

/** Where a ticket is found; times are milliseconds since the epoch, database time. */
export type Found = {
  /** They were gone, and are back by this very sign. */
  readonly returned: boolean
} & (
  | {
      readonly state: 'w'
      /** People in front, and the lowest number of them ever shown. */
      readonly rank: number
      readonly shown: number
      readonly inLine: number
    }
  | { readonly state: 'p' | 'l'; readonly backUntil: number }
  | { readonly state: Exclude<State, 'w' | 'p' | 'l'>; readonly deadlineAt: number }
)

export type Moving = Ticket & { readonly state: State }

export interface Flow {
  readonly waiting: number
  /** Called, without having had their turn. */
  readonly unstarted: number
  /** Since when people wait and are called, without a pause; 0 if they are not. */
  readonly flowingSince: number
  /** Of the last minutes: who left for good or for now, and how long people waited, in milliseconds of all together. */
  readonly left: number
  readonly waitedMs: number
}

/** What became of a ticket that was on the move. */
export interface Settled {
  readonly what: 'called' | 'put-back' | 'parked' | 'lapsed'
  /** Milliseconds since the epoch, database time; 0 where it is not known, and of those who were called before. */
  readonly joinedAt: number
  /** The wait as it was estimated at joining; 0 where there was none, or they have been away. */
  readonly estimateSeconds: number
}

export interface Swept {
  readonly parkings: number
  readonly waiting: number
  readonly parked: number
  readonly called: number
  readonly isMoreLeft: boolean
}

// Replies have the shapes that the scripts of these names give them.
export type StandingReply =
  | ['w', 0 | 1, number, number, number]
  | [Exclude<State, 'w'>, 0 | 1, string]
export type ViewReply = [number, number, string, string[]]

export function toFound(reply: StandingReply): Found {
  const returned = reply[1] === 1
  if (reply[0] === 'w') {
    const [state, , rank, shown, inLine] = reply
    return { state, returned, rank, shown, inLine }
  }
  const [state, , moment] = reply
  return state === 'p' || state === 'l'
    ? { state, returned, backUntil: Math.round(Number(moment)) }
    : { state, returned, deadlineAt: Number(moment) }
}

export function toFlow([waiting, unstarted, flowingSince, counts]: ViewReply): Flow {
  const sum = (what: string) =>
    pairsOf(counts)
      .filter(([field]) => field.startsWith(what))
      .reduce((total, [, count]) => total + Number(count), 0)
  const flowing = Number(flowingSince)
  return { waiting, unstarted, flowingSince: flowing, left: sum('l'), waitedMs: sum('p') }
}

export function toTickets(flat: readonly string[]): Ticket[] {
  return pairsOf(flat).map(([number, id]) => ({ id, number: Number(number) }))
}

export function toSettled(flat: readonly (string | number)[]): Settled[] {
  const settled: Settled[] = []
  for (let at = 0; at < flat.length; at += 3) {
    const [what, joinedAt, estimateSeconds] = flat.slice(at, at + 3)
    settled.push({
      what: what as Settled['what'],
      joinedAt: Number(joinedAt),
      estimateSeconds: Number(estimateSeconds),
    })
  }
  return settled
}

export function toMoving(flat: readonly string[]): Moving[] {
  const moving: Moving[] = []
  for (let at = 0; at < flat.length; at += 3) {
    const [number, id = '', state] = flat.slice(at, at + 3)
    moving.push({ id, number: Number(number), state: state as State })
  }
  return moving
}

function pairsOf(flat: readonly string[]): [string, string][] {
  const pairs: [string, string][] = []
  for (let at = 0; at < flat.length; at += 2) pairs.push([flat[at] ?? '', flat[at + 1] ?? ''])
  return pairs
}
