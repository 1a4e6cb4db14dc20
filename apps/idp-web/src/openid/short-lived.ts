import type { ChainableCommander, Redis } from 'ioredis'
import { type AdapterPayload, errors } from 'oidc-provider'
import { z } from 'zod'
import { hashOfId } from '../random-id.ts'
import { lifetimes } from './lifetimes.ts'

/** Codes, tokens, requests and interactions, in Redis until they expire. Ids are hashed and not kept beside: who reads Redis
 * holds no token. */
export interface ShortLived {
  upsert(id: string, payload: AdapterPayload, seconds: number): Promise<void>
  /** @throws InvalidClientAuth if it is there already: what a partner proves itself with counts once. */
  add(id: string, payload: AdapterPayload, seconds: number): Promise<void>
  find(id: string): Promise<AdapterPayload | undefined>
  /** @throws InvalidGrant if somebody else has consumed it meanwhile. */
  consume(id: string): Promise<void>
  destroy(id: string): Promise<void>
  revokeByGrantId(grantId: string): Promise<void>
}

/** KEYS: the entry. ARGV: when, in seconds since the epoch. 1 for the first, 0 for whoever comes later. */
const consumeScript = `
local text = redis.call('GET', KEYS[1])
if not text then return 0 end
local entry = cjson.decode(text)
if entry.consumed then return 0 end
return redis.call('SET', KEYS[1], string.sub(text, 1, -2) .. ',"consumed":' .. ARGV[1] .. '}', 'KEEPTTL') and 1`

export function createShortLived(redis: Redis, kind: string, now: () => number): ShortLived {
  const keyOf = (id: string) => keyFor(kind, id)

  async function revokeByGrantId(grantId: string): Promise<void> {
    const key = grantKeyOf(kind, grantId)
    const entries = await redis.smembers(key)
    await redis.del(key, ...entries)
  }

  return {
    async upsert(id, { jti: _secret, ...payload }, seconds) {
      const key = keyOf(id)
      const keptSeconds = wholeSeconds(seconds)
      const commands = redis.multi().set(key, JSON.stringify(payload), 'EX', keptSeconds)
      if (payload.grantId !== undefined) {
        const list = grantKeyOf(kind, payload.grantId)
        commands.sadd(list, key).expire(list, keptSeconds)
      }
      await allDone(commands)
    },
    async add(id, { jti: _secret, ...payload }, seconds) {
      const text = JSON.stringify(payload)
      if (await redis.set(keyOf(id), text, 'EX', wholeSeconds(seconds), 'NX')) return
      throw new errors.InvalidClientAuth('client assertions count once')
    },
    async find(id) {
      const text = await redis.get(keyOf(id))
      return text === null ? undefined : { ...payload.parse(JSON.parse(text)), jti: id }
    },
    async consume(id) {
      const at = Math.floor(now() / 1000)
      if ((await redis.eval(consumeScript, 1, keyOf(id), at)) === 1) return
      throw new errors.InvalidGrant('already consumed')
    },
    async destroy(id) {
      await redis.del(keyOf(id))
    },
    revokeByGrantId,
  }
}

/** A transaction tells of each command that failed, and throws for none. */
async function allDone(commands: ChainableCommander): Promise<void> {
  const results = await commands.exec()
  const failed = results?.find(([error]) => error !== null)
  if (!results || failed) throw new Error('Redis has not kept it', { cause: failed?.[0] })
}

/** As Redis takes it. */
function wholeSeconds(seconds: number): number {
  return Math.min(Math.max(1, Math.ceil(seconds)), lifetimes.Grant)
}

const keyFor = (kind: string, id: string): string => `openid:${kind}:${hashOfId(id)}`

/** Where a partner's request lies while the person answers it. */
export const interactionKey = (uid: string): string => keyFor('Interaction', uid)

/** What the provider keeps of a session of ours. */
export const sessionKey = (slot: string): string => keyFor('Session', slot)

/** What came of a grant, so that it can be taken back. */
const grantKeyOf = (kind: string, grantId: string): string =>
  `openid:${kind}-of:${hashOfId(grantId)}`

// Written by the provider and read by nobody else: what is in it is its own.
const payload = z.looseObject({}).transform((it): AdapterPayload => it)
