-- What operators see of the queue and may do to single jobs, and who is signed in to their console. Nothing here answers
-- what is sealed, or any field of a payload but the partner that a delivery is for.

-- By task: what lies in the queue now, what ended in the last hour, what is kept of what failed.
create function ops.queues()
returns table (
  job text, ready bigint, oldest_seconds float8, running bigint, scheduled bigint, done_lately bigint, failed_lately bigint,
  dead bigint
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with queued as (
    select task.identifier as job,
      count(*) filter (where locked_at is null and run_at <= now()) as ready,
      extract(epoch from now() - min(run_at) filter (where locked_at is null and run_at <= now()))::float8 as oldest,
      count(*) filter (where locked_at is not null) as running,
      count(*) filter (where locked_at is null and run_at > now()) as scheduled
    from graphile_worker._private_jobs as row
    join graphile_worker._private_tasks as task on task.id = row.task_id
    where attempts < max_attempts or locked_at is not null
    group by task.identifier
  ), ended as (
    select ledger.job, count(*) filter (where state = 'done') as done, count(*) filter (where state = 'failed') as failed
    from worker.ledger where settled_at > now() - interval '1 hour'
    group by ledger.job
  ), kept as (
    select dead_letters.job, count(*) as dead from worker.dead_letters group by dead_letters.job
  )
  select job, coalesce(queued.ready, 0), queued.oldest, coalesce(queued.running, 0), coalesce(queued.scheduled, 0),
    coalesce(ended.done, 0), coalesce(ended.failed, 0), coalesce(kept.dead, 0)
  from queued full join ended using (job) full join kept using (job)
  order by job
$$;

-- A page of the jobs in one state, of one task or of all: those that wait or run by the moment since or from which they
-- do, oldest first; those that have ended, latest first. It begins behind the job that is named with its moment.
create function ops.jobs(wanted_state text, wanted_job text, after_at timestamptz, after_id text, at_most integer)
returns table (
  job_id text, job text, at timestamptz, attempt integer, reason text, code text, worker_id text, deadline_at timestamptz
)
language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
begin
  if wanted_state in ('done', 'failed') then
    return query
      select ledger.job_id, ledger.job, ledger.settled_at, ledger.attempt, ledger.reason, ledger.code, null::text,
        ledger.deadline_at
      from worker.ledger
      where state = wanted_state and (wanted_job is null or ledger.job = wanted_job) and settled_at is not null
        and (after_at is null or (settled_at, ledger.job_id) < (after_at, after_id))
      order by settled_at desc, ledger.job_id desc limit at_most;
    return;
  end if;
  return query
    select queued.id, queued.identifier, queued.since, coalesce(ledger.attempt, 0), ledger.reason, ledger.code,
      queued.locked_by, to_timestamp((queued.payload ->> 'deadlineAt')::float8 / 1000)
    from (
      select coalesce(key, 'row ' || row.id) as id, task.identifier, payload, locked_by,
        case when wanted_state = 'running' then locked_at else run_at end as since
      from graphile_worker._private_jobs as row
      join graphile_worker._private_tasks as task on task.id = row.task_id
      where case wanted_state
        when 'running' then locked_at is not null
        when 'ready' then locked_at is null and attempts < max_attempts and run_at <= now()
        when 'scheduled' then locked_at is null and attempts < max_attempts and run_at > now()
        else false
      end
    ) as queued
    left join worker.ledger on ledger.job_id = queued.id
    where (wanted_job is null or queued.identifier = wanted_job)
      and (after_at is null or (queued.since, queued.id) > (after_at, after_id))
    order by queued.since, queued.id limit at_most;
end;
$$;

-- Whether whoever holds jobs under this name is dead: there is no lease, or nobody beats and the lock is free, or there was
-- no beat for so long that its owner has given itself up.
create function ops.is_lease_dead(wanted text)
returns boolean
language sql volatile set search_path = pg_catalog, pg_temp as $$
  select not exists (select from worker.leases where worker_id = wanted)
    or exists (
      select from worker.leases where worker_id = wanted and (
        heartbeat_at < clock_timestamp() - interval '10 seconds'
        or (
          heartbeat_at < clock_timestamp() - interval '1.5 seconds'
          and pg_try_advisory_xact_lock(hashtextextended('lease/' || wanted, 0))
        )
      )
    )
$$;

-- What is known of one job: what the ledger says, and what lies in the queue. No row if neither knows it.
create function ops.job(wanted text)
returns table (
  job_id text, job text, state text, reason text, code text, attempt integer, starts integer, handed_back integer,
  billed integer, enqueued_at timestamptz, deadline_at timestamptz, started_at timestamptz, next_try timestamptz,
  settled_at timestamptz, pushed_at timestamptz, queue_state text, run_at timestamptz, locked_at timestamptz,
  worker_id text, heartbeat_at timestamptz, stands_behind boolean, is_dead_letter boolean, now timestamptz
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with queued as (
    select row.key, row.payload, row.run_at, row.locked_at, row.locked_by, row.attempts, row.max_attempts, task.identifier
    from graphile_worker._private_jobs as row
    join graphile_worker._private_tasks as task on task.id = row.task_id
    where row.key = wanted
  ), known as (
    select * from worker.ledger where ledger.job_id = wanted
  )
  select wanted, coalesce(known.job, queued.identifier), known.state, known.reason, known.code, known.attempt, known.starts,
    known.handed_back, known.billed,
    coalesce(known.enqueued_at, to_timestamp((queued.payload ->> 'enqueuedAt')::float8 / 1000)),
    coalesce(known.deadline_at, to_timestamp((queued.payload ->> 'deadlineAt')::float8 / 1000)),
    known.started_at, known.next_try, known.settled_at, known.pushed_at,
    case
      when queued.key is null then null
      when queued.locked_at is not null then 'running'
      when queued.attempts >= queued.max_attempts then 'spent'
      when queued.run_at <= now() then 'ready'
      else 'scheduled'
    end,
    queued.run_at, queued.locked_at, queued.locked_by, leases.heartbeat_at,
    queued.key is not null and worker.stands_behind(wanted),
    exists (select from worker.dead_letters where dead_letters.job_id = wanted),
    clock_timestamp()
  from queued full join known on known.job_id = queued.key
  left join worker.leases on leases.worker_id = queued.locked_by
$$;

-- Which vendors were asked for a job, and when. Not what they said.
create function ops.job_calls(wanted text)
returns table (vendor text, asked_at timestamptz, answered_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select vendor, asked_at, answered_at from worker.vendor_calls where job_id = wanted order by asked_at, vendor
$$;

-- Who is at work, by their leases, and how many rows of the queue they hold. Whoever holds some without a lease has no beat.
create function ops.workers()
returns table (worker_id text, heartbeat_age_seconds float8, jobs bigint, oldest_locked_at timestamptz)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with held as (
    select locked_by as worker_id, count(*) as jobs, min(locked_at) as oldest
    from graphile_worker._private_jobs where locked_by is not null group by locked_by
  )
  select worker_id, extract(epoch from clock_timestamp() - leases.heartbeat_at)::float8, coalesce(held.jobs, 0), held.oldest
  from worker.leases full join held using (worker_id)
  order by worker_id
$$;

-- By partner: what it is told of accounts. Delivered and dead: in the last day.
create function ops.deliveries()
returns table (
  partner text, held bigint, queued bigint, oldest_queued_at timestamptz, delivered_lately bigint, dead_lately bigint,
  last_delivered_at timestamptz, dead_letters bigint
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  with told as (
    select partner,
      count(*) filter (where state = 'held') as held,
      count(*) filter (where state = 'queued') as queued,
      min(queued_at) filter (where state = 'queued') as oldest,
      count(*) filter (where state = 'delivered' and settled_at > now() - interval '1 day') as delivered,
      count(*) filter (where state = 'dead' and settled_at > now() - interval '1 day') as dead,
      max(settled_at) filter (where state = 'delivered') as last
    from web.security_events
    group by partner
  ), kept as (
    select wire #>> '{clear,partner}' as partner, count(*) as letters
    from worker.dead_letters where wire #>> '{clear,partner}' is not null group by 1
  )
  select partner, coalesce(told.held, 0), coalesce(told.queued, 0), told.oldest, coalesce(told.delivered, 0),
    coalesce(told.dead, 0), told.last, coalesce(kept.letters, 0)
  from told full join kept using (partner)
  order by partner
$$;

-- What was done to one job, in the audit.
create function ops.note_job(actor text, command text, wanted text, job text)
returns void
language sql set search_path = pg_catalog, pg_temp as $$
  insert into ops.audit (actor, command, arguments)
  values (actor, command, jsonb_build_object('job', wanted, 'task', job));
$$;

create function ops.wake_worker()
returns void
language sql set search_path = pg_catalog, pg_temp as $$
  select pg_notify('jobs:insert', json_build_object('r', random(), 'count', 1)::text);
$$;

-- A job that waits until later begins as soon as a worker has a place, and is given one more start if it had used up all of
-- the queue's. Whom it stands behind, and whose turn it is at a vendor, is not changed. Answers: 'retried', 'ready' if
-- nothing keeps it from starting, 'running', or 'gone' if it is not in the queue.
create function ops.retry_job(actor text, wanted text)
returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  queued graphile_worker._private_jobs;
begin
  select * into queued from graphile_worker._private_jobs where key = wanted for update;
  if queued.id is null then
    return 'gone';
  elsif queued.locked_at is not null then
    return 'running';
  elsif queued.run_at <= now() and queued.attempts < queued.max_attempts then
    return 'ready';
  end if;
  update graphile_worker._private_jobs as row
  set run_at = now(), attempts = least(row.attempts, row.max_attempts - 1), updated_at = now()
  where row.id = queued.id;
  update worker.ledger set next_try = now() where ledger.job_id = wanted and state = 'waiting';
  perform ops.note_job(actor, 'job retry', wanted, (
    select identifier from graphile_worker._private_tasks where id = queued.task_id
  ));
  perform ops.wake_worker();
  return 'retried';
end;
$$;

-- Ends a job that nobody is at: it has failed as 'cancelled', and its row leaves the queue. The workers' sweep tells whoever
-- waits for it, as it does of whatever was settled and not pushed. It is not kept as a dead letter. Answers: 'discarded',
-- 'running', 'ended' if it had, or 'gone' if nobody knows it.
create function ops.discard_job(actor text, wanted text)
returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  queued graphile_worker._private_jobs;
  known worker.ledger;
  task text;
begin
  select * into queued from graphile_worker._private_jobs where key = wanted for update;
  select * into known from worker.ledger where ledger.job_id = wanted for update;
  if queued.locked_at is not null then
    return 'running';
  elsif known.state in ('done', 'failed') then
    return 'ended';
  elsif queued.id is null and known.job_id is null then
    return 'gone';
  end if;
  select coalesce(known.job, identifier) into task
  from (select) as one left join graphile_worker._private_tasks on id = queued.task_id;
  insert into worker.ledger (job_id, job, state, attempt, starts, token, enqueued_at, deadline_at)
  select wanted, task, 'waiting', 0, 0, nextval('worker.tokens'),
    to_timestamp((queued.payload ->> 'enqueuedAt')::float8 / 1000),
    to_timestamp((queued.payload ->> 'deadlineAt')::float8 / 1000)
  where known.job_id is null;
  update worker.ledger set
    state = 'failed', reason = 'cancelled', code = 'JOB_DISCARDED', token = nextval('worker.tokens'), seq = seq + 1,
    next_try = null, settled_at = clock_timestamp(), outcome_seconds = 60,
    billed = (
      select count(*) from worker.vendor_calls
      where vendor_calls.job_id = ledger.job_id and answered_at is not null
    )
  where ledger.job_id = wanted;
  delete from graphile_worker._private_jobs where id = queued.id;
  perform ops.note_job(actor, 'job discard', wanted, task);
  perform worker.let_next_begin(array[wanted]);
  return 'discarded';
end;
$$;

-- Frees a job whose worker is dead; the next start takes over from there. Workers free such jobs by themselves within
-- seconds: this is for when none of them can. Answers: 'released', 'alive' if its worker is not dead, 'free' if nobody
-- holds it, or 'gone' if it is not in the queue.
create function ops.release_job(actor text, wanted text)
returns text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  queued graphile_worker._private_jobs;
begin
  select * into queued from graphile_worker._private_jobs where key = wanted for update;
  if queued.id is null then
    return 'gone';
  elsif queued.locked_at is null then
    return 'free';
  elsif not ops.is_lease_dead(queued.locked_by) then
    return 'alive';
  end if;
  update graphile_worker._private_jobs as row
  set locked_at = null, locked_by = null, run_at = least(row.run_at, now()), updated_at = now()
  where row.id = queued.id;
  perform ops.note_job(actor, 'job release', wanted, (
    select identifier from graphile_worker._private_tasks where id = queued.task_id
  ));
  perform ops.wake_worker();
  return 'released';
end;
$$;

-- Who is signed in to the console of any worker.
create table ops.console_sessions (
  -- A keyed hash of what the browser holds, of the operator's name and of their password's hash: with either of these
  -- gone, nobody finds the row again.
  id text primary key,
  actor text not null,
  signed_in_at timestamptz not null default now(),
  seen_at timestamptz not null default now()
);

-- Who tried to sign in lately, by a keyed hash of the name that was given.
create table ops.console_guesses (
  whom text not null,
  at timestamptz not null default now()
);

-- Takes one of five tries in a quarter of an hour to sign in under a name, and one of fifty under any. False: there is none.
create function ops.try_console_sign_in(whom text)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('ops.console_guesses', 0));
  delete from ops.console_guesses where at < now() - interval '15 minutes';
  insert into ops.console_guesses (whom)
  select try_console_sign_in.whom where
    (select count(*) from ops.console_guesses) < 50
    and (select count(*) from ops.console_guesses as guess where guess.whom = try_console_sign_in.whom) < 5;
  return found;
end;
$$;

-- The tries that this took are given back.
create function ops.sign_in_to_console(actor text, session text, whom text)
returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  delete from ops.console_guesses as guess where guess.whom = sign_in_to_console.whom;
  delete from ops.console_sessions where signed_in_at < now() - interval '8 hours' or seen_at < now() - interval '15 minutes';
  insert into ops.console_sessions (id, actor) values (session, actor);
  insert into ops.audit (actor, command, arguments) values (actor, 'console sign-in', '{}');
$$;

-- Whether the session lasts: 15 minutes after it was last seen, 8 hours in all. It is seen by this.
create function ops.see_console_session(session text)
returns boolean
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with seen as (
    update ops.console_sessions set seen_at = now()
    where id = session and signed_in_at > now() - interval '8 hours' and seen_at > now() - interval '15 minutes'
    returning id
  )
  select exists (select from seen)
$$;

create function ops.sign_out_of_console(session text)
returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with ended as (
    delete from ops.console_sessions where id = session returning actor
  )
  insert into ops.audit (actor, command, arguments) select actor, 'console sign-out', '{}' from ended;
$$;

revoke all on function
  ops.queues(), ops.jobs(text, text, timestamptz, text, integer), ops.is_lease_dead(text), ops.job(text),
  ops.job_calls(text), ops.workers(), ops.deliveries(), ops.note_job(text, text, text, text), ops.wake_worker(),
  ops.retry_job(text, text), ops.discard_job(text, text), ops.release_job(text, text), ops.try_console_sign_in(text),
  ops.sign_in_to_console(text, text, text), ops.see_console_session(text), ops.sign_out_of_console(text)
from public;
grant execute on function
  ops.queues(), ops.jobs(text, text, timestamptz, text, integer), ops.job(text), ops.job_calls(text), ops.workers(),
  ops.deliveries(), ops.retry_job(text, text), ops.discard_job(text, text), ops.release_job(text, text),
  ops.try_console_sign_in(text), ops.sign_in_to_console(text, text, text), ops.see_console_session(text),
  ops.sign_out_of_console(text)
to anteroom_ops;

-- As before, and in pages: those behind a letter that is named with its moment, which may be gone meanwhile.
drop function ops.dead_letters(jsonb, timestamptz, integer);
create function ops.dead_letters(wanted jsonb, since timestamptz, after_at timestamptz, after_id text, at_most integer)
returns table (
  job_id text, job text, clear jsonb, reason text, code text, facts jsonb, enqueued_at timestamptz, died_at timestamptz,
  useless_at timestamptz, purge_at timestamptz, overtaken bigint
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select dead.job_id, dead.job, dead.wire -> 'clear', dead.reason, dead.code, dead.facts,
    to_timestamp((dead.wire ->> 'enqueuedAt')::float8 / 1000), dead.died_at, dead.useless_at, dead.purge_at,
    (
      select count(*) from worker.ordered_jobs as mine
      join worker.ordered_jobs as behind on behind.stream = mine.stream and behind.seq > mine.seq
      join worker.ledger on ledger.job_id = behind.job_id and ledger.state = 'done'
      where mine.job_id = dead.job_id
    )
  from worker.dead_letters as dead
  where (dead.wire -> 'clear') || jsonb_build_object('job', dead.job, 'id', dead.job_id) @> wanted
    and dead.died_at >= since
    and (after_at is null or (dead.died_at, dead.job_id) > (after_at, after_id))
  order by dead.died_at, dead.job_id
  limit at_most
$$;
revoke all on function ops.dead_letters(jsonb, timestamptz, timestamptz, text, integer) from public;
grant execute on function ops.dead_letters(jsonb, timestamptz, timestamptz, text, integer) to anteroom_ops;
