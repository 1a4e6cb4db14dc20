import { hash } from 'node:crypto'
import type { Redis } from 'ioredis'
import { z } from 'zod'

const entry = z.object({
  /** Milliseconds since the epoch, database time. */
  signedInAt: z.number(),
  seenAt: z.number(),
  /** By their names alone, such as `Firefox` and `Android`. */
  browser: z.string().optional(),
  system: z.string().optional(),
})
export type SessionEntry = z.output<typeof entry>

export interface ListedSession extends SessionEntry {
  /** Opens nothing. */
  readonly slot: string
}

/**
 * The sessions that are signed in to an account: one hash in Redis for each account. A session that is not listed is not
 * signed in, whatever it holds: to end one it is taken from the list.
 */
export interface AccountSessions {
  add(accountId: string, slot: string, entry: SessionEntry): Promise<void>
  /** Undefined if the session is not signed in any more. */
  find(accountId: string, slot: string): Promise<SessionEntry | undefined>
  list(accountId: string): Promise<readonly ListedSession[]>
  end(accountId: string, slots: readonly string[]): Promise<void>
  /** All but this one. */
  endOthers(accountId: string, slot: string): Promise<void>
  endAll(accountId: string): Promise<void>
}

export function createAccountSessions(redis: Redis, keepSeconds: number): AccountSessions {
  async function list(accountId: string): Promise<ListedSession[]> {
    const all = Object.entries(await redis.hgetall(keyOf(accountId)))
    return all.map(([slot, text]) => ({ slot, ...entry.parse(JSON.parse(text)) }))
  }
  async function end(accountId: string, slots: readonly string[]): Promise<void> {
    if (slots.length > 0) await redis.hdel(keyOf(accountId), ...slots)
  }

  return {
    async add(accountId, slot, added) {
      const key = keyOf(accountId)
      await redis.multi().hset(key, slot, JSON.stringify(added)).expire(key, keepSeconds).exec()
    },
    async find(accountId, slot) {
      const text = await redis.hget(keyOf(accountId), slot)
      return text === null ? undefined : entry.parse(JSON.parse(text))
    },
    list,
    end,
    async endOthers(accountId, slot) {
      const slots = (await list(accountId)).map((listed) => listed.slot)
      await end(
        accountId,
        slots.filter((other) => other !== slot),
      )
    },
    async endAll(accountId) {
      await redis.del(keyOf(accountId))
    },
  }
}

const keyOf = (accountId: string): string =>
  `account-sessions:${hash('sha256', accountId, 'base64url')}`
