import type { Db, JobRider } from '@anteroom/job-channel'
import { z } from 'zod'
import type { RevocationReason } from './command.ts'

/** The only home of the functions and columns in the schema `ops`. */

export async function setLineMode(db: Db, actor: string, mode: 'open' | 'drained'): Promise<void> {
  await db.query('select ops.set_line_mode($1, $2)', [actor, mode])
}

export async function setLineMessage(
  db: Db,
  actor: string,
  message: string | undefined,
): Promise<void> {
  await db.query('select ops.set_line_message($1, $2)', [actor, message ?? null])
}

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

const lineCounts = z.object({
  /** As the web last measured it; null if nobody has ever waited. */
  waiting: z.number().nullable(),
  called: z.number().nullable(),
  parked: z.number().nullable(),
  /** Of somebody who would join now; null while the web does not know it. */
  wait_low_seconds: z.number().nullable(),
  wait_likely_seconds: z.number().nullable(),
  wait_high_seconds: z.number().nullable(),
  measured_at: z.date().nullable(),
  issued_last_minute: z.coerce.number(),
  mode: z.enum(['open', 'drained']),
  message: z.string().nullable(),
  /** Database time. */
  now: z.date(),
})
export type LineCounts = z.output<typeof lineCounts>

export async function lineCountsOf(db: Db): Promise<LineCounts> {
  const { rows } = await db.query('select *, clock_timestamp() as now from ops.line_status()')
  return lineCounts.parse(rows[0])
}

export interface AuditEntry {
  readonly at: Date
  readonly actor: string
  readonly command: string
  readonly arguments: Readonly<Record<string, unknown>>
  readonly job_id: string | null
}

/** Newest first. */
export async function lastAudited(db: Db, count: number): Promise<AuditEntry[]> {
  const { rows } = await db.query<AuditEntry>(
    'select at, actor, command, arguments, job_id from ops.audit order by id desc limit $1',
    [count],
  )
  return rows
}
