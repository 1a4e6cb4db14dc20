import type { State } from './line-state.ts'
import type { Ticket } from './standing.ts'

/** What the scripts of the line reply, and what is made of it. */

/** Where a ticket is found; times are milliseconds since the epoch, database time. */
export type Found =
  | {
      readonly state: 'w'
      /** People in front, and the lowest number of them ever shown. */
      readonly rank: number
      readonly shown: number
      readonly inLine: number
    }
  | { readonly state: 'p' | 'l'; readonly backUntil: number }
  | { readonly state: Exclude<State, 'w' | 'p' | 'l'>; readonly deadlineAt: number }

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

export interface Swept {
  readonly waiting: number
  readonly parked: number
  readonly called: number
  readonly isMoreLeft: boolean
}

// Replies have the shapes that the scripts of these names give them.
export type StandingReply = ['w', number, number, number] | [Exclude<State, 'w'>, string]
export type ViewReply = [number, number, string, string[]]

export function toFound(reply: StandingReply): Found {
  if (reply[0] === 'w') {
    const [state, rank, shown, inLine] = reply
    return { state, rank, shown, inLine }
  }
  const [state, moment] = reply
  return state === 'p' || state === 'l'
    ? { state, backUntil: Math.round(Number(moment)) }
    : { state, deadlineAt: Number(moment) }
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
