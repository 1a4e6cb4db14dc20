import type { FastifyRequest } from 'fastify'
import { recordEvent } from '../account/account-events.ts'
import type { Account } from '../account/accounts.ts'
import { tellOwner } from '../account/tell-owner.ts'
import type { WebDeps } from '../deps.ts'
import type { FactorKind } from './factors.ts'

interface Change {
  readonly event: 'factor-added' | 'factor-removed' | 'backup-codes-made'
  readonly kind: FactorKind
}

/** What guards an account has changed: it stands in the account's history, and its owner is sent word of it. */
export async function noteFactorChange(
  deps: WebDeps,
  { account, request }: { readonly account: Account; readonly request: FastifyRequest },
  { event, kind }: Change,
): Promise<void> {
  await recordEvent(deps, { accountId: account.id, event }, request)
  const template = event === 'factor-removed' ? 'factor-removed' : 'factor-added'
  const notice = { template, page: '/account/factors', values: { factor: kind } } as const
  await tellOwner(deps, { account, request }, notice)
}
