import { randomBytes } from 'node:crypto'
import type pg from 'pg'

/** What must never be shown to operators. */
export const canary = 'c4n4ry-sealed-text'

export const newId = (): string => randomBytes(32).toString('base64url')

/** A row of the queue as the web writes one, but for what is in it: that does not open. */
export async function putJob(
  admin: pg.Pool,
  {
    job = 'risc-delivery',
    inSeconds = 0,
    forSeconds = 600,
    clear = { partner: 'library', event: 'password-reset' },
  }: {
    readonly job?: string
    readonly inSeconds?: number
    readonly forSeconds?: number
    readonly clear?: object
  } = {},
): Promise<string> {
  const id = newId()
  const now = Date.now()
  const wire = {
    v: 1,
    id,
    job,
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    clear: { ...clear, secret: canary },
    sealed: canary,
    enqueuedAt: now,
    deadlineAt: now + forSeconds * 1000,
  }
  await admin.query(
    `select graphile_worker.add_job($1, $2, job_key => $3, max_attempts => 10, run_at => now() + make_interval(secs => $4))`,
    [job, JSON.stringify(wire), id, inSeconds],
  )
  return id
}

/** Somebody has taken the job. With `beats`, it has a lease that lately was alive. */
export async function holdJob(
  admin: pg.Pool,
  jobId: string,
  { worker, beats }: { readonly worker: string; readonly beats: boolean },
): Promise<void> {
  await admin.query(
    'update graphile_worker._private_jobs set locked_at = now(), locked_by = $2, attempts = 1 where key = $1',
    [jobId, worker],
  )
  if (!beats) return
  await admin.query(
    'insert into worker.leases (worker_id) values ($1) on conflict (worker_id) do update set heartbeat_at = clock_timestamp()',
    [worker],
  )
}

/** The ledger knows the job, in some state. */
export async function enterJob(
  admin: pg.Pool,
  jobId: string,
  {
    job = 'risc-delivery',
    state,
    reason = null,
    code = null,
  }: {
    readonly job?: string
    readonly state: 'running' | 'waiting' | 'done' | 'failed'
    readonly reason?: string | null
    readonly code?: string | null
  },
): Promise<void> {
  await admin.query(
    `insert into worker.ledger (job_id, job, state, reason, code, attempt, starts, token, enqueued_at, deadline_at, outcome, settled_at, pushed_at)
     values ($1, $2, $3, $4, $5, 1, 1, nextval('worker.tokens'), now(), now() + interval '10 minutes', $6,
       case when $3 in ('done', 'failed') then clock_timestamp() end, case when $3 in ('done', 'failed') then clock_timestamp() end)`,
    [jobId, job, state, reason, code, canary],
  )
}

/** A job that failed and is kept. */
export async function putDeadLetter(
  admin: pg.Pool,
  {
    partner = 'library',
    clear = { partner, event: 'password-reset' },
  }: { readonly partner?: string; readonly clear?: object } = {},
): Promise<string> {
  const id = newId()
  await enterJob(admin, id, { state: 'failed', reason: 'rejected-input', code: 'PUSH_GONE' })
  const now = Date.now()
  const wire = {
    v: 1,
    id,
    job: 'risc-delivery',
    traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
    clear,
    sealed: canary,
    enqueuedAt: now,
    deadlineAt: now + 600_000,
  }
  await admin.query(
    `insert into worker.dead_letters (job_id, job, wire, reason, code, facts, purge_at)
     values ($1, 'risc-delivery', $2, 'rejected-input', 'PUSH_GONE', '{"status": 410}', now() + interval '30 days')`,
    [id, JSON.stringify(wire)],
  )
  return id
}
