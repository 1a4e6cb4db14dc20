import type { Db } from '@anteroom/job-channel'
import type { WebhookWhich } from './transfer-command.ts'

/** The functions and columns about transfers that operators may use. */

export async function saveConsumer(
  db: Db,
  actor: string,
  { consumer, isNew }: { readonly consumer: object; readonly isNew: boolean },
): Promise<void> {
  const values = [actor, JSON.stringify(consumer), isNew]
  await db.query('select ops.save_transfer_consumer($1, $2, $3)', values)
}

/** @param receiver What is not given stays. */
export async function setReceiver(
  db: Db,
  actor: string,
  { consumer, receiver }: { readonly consumer: string; readonly receiver: object },
): Promise<void> {
  const values = [actor, consumer, JSON.stringify(receiver)]
  await db.query('select ops.set_credential_receiver($1, $2, $3)', values)
}

export interface ListedReceiver {
  readonly consumer: string
  readonly name: string
  readonly destination: string
  readonly folder: string
}

export async function listReceivers(db: Db): Promise<ListedReceiver[]> {
  const { rows } = await db.query<ListedReceiver>('select * from ops.credential_receivers()')
  return rows
}

/** False if there is none. */
export async function setConsumerActive(
  db: Db,
  actor: string,
  { consumer, active }: { readonly consumer: string; readonly active: boolean },
): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    'select ops.set_transfer_consumer_active($1, $2, $3) as found',
    [actor, consumer, active],
  )
  return rows[0]?.found === true
}

export interface NewKey {
  readonly consumer: string
  readonly id: string
  readonly secretHash: string
  readonly days: number
}

/** Until when it is good. */
export async function addKey(db: Db, actor: string, key: NewKey): Promise<Date | undefined> {
  const { rows } = await db.query<{ until: Date }>(
    'select ops.add_transfer_key($1, $2, $3, $4, $5) as until',
    [actor, key.consumer, key.id, key.secretHash, key.days],
  )
  return rows[0]?.until
}

/** False if there is no such key that is still good. */
export async function revokeKey(
  db: Db,
  actor: string,
  { key, inHours }: { readonly key: string; readonly inHours: number },
): Promise<boolean> {
  const { rows } = await db.query<{ found: boolean }>(
    'select ops.revoke_transfer_key($1, $2, $3) as found',
    [actor, key, inHours],
  )
  return rows[0]?.found === true
}

export interface ListedConsumer {
  readonly id: string
  readonly active: boolean
  readonly destinations: readonly string[]
  readonly source_hosts: readonly string[]
  readonly source_buckets: readonly string[]
  readonly path_prefix: string
  readonly max_bytes: string
  readonly per_minute: number
  readonly max_open: number
  readonly webhook_url: string | null
}

export async function listConsumers(db: Db): Promise<ListedConsumer[]> {
  const { rows } = await db.query<ListedConsumer>('select * from ops.transfer_consumers()')
  return rows
}

export interface ListedKey {
  readonly id: string
  readonly created_at: Date
  readonly expires_at: Date
  readonly revoked_at: Date | null
  readonly last_used_at: Date | null
  readonly is_good: boolean
}

export async function listKeys(db: Db, consumer: string): Promise<ListedKey[]> {
  const { rows } = await db.query<ListedKey>('select * from ops.transfer_keys($1)', [consumer])
  return rows
}

/** A message to a consumer that did not arrive yet, or was given up. */
export interface ListedWebhook {
  readonly id: string
  readonly consumer: string
  readonly transfer_id: string
  readonly state: 'queued' | 'waiting' | 'dead'
  readonly round: number
  readonly made_at: Date
  readonly next_round_at: Date | null
  readonly ended_at: Date | null
}

/** The oldest first. */
export async function listWebhooks(
  db: Db,
  consumer: string | undefined,
  atMost: number,
): Promise<ListedWebhook[]> {
  const { rows } = await db.query<ListedWebhook>('select * from ops.transfer_webhooks($1, $2)', [
    consumer ?? null,
    atMost,
  ])
  return rows
}

/** How many of them were dead, and are sent again; of a consumer a thousand at most. */
export async function replayWebhooks(db: Db, actor: string, which: WebhookWhich): Promise<number> {
  const messages = 'messages' in which ? which.messages : null
  const consumer = 'consumer' in which ? which.consumer : null
  const { rowCount } = await db.query('select ops.replay_transfer_webhooks($1, $2, $3)', [
    actor,
    messages,
    consumer,
  ])
  return rowCount ?? 0
}

/** One entry of a chain. */
export interface ChainEntry {
  readonly consumer: string
  readonly number: number
  readonly entry: string
  readonly hash: string
}

/** The next entries behind this one, in the order of consumers and numbers. */
export async function readChains(
  db: Db,
  { consumer, number }: Pick<ChainEntry, 'consumer' | 'number'>,
  count: number,
): Promise<ChainEntry[]> {
  const { rows } = await db.query<ChainEntry>(
    'select consumer, number::float8 as number, entry, hash from ops.transfer_audit($1, $2, $3)',
    [consumer, number, count],
  )
  return rows
}
