import type { WebDeps } from '../deps.ts'
import { connectedServices } from '../openid/connected-services.ts'
import { listEvents } from './account-events.ts'
import type { Account } from './accounts.ts'
import { openProfile, type Profile } from './identity/profile.ts'

/** All that is kept about an account, for its owner to read. Nothing in it lets anybody sign in. */
export async function ownData(deps: WebDeps, account: Account): Promise<object> {
  const { id, createdAt, passwordChangedAt, proofing } = account
  const [address, profile, sessions, events, factors, services] = await Promise.all([
    deps.accounts.openAddress(account),
    openProfile(deps, account),
    deps.accountSessions.list(id),
    listEvents(deps, id),
    deps.factors.of(id),
    connectedServices(deps.openid, id),
  ])
  return {
    address,
    createdAt: iso(createdAt),
    passwordChangedAt: iso(passwordChangedAt),
    identity: proofing ? { ...proofing, at: iso(proofing.at) } : null,
    profile: profile ? ofThePerson(profile) : null,
    waysToSignIn: factors.map(({ kind, name, addedAt, lastUsedAt }) => ({
      kind,
      name,
      addedAt: iso(addedAt),
      lastUsedAt: iso(lastUsedAt),
    })),
    connectedServices: services.map(({ name, attributes, since }) => ({
      name,
      mayLearn: attributes,
      since: since.toISOString(),
    })),
    devices: sessions.map(({ slot: _slot, signedInAt, seenAt, ...names }) => ({
      ...names,
      signedInAt: iso(signedInAt),
      seenAt: iso(seenAt),
    })),
    history: events.map(({ at, ...event }) => ({ at: iso(at), ...event })),
  }
}

/** Without what it is found again by. */
function ofThePerson(kept: Profile): object {
  const { verification: _, ssnHashes: __, credentialId: ___, ...details } = kept
  return details
}

const iso = (moment: number | undefined): string | null =>
  moment === undefined ? null : new Date(moment).toISOString()
