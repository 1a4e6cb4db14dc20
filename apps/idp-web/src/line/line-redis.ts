import type { Redis } from 'ioredis'
import * as keeper from './keeper-scripts.ts'
import {
  type Flow,
  type Found,
  type Moving,
  type Settled,
  type StandingReply,
  type Swept,
  toFlow,
  toFound,
  toMoving,
  toSettled,
  toTickets,
  type ViewReply,
} from './line-replies.ts'
import { lineKeys } from './line-state.ts'
import * as loading from './loading-scripts.ts'
import * as person from './person-scripts.ts'
import { leaseMs } from './presence.ts'
import type { Ticket } from './standing.ts'
import type { LiveTicket, Moved } from './tickets.ts'

/** Redis has lost the line, and it could not be read anew from Postgres in time. */
export class LineLostError extends Error {
  override readonly name = 'LineLostError'
  readonly code = 'LINE_LOST'

  constructor() {
    super('LINE_LOST')
  }
}

/** How somebody is heard of: `leaseMs` 0 if they are not; `comesBack` if they say so. */
export interface Sign {
  readonly leaseMs: number
  readonly comesBack: boolean
}

export interface Joining {
  /** 0 if nobody knew. */
  readonly estimateSeconds: number
}

export interface Room {
  /** How many may be called without having had their turn. */
  readonly window: number
  /** Ranks near the front. */
  readonly near: number
  /** Ranks that are looked at, at most. */
  readonly most: number
  /** Numbers of the called who have had their turn since. */
  readonly started: readonly number[]
}

/** Typed calls of the scripts, one for each. */
export interface LineRedis {
  /**
   * Tickets that Redis may not know, as somebody asks for them. How many of them were gone and are back. `joining`: they
   * have just joined, and were told this of their wait.
   */
  enter(
    tickets: readonly LiveTicket[],
    sign: Pick<Sign, 'leaseMs'> & { readonly joining?: Joining | undefined },
  ): Promise<number>
  standing(ticket: Ticket, sign: Sign): Promise<Found | undefined>
  away(ticket: Ticket): Promise<void>
  /** False if they had left before. */
  leave(ticket: Ticket): Promise<boolean>
  forget(tickets: readonly Ticket[]): Promise<void>
  flow(): Promise<Flow>
  /** Undefined if another process keeps the line. Of those whose place is over, only so many. */
  lead(
    process: string,
    options: { readonly ms: number; readonly mostLapsing: number },
  ): Promise<{ unstarted: readonly Ticket[]; moving: readonly Moving[] } | undefined>
  retire(process: string): Promise<void>
  pick(room: Room): Promise<{ taken: readonly Ticket[]; asleep: readonly Ticket[] }>
  recall(tickets: readonly Ticket[]): Promise<void>
  /** As they are in Postgres; undefined for those that are not live there. */
  settle(
    tickets: readonly (Ticket & { readonly moved: Moved | undefined })[],
  ): Promise<readonly Settled[]>
  sweep(options: { readonly most: number; readonly isCalling: boolean }): Promise<Swept>
  /** Has those looked for in Postgres who have long been past their deadline. */
  recallOverdue(most: number): Promise<void>
  load(tickets: readonly LiveTicket[]): Promise<void>
  /** False if nothing is lost. */
  beginLoading(token: string): Promise<boolean>
  /** False if Redis was lost again meanwhile. */
  endLoading(token: string, until: number): Promise<boolean>
  loadedUntil(): Promise<number | undefined>
  markLoaded(until: number): Promise<void>
  /** Who has joined before this may have lost their session with Redis. Milliseconds since the epoch. */
  rebuiltAt(): Promise<number>
}

export interface LineRedisOptions {
  readonly redis: Redis
  readonly now: () => number
  /** Reads what was lost anew; whoever meets the loss waits for it. */
  readonly restore: () => Promise<void>
}

export function createLineRedis({ redis, now, restore }: LineRedisOptions): LineRedis {
  const commands = defineScripts(redis)
  const runOnce = (name: ScriptName, ...given: readonly Argument[]) =>
    commands[name](...lineKeys, now(), ...given)

  async function run(name: ScriptName, ...given: readonly Argument[]): Promise<unknown> {
    const reply = await runOnce(name, ...given)
    if (reply !== lost) return reply
    await restore()
    const second = await runOnce(name, ...given)
    if (second === lost) throw new LineLostError()
    return second
  }

  return {
    ...ofPeople(run, now),
    ...ofKeeper(run),
    ...ofLoading(runOnce),
    rebuiltAt: async () => Number(await run('readRebuilt')),
  }
}

const lost = 'lost'
const scripts = { ...person, ...keeper, ...loading }
type ScriptName = keyof typeof scripts
type Argument = string | number
type Run = (name: ScriptName, ...given: readonly Argument[]) => Promise<unknown>

/** Sent to the server once and then by their hashes. */
function defineScripts(redis: Redis) {
  const names = Object.keys(scripts) as ScriptName[]
  for (const name of names) {
    redis.defineCommand(commandOf(name), { numberOfKeys: lineKeys.length, lua: scripts[name] })
  }
  // ioredis has no types for commands that are defined at run time.
  const defined = redis as unknown as Record<string, (...args: Argument[]) => Promise<unknown>>
  const entries = names.map((name) => [
    name,
    (...args: Argument[]) => defined[commandOf(name)]?.(...args),
  ])
  return Object.fromEntries(entries) as Record<
    ScriptName,
    (...args: Argument[]) => Promise<unknown>
  >
}

const commandOf = (name: ScriptName): string => `line-${name}`

type OfPeople = Pick<LineRedis, 'enter' | 'standing' | 'away' | 'leave' | 'forget' | 'flow'>

function ofPeople(run: Run, now: () => number): OfPeople {
  return {
    async enter(tickets, { leaseMs: signMs, joining }) {
      const isHeard = signMs > 0
      // As after a loss: whoever has yet to be heard of is given as long as anybody.
      const lease = isHeard ? signMs : leaseMs.hidden
      const told = joining ? [now(), Math.round(joining.estimateSeconds)] : [0, 0]
      return Number(await run('enter', lease, isHeard ? 1 : 0, ...told, ...tickets.flatMap(toRow)))
    },
    async standing({ number, id }, sign) {
      const reply = await run('standing', number, id, sign.leaseMs, sign.comesBack ? 1 : 0)
      return reply === null ? undefined : toFound(reply as StandingReply)
    },
    async away({ number, id }) {
      await run('away', number, id)
    },
    leave: async ({ number, id }) => (await run('leave', number, id)) === 1,
    async forget(tickets) {
      await run('forgetAll', ...tickets.flatMap(({ number, id }) => [number, id]))
    },
    flow: async () => toFlow((await run('view')) as ViewReply, now()),
  }
}

type OfKeeper = Pick<
  LineRedis,
  'lead' | 'retire' | 'pick' | 'recall' | 'settle' | 'sweep' | 'recallOverdue'
>

function ofKeeper(run: Run): OfKeeper {
  return {
    async lead(process, { ms, mostLapsing }) {
      const reply = (await run('lead', process, ms, mostLapsing)) as [string[], string[]] | null
      if (reply === null) return undefined
      return { unstarted: toTickets(reply[0]), moving: toMoving(reply[1]) }
    },
    async retire(process) {
      await run('retire', process)
    },
    async pick({ window, near, most, started }) {
      const reply = await run('pick', window, near, most, ...started)
      const [taken, asleep] = reply as [string[], string[]]
      return { taken: toTickets(taken), asleep: toTickets(asleep) }
    },
    async recall(tickets) {
      await run('recall', ...tickets.map(({ number }) => number))
    },
    async settle(tickets) {
      const reply = await run(
        'settle',
        ...tickets.flatMap(({ number, id, moved }) => [
          ...[number, id],
          ...[moved?.state ?? 'gone', moved?.deadlineAt ?? 0],
        ]),
      )
      return toSettled(reply as (string | number)[])
    },
    async sweep({ most, isCalling }) {
      const reply = await run('sweep', most, isCalling ? 1 : 0)
      const [parkings = 0, waiting = 0, parked = 0, called = 0, more] = reply as number[]
      return { parkings, waiting, parked, called, isMoreLeft: more === 1 }
    },
    async recallOverdue(most) {
      await run('recallOverdue', most)
    },
  }
}

type OfLoading = Pick<
  LineRedis,
  'load' | 'beginLoading' | 'endLoading' | 'loadedUntil' | 'markLoaded'
>

function ofLoading(run: Run): OfLoading {
  return {
    async load(tickets) {
      // Whoever was there before is given as long as anybody to be heard of.
      await run('load', leaseMs.hidden, ...tickets.flatMap(toRow))
    },
    beginLoading: async (token) => (await run('beginLoading', token)) === 1,
    endLoading: async (token, until) => (await run('endLoading', token, until)) === 1,
    async loadedUntil() {
      const reply = await run('readLoaded')
      return reply === lost ? undefined : Number(reply)
    },
    async markLoaded(until) {
      await run('markLoaded', until)
    },
  }
}

function toRow(ticket: LiveTicket): Argument[] {
  const deadlineAt = ticket.state === 'called' ? ticket.deadlineAt : 0
  return [ticket.number, ticket.id, ticket.state, deadlineAt]
}
