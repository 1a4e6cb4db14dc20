import { hash, randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import {
  type NextAttempt,
  nextAttempt,
  type OpenAttempt,
  openAttempt,
  type Session,
  type SessionPatch,
  sessionFields,
} from './session.ts'
import { claimScript, patchScript, renameScript } from './session-scripts.ts'

export interface SessionTimes {
  readonly idleSeconds: number
  readonly absoluteSeconds: number
}

/** What must hold at the moment of a write, whatever the session was when it was loaded. */
export type PatchGuard =
  /** The session is there. */
  | 'alive'
  /** No check is under way or on its way: what it is about must not change underneath it. */
  | 'no-attempt'
  /** This check, by its job id, is still the one under way. */
  | { readonly attempt: string }

export type Claimed = NextAttempt | 'under-way' | 'changed'

/** Sessions in Redis. The key is a hash of the cookie, so that who reads Redis cannot take a session over. */
export interface SessionStore {
  create(device: string): Promise<Session>
  /** Undefined if there is no such session or its time is up. Renews the idle time. */
  load(id: string): Promise<Session | undefined>
  /** Only what the waiting page's poll needs: no parsing of the rest, no renewal. */
  loadAttempt(id: string): Promise<OpenAttempt | undefined>
  /** False, and nothing written, if the guard does not hold any more. */
  patch(session: Session, patch: SessionPatch, guard?: PatchGuard): Promise<boolean>
  /**
   * Takes ids for a submission of these details. Two submissions at once get the same ids, so that they end in one
   * attempt. `changed` if the session has ended or its details are not these any more.
   */
  claimAttempt(session: Session, wanted: NextAttempt): Promise<Claimed>
  /** The same session under a new id; the old id finds nothing any more. Undefined if it was rotated or ended meanwhile. */
  rotate(session: Session): Promise<Session | undefined>
  end(session: Session): Promise<void>
}

export function createSessionStore(
  redis: Redis,
  times: SessionTimes,
  now: () => number,
): SessionStore {
  const keepSeconds = (createdAt: number) => secondsToKeep(times, createdAt, now())

  return {
    async create(device) {
      const fields = { slot: randomId(), csrf: randomId(), createdAt: now(), device }
      const id = randomId()
      const commands = redis.multi().hset(keyOf(id), fields)
      await commands.expire(keyOf(id), keepSeconds(fields.createdAt)).exec()
      return { id, ...fields }
    },

    async load(id) {
      if (!isId(id)) return undefined
      const parsed = sessionFields.safeParse(await redis.hgetall(keyOf(id)))
      if (!parsed.success || keepSeconds(parsed.data.createdAt) <= 0) return undefined
      await redis.expire(keyOf(id), keepSeconds(parsed.data.createdAt))
      return { id, ...parsed.data }
    },

    async loadAttempt(id) {
      if (!isId(id)) return undefined
      const text = await redis.hget(keyOf(id), 'attempt')
      return text === null ? undefined : openAttempt.parse(JSON.parse(text))
    },

    async patch({ id, slot, createdAt }, patch, guard = 'alive') {
      const { written, removed } = splitPatch(patch)
      const wanted = typeof guard === 'string' ? guard : guard.attempt
      const lists = [JSON.stringify(written), JSON.stringify(removed)]
      const done = await redis.eval(
        patchScript,
        1,
        keyOf(id),
        ...[slot, keepSeconds(createdAt), wanted, ...lists],
      )
      return done === 1
    },

    async claimAttempt({ id, slot, createdAt }, wanted) {
      const reply = await redis.eval(
        claimScript,
        1,
        keyOf(id),
        ...[slot, keepSeconds(createdAt), wanted.detailsId, JSON.stringify(wanted)],
      )
      if (reply === 'under-way' || reply === 'changed') return reply
      return nextAttempt.parse(JSON.parse(String(reply)))
    },

    async rotate(session) {
      const id = randomId()
      const renamed = await redis.eval(renameScript, 2, keyOf(session.id), keyOf(id))
      return renamed === 1 ? { ...session, id } : undefined
    },

    async end(session) {
      await redis.del(keyOf(session.id))
    },
  }
}

function secondsToKeep(times: SessionTimes, createdAt: number, now: number): number {
  const absoluteLeft = Math.floor((createdAt - now) / 1000) + times.absoluteSeconds
  return Math.min(times.idleSeconds, absoluteLeft)
}

/** Fields and values in turn, and the fields to remove. */
function splitPatch(patch: SessionPatch): { written: string[]; removed: string[] } {
  const written: string[] = []
  const removed: string[] = []
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined) removed.push(field)
    else written.push(field, typeof value === 'object' ? JSON.stringify(value) : String(value))
  }
  return { written, removed }
}

const randomId = (): string => randomBytes(32).toString('base64url')
const isId = (value: string): boolean => /^[\w-]{43}$/.test(value)
const keyOf = (id: string): string => `session:${hash('sha256', id, 'base64url')}`
