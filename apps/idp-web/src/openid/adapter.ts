import type { Adapter, AdapterPayload } from 'oidc-provider'
import { z } from 'zod'
import type { AccountSessions } from '../account/account-sessions.ts'
import type { WebDeps } from '../deps.ts'
import type { Grants, ServiceGrant } from './grants.ts'
import { createShortLived, type ShortLived } from './short-lived.ts'

export interface Storage extends Pick<WebDeps, 'redis' | 'accountSessions' | 'now'> {
  readonly grants: Grants
}

/** Where the provider keeps each kind of thing. */
export function adapterFor(storage: Storage, kind: string): Adapter {
  const { redis, now, grants, accountSessions } = storage
  const kept = createShortLived(redis, kind, now)
  const adapter = {
    ...kept,
    upsert: (id: string, payload: AdapterPayload, seconds = 60) =>
      kept.upsert(id, payload, seconds),
    findByUid: none,
    findByUserCode: none,
  }
  if (kind === 'Grant') return { ...adapter, ...grantAdapter(grants) }
  if (kind === 'Session') return { ...adapter, ...sessionAdapter(adapter, accountSessions) }
  // Two of the same at once are both looked for in vain before either is written.
  if (kind === 'ReplayDetection') return { ...adapter, upsert: addOnce(kept) }
  return adapter
}

function addOnce({ add }: ShortLived): Adapter['upsert'] {
  return (id, payload, seconds = 60) => add(id, payload, seconds)
}

const none = async (): Promise<undefined> => undefined

/** Sessions are ours, named by their slot: one that its account does not list any more is none. */
function sessionAdapter(
  kept: Pick<Adapter, 'find' | 'upsert'>,
  accountSessions: AccountSessions,
): Partial<Adapter> {
  return {
    upsert: (_id, payload, seconds) => kept.upsert(payload.uid ?? '', payload, seconds),
    find: none,
    async findByUid(uid) {
      const found = await kept.find(uid)
      if (!found?.accountId) return undefined
      return (await accountSessions.has(found.accountId, uid)) ? found : undefined
    },
    destroy: none,
  }
}

/** Consents outlive sessions and are listed for the person, so they are kept with the account. */
function grantAdapter(grants: Grants): Partial<Adapter> {
  return {
    async upsert(id, payload) {
      const { accountId, clientId, openid, exp } = grantPayload.parse(payload)
      await grants.save({
        id,
        accountId,
        partner: clientId,
        scopes: openid.scope.split(' ').filter(Boolean),
        claims: openid.claims,
        expiresAt: exp * 1000,
      })
    },
    async find(id) {
      const found = await grants.find(id)
      return found && payloadOf(found)
    },
    destroy: (id) => grants.delete(id),
  }
}

const grantPayload = z.object({
  accountId: z.string(),
  clientId: z.string(),
  openid: z.object({ scope: z.string().default(''), claims: z.array(z.string()).default([]) }),
  /** Seconds since the epoch. */
  exp: z.number(),
})

function payloadOf(grant: ServiceGrant): AdapterPayload {
  return {
    jti: grant.id,
    kind: 'Grant',
    accountId: grant.accountId,
    clientId: grant.partner,
    openid: { scope: grant.scopes.join(' '), claims: grant.claims },
    iat: Math.floor(grant.grantedAt / 1000),
    exp: Math.floor(grant.expiresAt / 1000),
  }
}
