import { type Db, inTransaction } from '@anteroom/job-channel'
import type pg from 'pg'

/** The only home of the columns of `worker.credentials`. Days are `YYYY-MM-DD`, moments seconds since the epoch. */
export interface CredentialTable {
  find(credentialId: string): Promise<CredentialRow | undefined>
  /** The row of this credential, old or new. Undefined if another one has the number. */
  keep(entry: NewCredential): Promise<CredentialRow | undefined>
  /** Revokes what has these numbers; what is revoked already stays as it is. */
  revoke(numbers: readonly string[]): Promise<Revoked>
}

export interface NewCredential {
  readonly credentialId: string
  readonly rid: string
  readonly number: string
  readonly validFrom: string
  readonly validUntil: string
}

export interface CredentialRow extends NewCredential {
  readonly issuedAt: number
  readonly revoked: boolean
}

export interface Revoked {
  /** When the list was true. */
  readonly at: number
  /** Of every credential that is revoked and may still be good somewhere, sorted. */
  readonly rids: readonly string[]
  /** The numbers that no credential has. */
  readonly unknown: readonly string[]
}

export function createCredentialTable(pool: pg.Pool): CredentialTable {
  return {
    find: (credentialId) => find(pool, credentialId),
    keep: (entry) => keep(pool, entry),
    revoke: (numbers) => inTransaction(pool, (tx) => revoke(tx, numbers)),
  }
}

async function find(db: Db, credentialId: string): Promise<CredentialRow | undefined> {
  const { rows } = await db.query<CredentialRow>(
    `select credential_id as "credentialId", rid, number,
       valid_from::text as "validFrom", valid_until::text as "validUntil",
       extract(epoch from date_trunc('second', issued_at))::float8 as "issuedAt",
       revoked_at is not null as revoked
     from worker.credentials where credential_id = $1`,
    [credentialId],
  )
  return rows[0]
}

async function keep(db: Db, entry: NewCredential): Promise<CredentialRow | undefined> {
  const { credentialId, rid, number, validFrom, validUntil } = entry
  await db.query(
    `insert into worker.credentials (credential_id, rid, number, valid_from, valid_until)
     values ($1, $2, $3, $4, $5) on conflict do nothing`,
    [credentialId, rid, number, validFrom, validUntil],
  )
  return find(db, credentialId)
}

/** One at a time, so that a list made later also holds what an earlier one does. */
async function revoke(tx: Db, numbers: readonly string[]): Promise<Revoked> {
  await tx.query('lock table worker.credentials in share row exclusive mode')
  const { rows: known } = await tx.query<{ number: string }>(
    `update worker.credentials set revoked_at = coalesce(revoked_at, clock_timestamp())
     where number = any($1) returning number`,
    [numbers],
  )
  const { rows } = await tx.query<{ at: number; rids: string[] }>(
    `select floor(extract(epoch from clock_timestamp()))::float8 as at,
       coalesce(array_agg(rid order by rid), '{}') as rids
     from worker.credentials where revoked_at is not null and not (${isOver})`,
  )
  const found = new Set(known.map(({ number }) => number))
  return {
    at: rows[0]?.at ?? 0,
    rids: rows[0]?.rids ?? [],
    unknown: [...new Set(numbers)].filter((number) => !found.has(number)),
  }
}

/** The last day has ended everywhere, and the day after it as well. */
const isOver = `valid_until < (clock_timestamp() at time zone 'UTC')::date - 2`

export async function purgeCredentials(db: Db): Promise<number> {
  const { rowCount } = await db.query(`delete from worker.credentials where ${isOver}`)
  return rowCount ?? 0
}
