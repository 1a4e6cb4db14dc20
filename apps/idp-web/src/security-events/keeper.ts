import { type Db, inSoleTransaction } from '@anteroom/job-channel'
import type { Log, Shutdown } from '@anteroom/runtime'
import type pg from 'pg'
import { ifUnopenable } from '../if-unopenable.ts'
import { connections } from '../openid/grants.ts'
import { type EventParts, makeToken, newJti, recordSlot } from './event-maker.ts'
import { forgetMoved } from './held-receivers.ts'
import {
  endEvent,
  heldEvents,
  holdAccounts,
  type KeptEvent,
  markResigned,
  type QueuedEvent,
  queueHeld,
  resignableEvents,
  writeEvents,
} from './outbox.ts'

export interface EventKeeperParts extends EventParts {
  readonly db: pg.Pool
  readonly log: Log
}

/** Makes tokens of what was held, and new ones where an operator wants them. */
export interface EventKeeper {
  /** As much as fits one transaction, by one process at a time. Returns how many events it ended or queued. */
  turn(): Promise<number>
}

const batch = 50

export function createEventKeeper(parts: EventKeeperParts): EventKeeper {
  return {
    async turn() {
      let moved = 0
      await inSoleTransaction(parts.db, 'web.security-events', async (tx) => {
        await forgetMoved(tx, parts.receivers)
        moved = (await release(parts, tx)) + (await resign(parts, tx))
      })
      return moved
    },
  }
}

/** Tells, in its order, what was held of those who are still connected. Of a deleted account they are told to the end. */
async function release(parts: EventKeeperParts, tx: Db): Promise<number> {
  const held = await heldEvents(tx, batch)
  if (held.length === 0) return 0
  const made = await Promise.all(held.map((event) => remake(parts, event, event.jti)))
  // From here on nothing is written behind what is released now.
  const mayLearn = await holdConnections(tx, held)
  const due = made.filter((event) => typeof event === 'object').filter(mayLearn)
  await queueHeld(tx, due)
  const queued = new Set(due.map(({ jti }) => jti))
  for (const [index, { jti }] of held.entries()) {
    const event = made[index]
    if (!queued.has(jti)) await endEvent(tx, jti, reasonOf(event))
  }
  parts.log.info('security-events.released', { count: due.length })
  return held.length
}

/** Another token for the same event: a new `jti`, the same `txn`. It comes after everything that is queued already. */
async function resign(parts: EventKeeperParts, tx: Db): Promise<number> {
  const dead = await resignableEvents(tx, batch)
  const mayLearn = await holdConnections(tx, dead)
  for (const event of dead) {
    const successor = mayLearn(event) ? await remake(parts, event, newJti()) : 'not-connected'
    if (typeof successor === 'object') {
      await writeEvents(tx, [successor])
      await markResigned(tx, event.jti, successor.jti)
    } else {
      await endEvent(tx, event.jti, successor)
    }
  }
  if (dead.length > 0) parts.log.info('security-events.resigned', { count: dead.length })
  return dead.length
}

type Whose = Pick<KeptEvent, 'accountId' | 'partner'>

/**
 * Holds the accounts of these events. Says whose partner may still be told: the person is connected to it, or has deleted the
 * account, of which it is told to the end.
 */
async function holdConnections(
  tx: Db,
  events: readonly Whose[],
): Promise<(event: Whose) => boolean> {
  const accounts = await holdAccounts(tx, events)
  const isConnected = await connections(tx, [...accounts])
  return ({ accountId, partner }) => !accounts.has(accountId) || isConnected(accountId, partner)
}

/** Why an event is never told. */
type Untold = 'not-connected' | 'unreadable'

const reasonOf = (made: QueuedEvent | Untold | undefined): Untold =>
  made === 'unreadable' ? made : 'not-connected'

/** The event with a token of its own, by what the outbox keeps of it. An address that does not open holds up no other event. */
async function remake(
  parts: EventKeeperParts,
  { happenedAt, ...event }: KeptEvent,
  jti: string,
): Promise<QueuedEvent | Untold> {
  const { seal, open } = parts.record
  if (event.record === undefined) {
    return (await makeToken(parts, { ...event, jti }, { happenedAt })) ?? 'not-connected'
  }
  const email = await open(recordSlot(event.jti), event.record).catch(ifUnopenable)
  if (email === undefined) return 'unreadable'
  const record = jti === event.jti ? event.record : await seal(recordSlot(jti), email)
  const whole = { ...event, jti, record }
  return (await makeToken(parts, whole, { happenedAt, email })) ?? 'not-connected'
}

const everyMs = 2_000

/** Takes turns for as long as the process runs. */
export function startEventKeeper(keeper: EventKeeper, log: Log, shutdown: Shutdown): void {
  let running = false
  const timer = setInterval(async () => {
    if (running) return
    running = true
    try {
      // What is left over needs no waiting for.
      while ((await keeper.turn()) >= batch);
    } catch {
      log.warn('security-events.keeper-failed')
    } finally {
      running = false
    }
  }, everyMs).unref()
  shutdown.add('security-events', () => clearInterval(timer))
}
