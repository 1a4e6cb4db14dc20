import type { Db } from '@anteroom/job-channel'
import { ProblemError } from './problems.ts'

/** The only home of the columns of `web.transfer_requests`. */

/** A request that has named itself: keyed hashes of the name and of what it asks for, newest key first. */
export interface NamedRequest {
  readonly consumerId: string
  readonly keyHashes: readonly string[]
  readonly fingerprints: readonly string[]
}

export interface Answered {
  readonly transferId: string
  readonly status: number
}

/** How long a name is remembered. */
const keptHours = 48

/**
 * What was answered to this very request before; undefined for a new one.
 *
 * @throws ProblemError `idempotency-key-reused`
 */
export async function answeredBefore(
  db: Db,
  { consumerId, keyHashes, fingerprints }: NamedRequest,
): Promise<Answered | undefined> {
  const { rows } = await db.query<Answered & { fingerprint: string }>(
    `select transfer_id as "transferId", status, fingerprint from web.transfer_requests
     where consumer_id = $1 and key_hash = any ($2) and requested_at > now() - make_interval(hours => $3)`,
    [consumerId, keyHashes, keptHours],
  )
  const [row] = rows
  if (!row) return undefined
  if (!fingerprints.includes(row.fingerprint)) throw new ProblemError('idempotency-key-reused')
  return row
}

/**
 * Until the transaction ends nobody else answers a request of this name.
 *
 * @throws ProblemError `in-flight` if somebody does already
 */
export async function claimName(tx: Db, { consumerId, keyHashes }: NamedRequest): Promise<void> {
  const { rows } = await tx.query<{ mine: boolean }>(
    'select pg_try_advisory_xact_lock(hashtextextended($1, 0)) as mine',
    [`transfer-request/${consumerId}/${keyHashes.at(-1)}`],
  )
  if (rows[0]?.mine !== true) throw new ProblemError('in-flight', { retryAfterSeconds: 1 })
}

export async function rememberAnswer(
  tx: Db,
  { consumerId, keyHashes, fingerprints }: NamedRequest,
  { transferId, status }: Answered,
): Promise<void> {
  await tx.query(
    `insert into web.transfer_requests (consumer_id, key_hash, fingerprint, transfer_id, status)
     values ($1, $2, $3, $4, $5)
     on conflict (consumer_id, key_hash) do update
       set fingerprint = excluded.fingerprint, transfer_id = excluded.transfer_id, status = excluded.status, requested_at = now()`,
    [consumerId, keyHashes[0], fingerprints[0], transferId, status],
  )
}

export async function purgeRequests(tx: Db): Promise<void> {
  await tx.query(
    'delete from web.transfer_requests where requested_at < now() - make_interval(hours => $1)',
    [keptHours],
  )
}
