import type { FastifyRequest } from 'fastify'
import { recordEvent } from '../account/account-events.ts'
import type { Account } from '../account/accounts.ts'
import { clientNames } from '../account/client-names.ts'
import type { WebDeps } from '../deps.ts'
import type { FactorKind } from './factors.ts'

interface Change {
  readonly event: 'factor-added' | 'factor-removed' | 'backup-codes-made'
  readonly kind: FactorKind
}

/** What guards an account has changed: it stands in the account's history, and its owner is sent word of it. */
export async function tellOwner(
  deps: WebDeps,
  { account, request }: { readonly account: Account; readonly request: FastifyRequest },
  { event, kind }: Change,
): Promise<void> {
  await recordEvent(deps, { accountId: account.id, event }, request)
  await deps.sendMail({
    to: await deps.accounts.openAddress(account),
    template: event === 'factor-removed' ? 'factor-removed' : 'factor-added',
    link: new URL('/account/factors', deps.config.publicUrl).href,
    values: { factor: kind, ...clientNames(request.headers['user-agent']) },
  })
}
