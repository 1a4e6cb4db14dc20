import type { WebDeps } from '../deps.ts'
import { listEvents } from './account-events.ts'
import type { Account } from './accounts.ts'

/** All that is kept about an account, for its owner to read. Nothing in it lets anybody sign in. */
export async function ownData(deps: WebDeps, account: Account): Promise<object> {
  const { id, createdAt, passwordChangedAt, proofing, profile } = account
  const [address, sessions, events, factors] = await Promise.all([
    deps.accounts.openAddress(account),
    deps.accountSessions.list(id),
    listEvents(deps, id),
    deps.factors.of(id),
  ])
  return {
    address,
    createdAt: iso(createdAt),
    passwordChangedAt: iso(passwordChangedAt),
    identity: proofing ? { ...proofing, at: iso(proofing.at) } : null,
    profile:
      profile === undefined
        ? null
        : JSON.parse(await deps.openRecord({ name: 'account-profile', id }, profile)),
    waysToSignIn: factors.map(({ kind, name, addedAt, lastUsedAt }) => ({
      kind,
      name,
      addedAt: iso(addedAt),
      lastUsedAt: iso(lastUsedAt),
    })),
    devices: sessions.map(({ slot: _slot, signedInAt, seenAt, ...names }) => ({
      ...names,
      signedInAt: iso(signedInAt),
      seenAt: iso(seenAt),
    })),
    history: events.map(({ at, ...event }) => ({ at: iso(at), ...event })),
  }
}

const iso = (moment: number | undefined): string | null =>
  moment === undefined ? null : new Date(moment).toISOString()
