-- Jobs that come in order, and jobs that nobody could do and an operator may yet have done.

-- The code of the latest attempt that failed. One more try is worth it with some failures, and no third.
alter table worker.ledger add column code text;

-- One row for each job that names a stream: in one stream none begins before those ahead of it have ended for good.
-- Kept as long as the ledger, so that it can be said what was delivered after a job that is dead.
create table worker.ordered_jobs (
  job_id text primary key,
  -- A keyed hash: it names nobody.
  stream text not null,
  seq bigint generated always as identity,
  -- From then on nobody waits for it, whatever has become of it.
  deadline_at timestamptz not null
);

create index ordered_jobs_of_stream on worker.ordered_jobs (stream, seq);
create index ordered_jobs_by_deadline on worker.ordered_jobs (deadline_at);

-- Jobs that failed and whose contract says so are kept here, sealed as they were, until they are queued again, thrown away,
-- or too old.
create table worker.dead_letters (
  job_id text primary key,
  job text not null,
  -- The queue row as it was.
  wire jsonb not null,
  -- Why the ledger says that it failed, and the code of the last failure.
  reason text not null,
  code text not null,
  -- What more is known of it: numbers and words from closed lists.
  facts jsonb not null,
  -- From then on it is of no use to anybody, if that is known.
  useless_at timestamptz,
  died_at timestamptz not null default clock_timestamp(),
  purge_at timestamptz not null
);

-- Sealed text does not get smaller.
alter table worker.dead_letters alter column wire set storage external;

create index dead_letters_by_age on worker.dead_letters (died_at);
create index dead_letters_to_purge on worker.dead_letters (purge_at);

-- As before; a job that names a stream takes its place in it, in the order of the riders, and comes after jobs that people
-- wait for. Who enqueues several of one stream at
-- once must lock what they are about, so that their places are in the order of commits.
create or replace function channel.enqueue(riders jsonb)
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
  insert into worker.ordered_jobs (job_id, stream, deadline_at)
  select rider -> 'wire' ->> 'id', rider #>> '{wire,clear,stream}',
    now() + make_interval(secs => (rider ->> 'deadlineSeconds')::integer)
  from jsonb_array_elements(riders) with ordinality as riding (rider, place)
  where rider #>> '{wire,clear,stream}' is not null
  order by place
  on conflict do nothing;
  perform graphile_worker.add_jobs(array(
    select (
      wire ->> 'job',
      wire || jsonb_build_object('enqueuedAt', stamp, 'deadlineAt', stamp + "deadlineSeconds" * 1000),
      null, null, 10, wire ->> 'id', case when wire #>> '{clear,stream}' is null then 0 else 10 end, null
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

-- Those a job stands behind have not ended for good. A job that was taken out of the queue or never begun is waited for
-- until its deadline.
create function worker.stands_behind(wanted text)
returns boolean
language sql stable set search_path = pg_catalog, pg_temp as $$
  select exists (
    select from worker.ordered_jobs as mine
    join worker.ordered_jobs as ahead on ahead.stream = mine.stream and ahead.seq < mine.seq
    left join worker.ledger on ledger.job_id = ahead.job_id
    where mine.job_id = wanted and ahead.deadline_at > clock_timestamp()
      and coalesce(ledger.state in ('running', 'waiting'), true)
  )
$$;

-- The next in the streams of these jobs may begin now, if it stands behind nobody any more. How many there were; workers are told.
create function worker.let_next_begin(ended text[])
returns integer
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  woken integer;
begin
  with next as (
    select distinct on (behind.stream) behind.job_id
    from worker.ordered_jobs as mine
    join worker.ordered_jobs as behind on behind.stream = mine.stream
    left join worker.ledger on ledger.job_id = behind.job_id
    where mine.job_id = any (ended) and behind.deadline_at > clock_timestamp()
      and coalesce(ledger.state in ('running', 'waiting'), true)
    order by behind.stream, behind.seq
  )
  update graphile_worker._private_jobs as queued set run_at = clock_timestamp()
  from next
  where queued.key = next.job_id and queued.locked_at is null and queued.run_at > clock_timestamp()
    -- What has begun already waits for reasons of its own.
    and not exists (
      select from worker.ledger where ledger.job_id = next.job_id and ledger.next_try > clock_timestamp()
    );
  get diagnostics woken = row_count;
  if woken > 0 then
    perform pg_notify('jobs:insert', json_build_object('r', random(), 'count', woken)::text);
  end if;
  return woken;
end;
$$;

revoke all on function worker.stands_behind(text), worker.let_next_begin(text[]) from public;
grant execute on function worker.stands_behind(text), worker.let_next_begin(text[]) to anteroom_worker;
grant select, insert, update, delete on worker.ordered_jobs, worker.dead_letters to anteroom_worker;

-- Dead letters, oldest first, with what stands readable in them. Wanted: what must be in the readable fields, such as a partner.
-- Overtaken: jobs behind it in its stream that were done since.
create function ops.dead_letters(wanted jsonb, since timestamptz, at_most integer)
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
  order by dead.died_at, dead.job_id
  limit at_most
$$;

-- Queues a dead letter again: the same bytes under the same id, with all its attempts, behind what stands in its stream by now. It
-- gets as much time as it had, and no longer than it is of use. The ledger's reports go on where they were.
-- Answers 'queued', 'useless' if its time has passed, 'gone' if there is no such letter.
create function worker.revive_dead_letter(wanted text)
returns text
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  letter worker.dead_letters;
  stamp constant bigint := floor(extract(epoch from now()) * 1000);
  until bigint;
begin
  select * into letter from worker.dead_letters as dead where dead.job_id = wanted for update;
  if letter.job_id is null then
    return 'gone';
  elsif letter.useless_at <= now() then
    return 'useless';
  end if;
  until := least(
    stamp + (letter.wire ->> 'deadlineAt')::bigint - (letter.wire ->> 'enqueuedAt')::bigint,
    floor(extract(epoch from letter.useless_at) * 1000)
  );
  update worker.ledger set
    state = 'waiting', reason = null, code = null, attempt = 0, starts = 0, handed_back = 0,
    token = nextval('worker.tokens'), next_try = now(), settled_at = null, pushed_at = null, outcome = null,
    enqueued_at = now(), deadline_at = to_timestamp(until / 1000.0)
  where job_id = wanted and state = 'failed';
  if not found then
    return 'gone';
  end if;
  delete from worker.ordered_jobs where job_id = wanted;
  insert into worker.ordered_jobs (job_id, stream, deadline_at)
  select wanted, letter.wire #>> '{clear,stream}', to_timestamp(until / 1000.0)
  where letter.wire #>> '{clear,stream}' is not null;
  perform graphile_worker.add_job(
    letter.job, (letter.wire || jsonb_build_object('enqueuedAt', stamp, 'deadlineAt', until))::json,
    max_attempts => 10, job_key => wanted,
    priority => case when letter.wire #>> '{clear,stream}' is null then 0 else 10 end
  );
  delete from worker.dead_letters where job_id = wanted;
  return 'queued';
end;
$$;

-- Jobs in the order in which they were first to be done.
create function worker.in_order(job_ids text[])
returns setof text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select asked.id from (select distinct unnest(job_ids)) as asked (id)
  left join worker.ordered_jobs as ordered on ordered.job_id = asked.id
  order by ordered.seq nulls first, asked.id
$$;

revoke all on function worker.revive_dead_letter(text), worker.in_order(text[]) from public;

-- Queues dead letters again, and answers each as above.
create function ops.replay_dead_letters(actor text, job_ids text[])
returns table (job_id text, answer text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  wanted text;
  taken text[] := '{}';
begin
  for wanted in select worker.in_order(job_ids) loop
    job_id := wanted;
    answer := worker.revive_dead_letter(wanted);
    if answer = 'queued' then
      taken := taken || wanted;
    end if;
    return next;
  end loop;
  insert into ops.audit (actor, command, arguments)
  select actor, 'dead replay', jsonb_build_object('jobs', taken) where cardinality(taken) > 0;
end;
$$;

-- Throws dead letters away. Names those it threw.
create function ops.discard_dead_letters(actor text, job_ids text[])
returns setof text
language sql security definer set search_path = pg_catalog, pg_temp as $$
  with discarded as (
    delete from worker.dead_letters where job_id = any (job_ids) returning job_id
  ), audited as (
    insert into ops.audit (actor, command, arguments)
    select actor, 'dead discard', jsonb_build_object('jobs', jsonb_agg(job_id)) from discarded having count(*) > 0
  )
  select job_id from discarded
$$;

revoke all on function
  ops.dead_letters(jsonb, timestamptz, integer), ops.replay_dead_letters(text, text[]), ops.discard_dead_letters(text, text[])
from public;
grant execute on function
  ops.dead_letters(jsonb, timestamptz, integer), ops.replay_dead_letters(text, text[]), ops.discard_dead_letters(text, text[])
to anteroom_ops;

-- For the web, on behalf of one partner, and about the events that were for it alone.

-- How the last push of each went that is dead: the code, the partner's status and its registered `err`.
create function channel.dead_events(of_partner text, job_ids text[])
returns table (job_id text, code text, status integer, err text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select dead.job_id, dead.code, (dead.facts ->> 'status')::integer, dead.facts ->> 'err'
  from worker.dead_letters as dead
  where dead.job_id = any (job_ids) and dead.job = 'risc-delivery' and dead.wire #>> '{clear,partner}' = of_partner
$$;

-- Queues dead events again. Answers each: 'queued', also if somebody did so before; 'useless' if its time has passed, and then it
-- is thrown away; 'gone' if there is none for this partner.
create function channel.replay_dead_events(of_partner text, job_ids text[])
returns table (job_id text, answer text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  wanted text;
  taken text[] := '{}';
begin
  for wanted in select worker.in_order(job_ids) loop
    job_id := wanted;
    if exists (
      select from worker.dead_letters as dead
      where dead.job_id = wanted and dead.job = 'risc-delivery' and dead.wire #>> '{clear,partner}' = of_partner
    ) then
      answer := worker.revive_dead_letter(wanted);
      if answer = 'queued' then
        taken := taken || wanted;
      elsif answer = 'useless' then
        delete from worker.dead_letters as dead where dead.job_id = wanted;
      end if;
    else
      answer := case when exists (
        select from worker.ledger
        where ledger.job_id = wanted and ledger.job = 'risc-delivery' and ledger.state <> 'failed'
      ) then 'queued' else 'gone' end;
    end if;
    return next;
  end loop;
  insert into ops.audit (actor, command, arguments)
  select of_partner, 'partner replay', jsonb_build_object('jobs', taken) where cardinality(taken) > 0;
end;
$$;

-- Partners that answered one of these that they want to be told no more.
create function channel.gone_receivers(job_ids text[])
returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select distinct dead.wire #>> '{clear,partner}' from worker.dead_letters as dead
  where dead.job_id = any (job_ids) and dead.job = 'risc-delivery' and dead.facts @> '{"status": 410}'
$$;

revoke all on function channel.dead_events(text, text[]), channel.gone_receivers(text[]),
  channel.replay_dead_events(text, text[]) from public;
grant execute on function channel.dead_events(text, text[]), channel.gone_receivers(text[]),
  channel.replay_dead_events(text, text[]) to anteroom_web;
