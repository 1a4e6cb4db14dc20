import { flowSlotMs, type State } from './line-state.ts'
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
  /** Of the last minutes, what share of those who wait leaves in a second, for good or for now. Undefined while it is not known. */
  readonly leavingPerSecond: number | undefined
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

export function toFlow([waiting, unstarted, flowingSince, counts]: ViewReply, now: number): Flow {
  return {
    waiting,
    unstarted,
    flowingSince: Number(flowingSince),
    leavingPerSecond: leavingOf(counts, Math.floor(now / flowSlotMs)),
  }
}

/**
 * So many slots pass, on average, until somebody who left is known to have left: whoever goes without a word keeps their
 * lease. What is counted as left is divided by how long people waited so much earlier.
 */
const noticedAfter = Math.round(30_000 / flowSlotMs)

/** @param counts Fields `p<slot>`, how long all together waited in milliseconds, and `l<slot>`, how many left. */
function leavingOf(counts: readonly string[], slotNow: number): number | undefined {
  const kept = pairsOf(counts).map(([field, count]) => ({
    what: field.slice(0, 1),
    slot: Number(field.slice(1)),
    count: Number(count),
  }))
  const waits = kept.filter(({ what, slot }) => what === 'p' && slot + noticedAfter < slotNow)
  const first = Math.min(...waits.map(({ slot }) => slot)) + noticedAfter
  const leaves = kept.filter(({ what, slot }) => what === 'l' && slot >= first && slot < slotNow)
  const waitedMs = sumOf(waits)
  return waitedMs === 0 ? undefined : Math.max(0, (sumOf(leaves) * 1000) / waitedMs)
}

const sumOf = (counted: readonly { readonly count: number }[]): number =>
  counted.reduce((total, { count }) => total + count, 0)

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
