import type { FailureReason } from '@anteroom/job-contracts'
import type pg from 'pg'
import { withClient } from '../../support/with-client.ts'
import type { AttemptRow, LeaseEvent, LedgerEvent, QuestionRow } from '../history.ts'

/**
 * Triggers that only these runs have: they note every claim of a queue row, every change of the worker's ledger and of
 * its leases, and every attempt the web reserves, with the connection's application name, by which the harness knows
 * which life of which process it was.
 */
const auditSql = `
create schema faults;
create table faults.ledger_events (
  at timestamptz, worker text, job_id text, state text, starts integer, settled_at timestamptz
);
create index on faults.ledger_events (job_id);
create table faults.lease_events (at timestamptz, worker text, what text, lease text);
create table faults.attempts (id text, person text, job_id text, job text, enqueued_at timestamptz, deadline_at timestamptz);

create function faults.note_ledger() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into faults.ledger_events
  values (clock_timestamp(), current_setting('application_name'), new.job_id, new.state, new.starts, new.settled_at);
  return null;
end $$;
create trigger note_ledger after insert or update of state, token on worker.ledger
for each row execute function faults.note_ledger();

create function faults.note_claim() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into faults.ledger_events
  values (clock_timestamp(), current_setting('application_name'), new.key, 'claimed', 0, null);
  return null;
end $$;
create trigger note_claim after update of locked_by on graphile_worker._private_jobs
for each row when (new.locked_by is not null and new.key is not null) execute function faults.note_claim();

create function faults.note_lease() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into faults.lease_events values (
    clock_timestamp(), current_setting('application_name'), tg_op, coalesce(new.worker_id, old.worker_id)
  );
  return null;
end $$;
create trigger note_lease after insert or delete on worker.leases
for each row execute function faults.note_lease();

create function faults.note_attempt() returns trigger
language plpgsql security definer set search_path = pg_catalog as $$
begin
  insert into faults.attempts values (new.id, new.person, new.job_id, new.job, new.enqueued_at, new.deadline_at);
  return null;
end $$;
create trigger note_attempt after insert on web.attempts
for each row execute function faults.note_attempt();`

export async function installAudit(adminUrl: string): Promise<void> {
  await withClient(adminUrl, (client) => client.query(auditSql))
}

/** Which lives of workers have begun jobs and not ended them. */
export async function readBusy(adminUrl: string): Promise<ReadonlySet<string>> {
  const rows = await withClient(adminUrl, async (client) => {
    const found = await client.query<{ worker: string }>(
      `select distinct holder.worker from worker.ledger,
         lateral (
           select worker from faults.ledger_events as noted
           where noted.job_id = ledger.job_id order by at desc limit 1
         ) as holder
       where settled_at is null and state = 'running'`,
    )
    return found.rows
  })
  return new Set(rows.map(({ worker }) => worker))
}

/** What the database knows at the end of a run. */
export interface Records {
  readonly attempts: AttemptRow[]
  readonly ledger: LedgerEvent[]
  readonly questions: QuestionRow[]
  readonly leases: LeaseEvent[]
  readonly left: {
    readonly queueRows: string[]
    readonly ledgerOutcomes: string[]
    readonly replies: string[]
  }
}

export function readRecords(adminUrl: string): Promise<Records> {
  return withClient(adminUrl, async (client) => ({
    attempts: await readAttempts(client),
    ledger: await readLedger(client),
    questions: await readQuestions(client),
    leases: await readLeases(client),
    left: {
      queueRows: await ids(client, 'select key as id from graphile_worker._private_jobs'),
      ledgerOutcomes: await ids(
        client,
        'select job_id as id from worker.ledger where outcome is not null',
      ),
      replies: await ids(
        client,
        'select distinct job_id as id from worker.vendor_calls where reply is not null',
      ),
    },
  }))
}

const ms = (column: string) => `extract(epoch from ${column})::float8 * 1000`

async function readAttempts(client: pg.Client): Promise<AttemptRow[]> {
  const { rows } = await client.query<AttemptRow & { reason: FailureReason | null }>(
    `select noted.person as "deviceHash", noted.job_id as "jobId", noted.job,
       ${ms('noted.enqueued_at')} as "enqueuedAt", ${ms('noted.deadline_at')} as "deadlineAt",
       coalesce(state, 'missing') as state, reason, coalesce(billed, 0) as billed,
       (select count(*)::integer from web.limit_uses where attempt_id = noted.id and not lasting) as uses
     from faults.attempts as noted left join web.attempts as attempt using (id)`,
  )
  return rows.map((row) => ({ ...row, reason: row.reason ?? undefined }))
}

async function readLedger(client: pg.Client): Promise<LedgerEvent[]> {
  const { rows } = await client.query<LedgerEvent & { settledAt: number | null }>(
    `select ${ms('at')} as at, worker, job_id as "jobId", state, starts, ${ms('settled_at')} as "settledAt"
     from faults.ledger_events order by at`,
  )
  return rows.map((row) => ({ ...row, settledAt: row.settledAt ?? undefined }))
}

async function readQuestions(client: pg.Client): Promise<QuestionRow[]> {
  const { rows } = await client.query<QuestionRow & { answeredAt: number | null }>(
    `select job_id as "jobId", vendor, ${ms('answered_at')} as "answeredAt" from worker.vendor_calls`,
  )
  return rows.map((row) => ({ ...row, answeredAt: row.answeredAt ?? undefined }))
}

async function readLeases(client: pg.Client): Promise<LeaseEvent[]> {
  const { rows } = await client.query<LeaseEvent>(
    `select ${ms('at')} as at, worker, lower(what) as what, lease from faults.lease_events order by at`,
  )
  return rows
}

async function ids(client: pg.Client, text: string): Promise<string[]> {
  const { rows } = await client.query<{ id: string }>(text)
  return rows.map(({ id }) => id)
}
