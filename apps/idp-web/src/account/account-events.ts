import type { Db } from '@anteroom/job-channel'
import type { FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { type ClientNames, clientNames } from './client-names.ts'

/** The only home of the columns of `web.account_events`. */

/** What can happen to an account. */
export const accountEvents = [
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
  'credential-shared',
  'codes-locked',
  'suspended',
  'reinstated',
  'fraud-reported',
  'identity-doubted',
] as const
export type AccountEvent = (typeof accountEvents)[number]

export interface HappenedEvent extends ClientNames {
  readonly event: AccountEvent
  /** Milliseconds since the epoch. */
  readonly at: number
}

/**
 * Call it once for everything that happens, by whoever it is done; `changeAccount` does so for what partners are told of
 * too. Nothing is written of an account that has gone.
 *
 * @param request Absent if it was done by no browser.
 */
export async function recordEvent(
  { db }: { readonly db: Db },
  { accountId, event }: { readonly accountId: string; readonly event: AccountEvent },
  request: FastifyRequest | undefined,
): Promise<void> {
  const { browser, system } = clientNames(request?.headers['user-agent'])
  await db.query(
    `insert into web.account_events (account_id, event, browser, system)
     select id, $2, $3, $4 from web.accounts where id = $1`,
    [accountId, event, browser, system],
  )
}

/** As many as one page shows well. */
const listedEvents = 200

/** The latest first. */
export async function listEvents(
  { db }: Pick<WebDeps, 'db'>,
  accountId: string,
): Promise<readonly HappenedEvent[]> {
  const { rows } = await db.query<Row>(
    `select event, at, browser, system from web.account_events
     where account_id = $1 and event = any ($2) order by at desc, id desc limit $3`,
    [accountId, accountEvents, listedEvents],
  )
  return rows.map(toEvent)
}

/**
 * Whether anything has happened to the account by a browser and a system of these names, as far back as is kept, since it was
 * last reported that somebody else had got in: who was there before then is nobody we know.
 */
export async function isKnownClient(
  { db }: Pick<WebDeps, 'db'>,
  accountId: string,
  { browser, system }: ClientNames,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `select from web.account_events where account_id = $1
       and browser is not distinct from $2 and system is not distinct from $3
       and id > coalesce((
         select max(id) from web.account_events where account_id = $1 and event = 'fraud-reported'
       ), 0) limit 1`,
    [accountId, browser, system],
  )
  return rowCount === 1
}

export async function purgeEvents(db: Db, keptDays: number): Promise<void> {
  await db.query('delete from web.account_events where at < now() - make_interval(days => $1)', [
    keptDays,
  ])
}

interface Row {
  readonly event: AccountEvent
  readonly at: Date
  readonly browser: string | null
  readonly system: string | null
}

function toEvent({ event, at, browser, system }: Row): HappenedEvent {
  return {
    event,
    at: at.getTime(),
    ...(browser !== null && { browser }),
    ...(system !== null && { system }),
  }
}
