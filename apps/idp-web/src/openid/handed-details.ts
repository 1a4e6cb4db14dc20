import type { Redis } from 'ioredis'
import { z } from 'zod'
import type { Account } from '../account/accounts.ts'
import { openProfile, type Profile } from '../account/identity/profile.ts'
import type { WebDeps } from '../deps.ts'
import { isVerified } from '../proofing/steps.ts'
import { hashOfId } from '../random-id.ts'
import type { Session } from '../session/session.ts'

/**
 * What partners can be told of who somebody is: what was verified in this very session, or else what the account keeps.
 * The partner's server asks without the person's cookie, so the session's details are handed over by its slot, sealed as
 * they are, for as long as an access token lives.
 */

const handed = z.object({ details: z.string(), phone: z.string().optional() })

/** Call it whenever a request of the person may end in a code. */
export async function handOverDetails(
  { redis }: Pick<WebDeps, 'redis'>,
  session: Session,
  seconds: number,
): Promise<void> {
  const { details, phone } = session
  if (!isVerified(session) || details === undefined) return
  await redis.set(detailsKey(session.slot), JSON.stringify({ details, phone }), 'EX', seconds)
}

export async function forgetHandedDetails(redis: Redis, slot: string): Promise<void> {
  await redis.del(detailsKey(slot))
}

/** Whether there is anything to tell, now and in a while. */
export function hasDetails(account: Account, session: Session): boolean {
  return account.profile !== undefined || isVerified(session)
}

/** By the slot of the session in which the partner was answered. Opens only if asked to. */
export async function openDetails(
  deps: WebDeps,
  account: Account,
  slot: string,
): Promise<Profile | undefined> {
  const text = await deps.redis.get(detailsKey(slot))
  if (text === null) return openProfile(deps, account)
  const sealed = { slot, ...handed.parse(JSON.parse(text)) }
  const details = await deps.personData.openDetails(sealed)
  const phone = await deps.personData.openPhone(sealed)
  return details && { ...details, ...(phone !== undefined && { phone }) }
}

/** Where they lie. */
export const detailsKey = (slot: string): string => `openid:details:${hashOfId(slot)}`
