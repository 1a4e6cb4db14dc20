import { randomBytes } from 'node:crypto'
import type { Job, PackedJob } from '@anteroom/job-contracts'
import type { Db } from './database.ts'

/** A job id: 256 random bits, base64url. It is never shown and never in a URL. */
export function newJobId(): string {
  return randomBytes(32).toString('base64url')
}

/** A packed job as the database function takes it. */
export interface JobRider {
  readonly wire: PackedJob
  readonly deadlineSeconds: number
}

export function toJobRider(job: Job, wire: PackedJob): JobRider {
  return { wire, deadlineSeconds: job.deadlineSeconds }
}

/** When the database took the job, and until when it may answer: milliseconds since the epoch, database time. */
export interface Enqueued {
  readonly jobId: string
  readonly enqueuedAt: number
  readonly deadlineAt: number
}

/**
 * Puts jobs in the queue. Call it inside the transaction that saves what they belong to: the jobs exist only if that does.
 * Harmless to repeat: a job that is already queued or was ever started is not queued again.
 */
export async function enqueueJobs(tx: Db, riders: readonly JobRider[]): Promise<Enqueued[]> {
  const { rows } = await tx.query<{ job_id: string; enqueued_at: string; deadline_at: string }>({
    name: 'channel.enqueue',
    text: 'select job_id, enqueued_at, deadline_at from channel.enqueue($1)',
    values: [JSON.stringify(riders)],
  })
  return rows.map((row) => ({
    jobId: row.job_id,
    enqueuedAt: Number(row.enqueued_at),
    deadlineAt: Number(row.deadline_at),
  }))
}

/** Asks the worker to end transfers that it has begun, and names those that are not over yet. It looks when it can. */
export async function askToStop(tx: Db, jobIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ job_id: string }>(
    'select job_id from channel.ask_to_stop($1) as job_id',
    [jobIds],
  )
  return rows.map((row) => row.job_id)
}

/** Takes jobs out of the queue that no worker has claimed yet, and names those it took. */
export async function cancelJobs(tx: Db, jobIds: readonly string[]): Promise<string[]> {
  const { rows } = await tx.query<{ job_id: string }>(
    'select job_id from channel.cancel($1) as job_id',
    [jobIds],
  )
  return rows.map((row) => row.job_id)
}
