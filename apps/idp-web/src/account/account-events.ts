import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { clientNames } from './client-names.ts'

/** What can happen to an account, as its history names it. */
const accountEvents = ['service-connected', 'service-revoked'] as const
export type AccountEvent = (typeof accountEvents)[number]

/** Call it once for each happening. */
export async function recordEvent(
  { db }: Pick<WebDeps, 'db'>,
  { accountId, event }: { readonly accountId: string; readonly event: AccountEvent },
  request: FastifyRequest,
): Promise<void> {
  const { browser, system } = clientNames(request.headers['user-agent'])
  await db.query(
    'insert into web.account_events (account_id, event, browser, system) values ($1, $2, $3, $4)',
    [accountId, event, browser, system],
  )
}
