-- The job channel: the only way from the web to the worker. The web may execute these functions and read nothing.

create schema channel;
create schema worker;

-- What the worker knows of each job it ever started. It outlives graphile's row, decides who may answer,
-- and holds a finished, sealed outcome until that is pushed.
create table worker.ledger (
  job_id text primary key,
  job text not null,
  state text not null constraint ledger_state_known check (state in ('running', 'waiting', 'done', 'failed')),
  reason text,
  -- Business attempts; starts after a crash do not count.
  attempt integer not null,
  -- Starts, crashes included.
  starts integer not null,
  -- Starts that ended because we stopped, not because anything failed.
  handed_back integer not null default 0,
  -- The latest start's token. Whoever holds an older one has lost the job.
  token bigint not null,
  -- Rises with every report.
  seq integer not null default 0,
  billed integer not null default 0,
  bytes bigint not null default 0,
  next_try timestamptz,
  outcome text,
  outcome_seconds integer,
  enqueued_at timestamptz not null,
  deadline_at timestamptz not null,
  started_at timestamptz not null default clock_timestamp(),
  settled_at timestamptz,
  pushed_at timestamptz
);

-- Sealed text does not get smaller: trying costs more than all the rest of the row.
alter table worker.ledger alter column outcome set storage external;

create index ledger_settled on worker.ledger (settled_at) where settled_at is not null;
create index ledger_unsettled on worker.ledger (deadline_at) where settled_at is null;
create index ledger_unpushed on worker.ledger (settled_at) where settled_at is not null and pushed_at is null;

create sequence worker.tokens cache 100;

-- Puts jobs in the queue and stamps them with the transaction's time. riders: [{ "wire": {…}, "deadlineSeconds": n }, …].
-- A job that is queued already, or that a worker has ever started, is not queued again: repeating a call whose
-- commit is unknown is harmless. What operators order is queued in their own sessions alone: the web may ask for the list
-- of revoked credentials, and put nothing on it. Answers every rider; times are milliseconds since the epoch.
-- The statistics of a queue that is mostly empty mislead the planner, and planning anew costs more than the work:
-- one plan that goes by the indexes is kept.
create function channel.enqueue(riders jsonb)
returns table (job_id text, enqueued_at bigint, deadline_at bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set jit = off
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  stamp constant bigint := floor(extract(epoch from now()) * 1000);
begin
  if not pg_has_role(session_user, 'anteroom_ops', 'member') and exists (
    select from jsonb_to_recordset(riders) as rider (wire jsonb)
    where wire ->> 'job' = 'quota-control'
      or (wire ->> 'job' = 'credential-revocations' and wire #> '{clear,numbers}' is distinct from '[]')
  ) then
    raise exception 'CHANNEL_OPERATORS_JOB' using errcode = 'insufficient_privilege';
  end if;
  perform graphile_worker.add_jobs(array(
    select (
      wire ->> 'job',
      wire || jsonb_build_object('enqueuedAt', stamp, 'deadlineAt', stamp + "deadlineSeconds" * 1000),
      null, null, 10, wire ->> 'id', 0, null
    )::graphile_worker.job_spec
    from jsonb_to_recordset(riders) as rider (wire jsonb, "deadlineSeconds" integer)
    where not exists (select from graphile_worker._private_jobs as queued where queued.key = wire ->> 'id')
      and not exists (select from worker.ledger as known where known.job_id = wire ->> 'id')
  ));
  return query
    select wire ->> 'id', stamp, stamp + "deadlineSeconds" * 1000
    from jsonb_to_recordset(riders) as rider (wire jsonb, "deadlineSeconds" integer);
end;
$$;

-- Takes jobs out of the queue that no worker has ever started, and names those it took.
create function channel.cancel(job_ids text[])
returns setof text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from graphile_worker._private_jobs
  where key = any (job_ids) and locked_at is null and attempts = 0
    and not exists (select from worker.ledger where ledger.job_id = key)
  returning key;
$$;

-- Where to find them: everything else stays with the owner.
revoke all on function channel.enqueue(jsonb), channel.cancel(text[]) from public;
grant usage on schema channel to anteroom_web;
grant execute on function channel.enqueue(jsonb), channel.cancel(text[]) to anteroom_web;

grant usage on schema worker to anteroom_worker;
grant select, insert, update, delete on worker.ledger to anteroom_worker;
grant usage on sequence worker.tokens to anteroom_worker;

-- graphile-worker protects its tables by row level security without policies, for their owner alone.
-- The worker is not the owner: it may work on rows, never on the schema.
grant usage on schema graphile_worker to anteroom_worker;
grant select on graphile_worker.migrations to anteroom_worker;
grant select, insert, update, delete on all tables in schema graphile_worker to anteroom_worker;
revoke insert, update, delete on graphile_worker.migrations from anteroom_worker;
grant usage on all sequences in schema graphile_worker to anteroom_worker;
create policy worker_works on graphile_worker._private_jobs to anteroom_worker using (true) with check (true);
create policy worker_works on graphile_worker._private_job_queues to anteroom_worker using (true) with check (true);
create policy worker_works on graphile_worker._private_tasks to anteroom_worker using (true) with check (true);
create policy worker_works on graphile_worker._private_known_crontabs to anteroom_worker using (true) with check (true);
