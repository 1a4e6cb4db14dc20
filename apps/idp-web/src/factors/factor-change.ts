import type { FastifyRequest } from 'fastify'
import type { Account } from '../account/accounts.ts'
import type { AccountChange } from '../account/change-account.ts'
import { tellOwner } from '../account/tell-owner.ts'
import type { WebDeps } from '../deps.ts'
import { happeningsOf } from '../security-events/happenings-of.ts'
import type { CredentialChange } from '../security-events/security-events.ts'
import type { FactorKind } from './factors.ts'

export interface FactorChange {
  readonly event: 'factor-added' | 'factor-removed' | 'backup-codes-made'
  readonly kind: FactorKind
  readonly change: CredentialChange['change']
  /** Of a passkey: how it can be reached. */
  readonly transports?: readonly string[] | undefined
}

/** What is said, in its history and to partners, when what guards an account changes. */
export function factorChange(
  { account, request }: { readonly account: Account; readonly request: FastifyRequest },
  { event, kind, change, transports }: FactorChange,
): AccountChange {
  const credential = credentialOf(kind, transports)
  const happenings = happeningsOf(event, { credential: { credential, change } })
  return { accountId: account.id, event, request, happenings }
}

function credentialOf(
  kind: FactorKind,
  transports: readonly string[] = [],
): CredentialChange['credential'] {
  switch (kind) {
    case 'passkey':
      return transports.includes('internal') ? 'fido2-platform' : 'fido2-roaming'
    case 'totp':
      return 'app'
    case 'backup-codes':
      return 'backup-codes'
  }
}

/** Sends the owner word of a change that was made. */
export async function tellOfFactorChange(
  deps: WebDeps,
  by: { readonly account: Account; readonly request: FastifyRequest },
  { event, kind }: Pick<FactorChange, 'event' | 'kind'>,
): Promise<void> {
  const template = event === 'factor-removed' ? 'factor-removed' : 'factor-added'
  await tellOwner(deps, by, { template, page: '/account/factors', values: { factor: kind } })
}
