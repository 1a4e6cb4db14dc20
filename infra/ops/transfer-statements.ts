import type { Db } from '@anteroom/job-channel'

/** The functions and columns about transfers that operators may use. */

export async function saveConsumer(
  db: Db,
  actor: string,
  { consumer, isNew }: { readonly consumer: object; readonly isNew: boolean },
): Promise<void> {
  const values = [actor, JSON.stringify(consumer), isNew]
  await db.query('select ops.save_transfer_consumer($1, $2, $3)', values)
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
