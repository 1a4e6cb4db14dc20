import { hash, randomBytes } from 'node:crypto'
import type { ChainableCommander, Redis } from 'ioredis'
import {
  type AttemptIds,
  type OpenAttempt,
  openAttempt,
  type Session,
  type SessionPatch,
  sessionFields,
} from './session.ts'

export interface SessionTimes {
  readonly idleSeconds: number
  readonly absoluteSeconds: number
}

/** Sessions in Redis. The key is a hash of the cookie, so that who reads Redis cannot take a session over. */
export interface SessionStore {
  create(device: string): Promise<Session>
  /** Undefined if there is no such session or its time is up. Renews the idle time. */
  load(id: string): Promise<Session | undefined>
  /** Only what the waiting page's poll needs: no parsing of the rest, no renewal. */
  loadAttempt(id: string): Promise<OpenAttempt | undefined>
  patch(session: Session, patch: SessionPatch): Promise<void>
  /**
   * Takes ids for a submission. Two submissions at once get the same ids, so that they end in one attempt; undefined
   * if an attempt is under way already.
   */
  claimAttempt(session: Session, ids: AttemptIds): Promise<AttemptIds | undefined>
  /** The same session under a new id; the old id finds nothing any more. */
  rotate(session: Session): Promise<Session>
  end(session: Session): Promise<void>
}

export function createSessionStore(
  redis: Redis,
  times: SessionTimes,
  now: () => number,
): SessionStore {
  const keep = (commands: ChainableCommander, key: string, createdAt: number) =>
    commands.expire(key, secondsToKeep(times, createdAt, now()))

  return {
    async create(device) {
      const fields = { slot: randomId(), csrf: randomId(), createdAt: now(), device }
      const id = randomId()
      await run(keep(redis.multi().hset(keyOf(id), fields), keyOf(id), fields.createdAt))
      return { id, ...fields }
    },

    async load(id) {
      if (!isId(id)) return undefined
      const fields = await redis.hgetall(keyOf(id))
      const parsed = sessionFields.safeParse(fields)
      if (!parsed.success || secondsToKeep(times, parsed.data.createdAt, now()) <= 0)
        return undefined
      await redis.expire(keyOf(id), secondsToKeep(times, parsed.data.createdAt, now()))
      return { id, ...parsed.data }
    },

    async loadAttempt(id) {
      if (!isId(id)) return undefined
      const text = await redis.hget(keyOf(id), 'attempt')
      return text === null ? undefined : openAttempt.parse(JSON.parse(text))
    },

    async patch(session, patch) {
      const { written, removed } = splitPatch(patch)
      const commands = redis.multi()
      if (Object.keys(written).length > 0) commands.hset(keyOf(session.id), written)
      if (removed.length > 0) commands.hdel(keyOf(session.id), ...removed)
      await run(keep(commands, keyOf(session.id), session.createdAt))
    },

    async claimAttempt(session, ids) {
      const key = keyOf(session.id)
      const [, fields] = await run(
        redis.multi().hsetnx(key, 'nextAttempt', JSON.stringify(ids)).hgetall(key),
      )
      const { attempt, nextAttempt } = sessionFields.parse(fields)
      if (attempt === undefined) return nextAttempt
      await redis.hdel(key, 'nextAttempt')
      return undefined
    },

    async rotate(session) {
      const id = randomId()
      await redis.rename(keyOf(session.id), keyOf(id))
      return { ...session, id }
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

function splitPatch(patch: SessionPatch): { written: Record<string, string>; removed: string[] } {
  const written: Record<string, string> = {}
  const removed: string[] = []
  for (const [field, value] of Object.entries(patch)) {
    if (value === undefined) removed.push(field)
    else written[field] = typeof value === 'object' ? JSON.stringify(value) : String(value)
  }
  return { written, removed }
}

/** Replies of a transaction; the first error among them is thrown. */
async function run(commands: ChainableCommander): Promise<unknown[]> {
  const replies = (await commands.exec()) ?? []
  return replies.map(([error, reply]) => {
    if (error) throw error
    return reply
  })
}

const randomId = (): string => randomBytes(32).toString('base64url')
const isId = (value: string): boolean => /^[\w-]{43}$/.test(value)
const keyOf = (id: string): string => `session:${hash('sha256', id, 'base64url')}`
