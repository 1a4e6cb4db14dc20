import type { Redis } from 'ioredis'
import { z } from 'zod'
import { hashOfId } from '../random-id.ts'

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
  /** Whether it is signed in, without its being used. */
  has(accountId: string, slot: string): Promise<boolean>
  /** Notes that the session is used. False if it is not signed in any more. */
  see(accountId: string, slot: string): Promise<boolean>
  /** The one that was used last first. */
  list(accountId: string): Promise<readonly ListedSession[]>
  /** Returns how many were on the list until now. */
  end(accountId: string, slots: readonly string[]): Promise<number>
  /** All but this one. Returns how many they were. */
  endOthers(accountId: string, slot: string): Promise<number>
  endAll(accountId: string): Promise<void>
}

/** @param keepSeconds The longest time of a session. */
export function createAccountSessions(
  redis: Redis,
  keepSeconds: number,
  now: () => number,
): AccountSessions {
  async function list(accountId: string): Promise<ListedSession[]> {
    const all = Object.entries(await redis.hgetall(keyOf(accountId)))
    return all
      .map(([slot, text]) => ({ slot, ...entry.parse(JSON.parse(text)) }))
      .filter(({ signedInAt }) => now() < signedInAt + keepSeconds * 1_000)
      .sort((one, other) => other.seenAt - one.seenAt)
  }
  async function end(accountId: string, slots: readonly string[]): Promise<number> {
    return slots.length > 0 ? redis.hdel(keyOf(accountId), ...slots) : 0
  }

  return {
    async add(accountId, slot, added) {
      const key = keyOf(accountId)
      await redis.multi().hset(key, slot, JSON.stringify(added)).expire(key, keepSeconds).exec()
    },
    has: async (accountId, slot) => (await redis.hexists(keyOf(accountId), slot)) === 1,
    async see(accountId, slot) {
      const found = await redis.eval(seeScript, 1, keyOf(accountId), slot, now(), seenEveryMs)
      return found === 1
    },
    list,
    end,
    async endOthers(accountId, slot) {
      const slots = (await list(accountId)).map((listed) => listed.slot)
      return end(
        accountId,
        slots.filter((other) => other !== slot),
      )
    },
    async endAll(accountId) {
      await redis.del(keyOf(accountId))
    },
  }
}

const seenEveryMs = 60_000

/**
 * KEYS: the list. ARGV: slot, now, how often a use is noted. In one step, so that a session which is ended meanwhile
 * does not come back.
 */
const seeScript = `
local text = redis.call('HGET', KEYS[1], ARGV[1])
if not text then return 0 end
local entry = cjson.decode(text)
if tonumber(ARGV[2]) > entry.seenAt + tonumber(ARGV[3]) then
  entry.seenAt = tonumber(ARGV[2])
  redis.call('HSET', KEYS[1], ARGV[1], cjson.encode(entry))
end
return 1`

const keyOf = (accountId: string): string => `account-sessions:${hashOfId(accountId)}`
