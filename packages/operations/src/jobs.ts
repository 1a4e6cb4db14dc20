import type { Db } from '@anteroom/job-channel'
import { type Place, pageOf, placeOf } from './place.ts'

/**
 * `ready`: a worker may take it now. `running`: one has. `scheduled`: it is put off. `done` and `failed`: as the ledger
 * has it for a month.
 */
export const jobStates = ['ready', 'running', 'scheduled', 'failed', 'done'] as const
export type JobState = (typeof jobStates)[number]

export interface JobSummary {
  readonly job_id: string
  readonly job: string
  /** Since when it is ready or runs, when it is to begin, or when it ended. */
  readonly at: Date
  readonly attempt: number
  readonly reason: string | null
  readonly code: string | null
  readonly worker_id: string | null
  readonly deadline_at: Date | null
}

export interface ListedJobs {
  readonly jobs: readonly JobSummary[]
  /** Undefined if there are no more. */
  readonly next: Place | undefined
}

export interface WantedJobs {
  readonly state: JobState
  /** The task's name; all without it. */
  readonly job?: string | undefined
  readonly after?: Place | undefined
  readonly atMost: number
}

/** Those that wait or run oldest first, those that have ended latest first. */
export async function jobsIn(
  db: Db,
  { state, job, after, atMost }: WantedJobs,
): Promise<ListedJobs> {
  const { rows } = await db.query<JobSummary & { place: string }>(
    `select *, ${placeOf('at')} as place from ops.jobs($1, $2, $3, $4, $5)`,
    [state, job ?? null, after?.at ?? null, after?.id ?? null, atMost + 1],
  )
  const page = pageOf(rows, atMost)
  return { jobs: page.rows, next: page.next }
}

/** What is known of one job. Nothing of what is sealed, and nothing of its payload. */
export interface JobFacts {
  readonly job_id: string
  readonly job: string
  /** As the ledger has it; null while no worker has begun it. */
  readonly state: 'running' | 'waiting' | 'done' | 'failed' | null
  readonly reason: string | null
  /** Of the latest attempt that failed. */
  readonly code: string | null
  readonly attempt: number | null
  /** Starts, crashes included. */
  readonly starts: number | null
  readonly handed_back: number | null
  readonly billed: number | null
  readonly enqueued_at: Date | null
  readonly deadline_at: Date | null
  readonly started_at: Date | null
  readonly next_try: Date | null
  readonly settled_at: Date | null
  readonly pushed_at: Date | null
  /** Null if it is not in the queue. `spent`: the queue gives it no more starts. */
  readonly queue_state: 'ready' | 'running' | 'scheduled' | 'spent' | null
  readonly run_at: Date | null
  readonly locked_at: Date | null
  readonly worker_id: string | null
  /** Null if nobody holds it, or its holder has no lease. */
  readonly heartbeat_at: Date | null
  /** Others of its stream come first. */
  readonly stands_behind: boolean
  readonly is_dead_letter: boolean
  /** Database time. */
  readonly now: Date
}

export async function jobFacts(db: Db, jobId: string): Promise<JobFacts | undefined> {
  const { rows } = await db.query<JobFacts>('select * from ops.job($1)', [jobId])
  return rows[0]
}

export interface JobCall {
  readonly vendor: string
  readonly asked_at: Date
  /** Null if nobody saw an answer. */
  readonly answered_at: Date | null
}

export async function jobCalls(db: Db, jobId: string): Promise<JobCall[]> {
  const { rows } = await db.query<JobCall>('select * from ops.job_calls($1)', [jobId])
  return rows
}
