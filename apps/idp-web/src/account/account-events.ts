import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { clientNames } from './client-names.ts'

/** The only home of the columns of `web.account_events`. */

/** What can happen to an account. */
const accountEvents = [
  'account-created',
  'signed-in',
  'password-changed',
  'address-changed',
  'recovered',
  'session-ended',
  'factor-added',
  'factor-removed',
  'backup-codes-made',
  'service-connected',
  'service-revoked',
  'proofed',
  'profile-kept',
  'profile-removed',
  'data-downloaded',
] as const
type AccountEvent = (typeof accountEvents)[number]

/** Call it once for everything that happens, by whoever it is done. Nothing is written of an account that has gone. */
export async function recordEvent(
  { db }: Pick<WebDeps, 'db'>,
  { accountId, event }: { readonly accountId: string; readonly event: AccountEvent },
  request: FastifyRequest,
): Promise<void> {
  const { browser, system } = clientNames(request.headers['user-agent'])
  await db.query(
    `insert into web.account_events (account_id, event, browser, system)
     select id, $2, $3, $4 from web.accounts where id = $1`,
    [accountId, event, browser, system],
  )
}
