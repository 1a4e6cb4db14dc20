import type { Db, JobRider } from '@anteroom/job-channel'
import type { Resigned, RevocationReason } from './command.ts'

/** Functions in the schema `ops` that these commands alone call. Those that the console calls, too, are in `@anteroom/operations`. */

/** Enqueues it with the next revision, and with what an order before it says that the worker may not have done yet. */
export async function orderQuota(db: Db, actor: string, rider: JobRider): Promise<void> {
  await db.query('select ops.order_quota($1, $2)', [actor, JSON.stringify(rider)])
}

export async function revokeCredentials(
  db: Db,
  actor: string,
  { rider, reason }: { readonly rider: JobRider; readonly reason: RevocationReason },
): Promise<void> {
  const values = [actor, JSON.stringify(rider), reason]
  await db.query('select ops.revoke_credentials($1, $2, $3)', values)
}

/** Dead security events that the web signs anew. */
export async function resignEvents(
  db: Db,
  actor: string,
  { partner, jtis, since }: Resigned,
): Promise<void> {
  const values = [actor, partner ?? null, jtis ?? null, since ?? null]
  await db.query('select ops.resign_security_events($1, $2, $3, $4)', values)
}

/** Whether it was not so before. */
export async function holdEvents(
  db: Db,
  actor: string,
  { partner, hold }: { readonly partner: string; readonly hold: boolean },
): Promise<boolean> {
  const { rows } = await db.query<{ done: boolean }>(
    'select ops.hold_security_events($1, $2, $3) as done',
    [actor, partner, hold],
  )
  return rows[0]?.done === true
}

/** Whose account is named by its id, or by its address, sealed. */
export type NamedAccount = { readonly account: string } | { readonly address: string }

export async function orderAccount(
  db: Db,
  actor: string,
  ordered: NamedAccount & { readonly id: string; readonly wish: 'suspend' | 'reinstate' },
): Promise<void> {
  await db.query('select ops.order_account($1, $2)', [actor, JSON.stringify(ordered)])
}

export interface AccountOrderState {
  /** Null while the web has not ended it. */
  readonly outcome: 'done' | 'unknown' | null
  /** The account's id, if it is known. */
  readonly account: string | null
}

export async function accountOrder(db: Db, id: string): Promise<AccountOrderState | undefined> {
  const { rows } = await db.query<AccountOrderState>(
    'select outcome, account from ops.account_order($1)',
    [id],
  )
  return rows[0]
}

/** Those that no credential has. */
export async function unknownNumbers(db: Db, numbers: readonly string[]): Promise<string[]> {
  const { rows } = await db.query<{ number: string }>(
    'select number from ops.unknown_numbers($1) as number',
    [numbers],
  )
  return rows.map(({ number }) => number)
}

/** Whether the web serves a list with all of them. */
export async function isRevocationServed(db: Db, numbers: readonly string[]): Promise<boolean> {
  const { rows } = await db.query<{ served: boolean }>(
    'select ops.is_revocation_served($1) as served',
    [numbers],
  )
  return rows[0]?.served === true
}

export interface JobState {
  readonly state: 'running' | 'waiting' | 'done' | 'failed'
  readonly reason: string | null
}

/** Undefined while no worker has begun the job. */
export async function jobState(db: Db, jobId: string): Promise<JobState | undefined> {
  const { rows } = await db.query<JobState>('select state, reason from ops.job_state($1)', [jobId])
  return rows[0]
}
