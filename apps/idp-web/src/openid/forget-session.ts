import type { WebDeps } from '../deps.ts'
import { detailsKey } from './handed-details.ts'
import { sessionKey } from './short-lived.ts'

/** What lies in Redis for partners of a session that has ended. */
export async function forgetSession(
  { redis }: Pick<WebDeps, 'redis'>,
  slot: string,
): Promise<void> {
  await redis.del(detailsKey(slot), sessionKey(slot))
}
