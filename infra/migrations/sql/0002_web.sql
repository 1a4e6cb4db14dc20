-- The web's own records. Nothing here says who a person is: ids are random, people are keyed hashes.

create schema web;

-- One row for each time a person asked for a check; advances by the worker's reports.
create table web.attempts (
  id text primary key,
  -- Keyed hash of the signed device cookie; dropped once the attempt can no longer be taken up again.
  person text,
  job text not null,
  job_id text not null unique,
  state text not null default 'reserved'
    constraint attempt_state_known check (state in ('reserved', 'waiting', 'done', 'failed')),
  reason text,
  billed integer not null default 0,
  report_seq integer not null default 0,
  enqueued_at timestamptz not null,
  deadline_at timestamptz not null,
  settled_at timestamptz,
  -- The person has seen the answer, or has gone on without it.
  closed_at timestamptz
);

create index attempts_open on web.attempts (person) where closed_at is null;
create index attempts_unsettled on web.attempts (deadline_at) where settled_at is null;

-- What counts against a limit. Reserved with the attempt, deleted when the attempt is given back.
create table web.limit_uses (
  -- What is limited, and for whom: 'resolution-proofing/person/<hash>'.
  limit_key text not null,
  -- Of an attempt. Not a foreign key: its check would cost more than the row, and both are written by `web.reserve`.
  attempt_id text not null,
  used_at timestamptz not null,
  -- Stays when the attempt is given back.
  lasting boolean not null default false,
  primary key (limit_key, attempt_id)
);

create index limit_uses_in_window on web.limit_uses (limit_key, used_at);
create index limit_uses_of_attempt on web.limit_uses (attempt_id);

-- Until when these limits refuse one more use; null if none does. The max-th latest use inside the window is the one to wait for.
create function web.limited_until(limits jsonb)
returns timestamptz
language sql stable set search_path = pg_catalog, pg_temp as $$
  select max(free_at)
  from jsonb_to_recordset(limits) as rule (key text, max integer, "windowSeconds" integer),
    lateral (
      select used_at + make_interval(secs => rule."windowSeconds") as free_at
      from web.limit_uses
      where limit_key = rule.key and used_at > now() - make_interval(secs => rule."windowSeconds")
      order by used_at desc
      offset rule.max - 1 limit 1
    ) as blocking
$$;

-- Reserves each rider's attempt against its limits and enqueues its job, all in one commit. Never raises for a rider,
-- and answers a repeated rider as before. Answers in rider order; times are milliseconds since the epoch.
-- riders: [{ "attemptId", "person", "wire", "deadlineSeconds", "limits": [{ "key", "max", "windowSeconds", "lasting" }] }, …]
create function web.submit(riders jsonb)
returns table (accepted boolean, enqueued_at bigint, deadline_at bigint, retry_at bigint)
language plpgsql set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off as $$
declare
  rider jsonb;
  known web.attempts;
  refused_until timestamptz;
  admitted jsonb := '[]';
begin
  -- One lock for each limit, taken in one order by everyone.
  perform pg_advisory_xact_lock(lock_id)
  from (
    select distinct hashtextextended(rule ->> 'key', 0) as lock_id
    from jsonb_array_elements(riders) as r, jsonb_array_elements(r -> 'limits') as rule
    order by 1
  ) as locks;

  for rider in select value from jsonb_array_elements(riders) loop
    select * into known from web.attempts where id = rider ->> 'attemptId';
    if known.id is null then
      refused_until := web.limited_until(rider -> 'limits');
      if refused_until is not null then
        accepted := false;
        enqueued_at := null;
        deadline_at := null;
        retry_at := ceil(extract(epoch from refused_until) * 1000);
        return next;
        continue;
      end if;
      known := web.reserve(rider);
      admitted := admitted || rider;
    end if;
    accepted := true;
    enqueued_at := floor(extract(epoch from known.enqueued_at) * 1000);
    deadline_at := floor(extract(epoch from known.deadline_at) * 1000);
    retry_at := null;
    return next;
  end loop;

  if jsonb_array_length(admitted) > 0 then
    perform channel.enqueue(admitted);
  end if;
end;
$$;

create function web.reserve(rider jsonb)
returns web.attempts
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  attempt web.attempts;
begin
  insert into web.attempts (id, person, job, job_id, enqueued_at, deadline_at)
  values (
    rider ->> 'attemptId', rider ->> 'person', rider -> 'wire' ->> 'job', rider -> 'wire' ->> 'id',
    now(), now() + make_interval(secs => (rider ->> 'deadlineSeconds')::integer)
  )
  returning * into attempt;
  insert into web.limit_uses (limit_key, attempt_id, used_at, lasting)
  select distinct rule ->> 'key', attempt.id, now(), coalesce((rule ->> 'lasting')::boolean, false) from jsonb_array_elements(rider -> 'limits') as rule;
  return attempt;
end;
$$;

revoke all on all functions in schema web from public;
grant usage on schema web to anteroom_web;
grant select, insert, update, delete on all tables in schema web to anteroom_web;
grant execute on all functions in schema web to anteroom_web;
