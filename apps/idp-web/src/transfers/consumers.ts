import { hash, timingSafeEqual } from 'node:crypto'
import type { Db } from '@anteroom/job-channel'
import { ProblemError } from './problems.ts'

/** The only home of the columns of `web.transfer_consumers`, `web.transfer_keys` and `web.credential_receivers`. */

/** A program of an agency's, and what it may ask for. */
export interface Consumer {
  readonly id: string
  /** Null where a person asks in its name. */
  readonly keyId: string | null
  readonly sourceHosts: readonly string[]
  readonly sourceBuckets: readonly string[]
  readonly destinations: readonly string[]
  readonly pathPrefix: string
  readonly maxBytes: number
  readonly perMinute: number
  /** How many of its transfers may be under way. */
  readonly maxOpen: number
  /** Null if it takes no credentials. */
  readonly credentials: CredentialPlace | null
}

/** Where credentials are put that people send to an agency. */
export interface CredentialPlace {
  /** Of the agency, as people read it. */
  readonly name: string
  readonly destination: string
  readonly folder: string
}

interface Row extends Omit<Consumer, 'maxBytes'> {
  readonly maxBytes: string
  readonly secretHash: string
  readonly isActive: boolean
  readonly isRevoked: boolean
  readonly isExpired: boolean
  readonly wasUsedLately: boolean
}

const keyPattern = /^Bearer +at_([a-z0-9]{16})_([A-Za-z0-9_-]{43})$/i

/**
 * Who asks. Only who has the secret is told that a key was revoked or has expired; for everybody else there is no such key.
 *
 * @throws ProblemError
 */
export async function authenticate(db: Db, authorization: string | undefined): Promise<Consumer> {
  if (authorization === undefined) throw new ProblemError('key-missing')
  const [, keyId = '', secret = ''] = keyPattern.exec(authorization) ?? []
  const row = keyId === '' ? undefined : await readKey(db, keyId)
  // Compared also where there is nothing to compare with: no answer comes sooner than another.
  const isRight = isSecretOf(row?.secretHash ?? '', secret)
  if (!row || !isRight) throw new ProblemError('key-unknown')
  if (row.isRevoked) throw new ProblemError('key-revoked')
  if (row.isExpired) throw new ProblemError('key-expired')
  if (!row.isActive) throw new ProblemError('consumer-disabled')
  if (!row.wasUsedLately) await noteUse(db, keyId)
  return { ...row, maxBytes: Number(row.maxBytes) }
}

function isSecretOf(kept: string, secret: string): boolean {
  const given = Buffer.from(hash('sha256', secret, 'base64url'))
  const wanted = Buffer.from(kept.padEnd(given.length).slice(0, given.length))
  return timingSafeEqual(given, wanted)
}

const scopeColumns = `consumer.id, source_hosts as "sourceHosts", source_buckets as "sourceBuckets", destinations,
  path_prefix as "pathPrefix", max_bytes as "maxBytes", per_minute as "perMinute", max_open as "maxOpen", (
    select jsonb_build_object('name', name, 'destination', destination, 'folder', folder)
    from web.credential_receivers where consumer_id = consumer.id
  ) as credentials`

async function readKey(db: Db, keyId: string): Promise<Row | undefined> {
  const { rows } = await db.query<Row>({
    name: 'transfers.key',
    text: `select ${scopeColumns}, key.id as "keyId", key.secret_hash as "secretHash", consumer.active as "isActive",
        revoked_at is not null as "isRevoked", expires_at <= now() as "isExpired",
        coalesce(last_used_at > now() - interval '1 minute', false) as "wasUsedLately"
      from web.transfer_keys as key join web.transfer_consumers as consumer on consumer.id = key.consumer_id
      where key.id = $1`,
    values: [keyId],
  })
  return rows[0]
}

/** Once a minute is enough to know whether a key is still in use. */
async function noteUse(db: Db, keyId: string): Promise<void> {
  await db.query(
    `update web.transfer_keys set last_used_at = now()
     where id = $1 and (last_used_at is null or last_used_at <= now() - interval '1 minute')`,
    [keyId],
  )
}

/** An agency that takes credentials from people. */
export interface CredentialReceiver extends Consumer {
  readonly credentials: CredentialPlace
  readonly isActive: boolean
}

/** By the names that people read. @param id Of the only one that is looked for. */
export async function credentialReceivers(db: Db, id?: string): Promise<CredentialReceiver[]> {
  const { rows } = await db.query<CredentialReceiver & { maxBytes: string }>(
    `select ${scopeColumns}, active as "isActive"
     from web.transfer_consumers as consumer join web.credential_receivers as receiver on consumer_id = consumer.id
     where $1::text is null or consumer.id = $1 order by receiver.name, consumer.id`,
    [id ?? null],
  )
  return rows.map((row) => ({ ...row, keyId: null, maxBytes: Number(row.maxBytes) }))
}

/** Where a consumer is told how transfers end, and what signs that: sealed, the newest first. */
export interface WebhookPlace {
  readonly url: string
  readonly secrets: readonly string[]
}

export async function webhookOf(db: Db, consumerId: string): Promise<WebhookPlace | undefined> {
  const { rows } = await db.query<{ url: string | null; secrets: string[] }>(
    `select webhook_url as url, array_remove(array[
        webhook_secret, case when webhook_changed_at > now() - interval '1 day' then webhook_secret_before end
      ], null) as secrets
     from web.transfer_consumers where id = $1 and active`,
    [consumerId],
  )
  const [row] = rows
  return row?.url ? { url: row.url, secrets: row.secrets } : undefined
}

/** A key whose time is up, or soon is. */
export interface EndingKey {
  readonly keyId: string
  readonly consumerId: string
  readonly expiresAt: Date
  /** Sealed. */
  readonly email: string | null
}

const endingColumns = `key.id as "keyId", key.consumer_id as "consumerId", key.expires_at as "expiresAt",
  (select email from web.transfer_consumers where id = key.consumer_id) as email`

/** Marks keys that have expired, and names those that were not marked before. */
export async function markExpired(tx: Db): Promise<EndingKey[]> {
  const { rows } = await tx.query<EndingKey>(
    `update web.transfer_keys as key set expired_at = now()
     where expires_at <= now() and revoked_at is null and expired_at is null returning ${endingColumns}`,
  )
  return rows
}

/** Good keys that expire soon and about which nobody was warned. */
export async function expiringKeys(db: Db, days: number): Promise<EndingKey[]> {
  const { rows } = await db.query<EndingKey>(
    `select ${endingColumns} from web.transfer_keys as key
     where expires_at > now() and expires_at <= now() + make_interval(days => $1)
       and revoked_at is null and expired_at is null and warned_at is null`,
    [days],
  )
  return rows
}

/** False if somebody was warned meanwhile. */
export async function markWarned(tx: Db, keyId: string): Promise<boolean> {
  const { rowCount } = await tx.query(
    'update web.transfer_keys set warned_at = now() where id = $1 and warned_at is null',
    [keyId],
  )
  return rowCount === 1
}

export async function countExpiring(db: Db, days: number): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::integer as count from web.transfer_keys
     where expires_at > now() and expires_at <= now() + make_interval(days => $1) and revoked_at is null`,
    [days],
  )
  return rows[0]?.count ?? 0
}
