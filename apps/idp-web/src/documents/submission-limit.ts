import type { WebDeps } from '../deps.ts'
import { countedAs } from '../proofing/counted-as.ts'
import type { Session } from '../session/session.ts'

type LimitDeps = Pick<WebDeps, 'config' | 'redis' | 'fingerprints' | 'now'>

/** Who asks, and from where. */
interface Asking {
  readonly who: Pick<Session, 'device' | 'signIn'>
  readonly network: string
}

/**
 * Counts one more document of this person and of this network, which a person who throws their cookies away does not
 * get out of: each document is given room for its photos, and all of it together must have a bound.
 *
 * @returns When they may show another one, milliseconds since the epoch; undefined if they may now.
 */
export async function countSubmission(
  { config, redis, fingerprints, now }: LimitDeps,
  { who, network }: Asking,
): Promise<number | undefined> {
  const { documentsPerDevice, documentsPerNetwork, attemptWindowSeconds } = config
  const ofPerson = countedAs(fingerprints, who).map((hash) => `limit:documents:device:${hash}`)
  const keys = [...ofPerson, `limit:documents:network:${network}`]
  const most = [...ofPerson.map(() => documentsPerDevice), documentsPerNetwork]
  const waitMs = Number(
    await redis.eval(countScript, keys.length, ...keys, attemptWindowSeconds, ...most),
  )
  return waitMs > 0 ? now() + waitMs : undefined
}

/** KEYS: counters. ARGV: seconds of the window, the most that each may count. Returns how long the fullest stays full. */
const countScript = `
local wait = 0
for index, key in ipairs(KEYS) do
  local count = redis.call('INCR', key)
  if count == 1 then redis.call('EXPIRE', key, ARGV[1]) end
  if count > tonumber(ARGV[index + 1]) then wait = math.max(wait, redis.call('PTTL', key)) end
end
return wait`
