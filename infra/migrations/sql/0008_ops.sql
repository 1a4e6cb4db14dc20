-- Operators' commands. Their role executes the functions below and reads the audit; it can touch nothing else. Each
-- function writes down what was done in the transaction that does it, in its own words: there is no doing one without
-- the other, and no calling one thing another.

create schema ops;

-- Who did what. For ever: the role can neither change nor delete a row.
create table ops.audit (
  at timestamptz not null default now(),
  id bigint generated always as identity primary key,
  -- As they said; the database knows one role for all.
  actor text not null constraint audit_actor_named check (actor ~ '^[A-Za-z0-9._@+-]{1,64}$'),
  command text not null,
  -- No personal data: rates, reasons, numbers of credentials, and the message that everybody in the line reads. A
  -- thousand numbers fit.
  arguments jsonb not null
    constraint audit_arguments_short check (length(arguments::text) <= 32768)
    constraint audit_arguments_plain check (web.is_plain_line(arguments::text)),
  -- Of the job that does it, if one does. One job is one deed.
  job_id text constraint audit_of_job unique,
  constraint audit_revocation_reasoned check (
    command <> 'credential revoke'
    or coalesce(arguments ->> 'reason' in ('lost', 'stolen', 'wrong-details', 'fraud', 'replaced'), false)
  )
);

-- The latest order for each vendor's quota. Null: nothing was ordered, and it stays as it is.
create table ops.quotas (
  vendor text primary key,
  revision bigint not null,
  calls integer,
  window_seconds integer,
  paused boolean,
  job_id text,
  deadline_at timestamptz
);

create function ops.set_line_mode(actor text, mode text)
returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update web.line_control set mode = set_line_mode.mode, changed_at = now();
  insert into ops.audit (actor, command, arguments)
  values (actor, case mode when 'drained' then 'line drain' else 'line open' end, jsonb_build_object('mode', mode));
$$;

create function ops.set_line_message(actor text, message text)
returns void
language sql security definer set search_path = pg_catalog, pg_temp as $$
  update web.line_control set message = set_line_message.message, changed_at = now();
  insert into ops.audit (actor, command, arguments)
  values (actor, 'line message', jsonb_build_object('message', message));
$$;

-- rider: as channel.enqueue takes it, the job 'quota-control'. The job gets the next revision. The worker drops an order
-- that is overtaken by a newer one, so the newer one says also what an order before it says that may yet be overtaken.
-- Orders for a vendor wait for each other: revisions rise in the order of commits.
create function ops.order_quota(actor text, rider jsonb)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  wanted constant jsonb := rider -> 'wire' -> 'clear';
  before ops.quotas;
  ordered ops.quotas;
begin
  perform ops.check_job(rider, 'quota-control');
  insert into ops.quotas (vendor, revision) values (wanted ->> 'vendor', 0) on conflict do nothing;
  select * into before from ops.quotas where vendor = wanted ->> 'vendor' for update;
  if before.deadline_at is null or before.deadline_at < now() or exists (
    select from worker.ledger where ledger.job_id = before.job_id and state in ('done', 'failed')
  ) then
    before.calls := null;
    before.window_seconds := null;
    before.paused := null;
  end if;
  update ops.quotas set
    revision = revision + 1,
    calls = coalesce((wanted ->> 'calls')::integer, before.calls),
    window_seconds = coalesce((wanted ->> 'windowSeconds')::integer, before.window_seconds),
    paused = coalesce((wanted ->> 'paused')::boolean, before.paused),
    job_id = rider -> 'wire' ->> 'id',
    deadline_at = now() + make_interval(secs => (rider ->> 'deadlineSeconds')::integer)
  where vendor = before.vendor
  returning * into ordered;
  perform channel.enqueue(jsonb_build_array(jsonb_set(rider, '{wire,clear}', jsonb_strip_nulls(jsonb_build_object(
    'vendor', ordered.vendor, 'revision', ordered.revision, 'calls', ordered.calls,
    'windowSeconds', ordered.window_seconds, 'paused', ordered.paused
  )))));
  insert into ops.audit (actor, command, arguments, job_id)
  values (actor, ops.quota_command(wanted), jsonb_strip_nulls(jsonb_build_object(
    'vendor', ordered.vendor, 'calls', (wanted ->> 'calls')::integer,
    'windowSeconds', (wanted ->> 'windowSeconds')::integer, 'paused', (wanted ->> 'paused')::boolean
  )), ordered.job_id);
end;
$$;

-- Which command orders this and nothing else. Null, which no entry of the audit may be, if there is none.
create function ops.quota_command(wanted jsonb)
returns text
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case
    when wanted ?& '{calls,windowSeconds}' and not wanted ? 'paused' then 'line rate'
    when wanted ?| '{calls,windowSeconds}' then null
    when (wanted ->> 'paused')::boolean then 'line pause'
    when not (wanted ->> 'paused')::boolean then 'line resume'
  end
$$;

-- rider: as above, the job 'credential-revocations'.
create function ops.revoke_credentials(actor text, rider jsonb, reason text)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform ops.check_job(rider, 'credential-revocations');
  perform channel.enqueue(jsonb_build_array(rider));
  insert into ops.audit (actor, command, arguments, job_id)
  values (
    actor, 'credential revoke', jsonb_build_object('numbers', rider #> '{wire,clear,numbers}', 'reason', reason),
    rider -> 'wire' ->> 'id'
  );
end;
$$;

-- No other job can be made here, however it is sealed, and none that is there already: its order would be written down and
-- never carried out, and the entry would open the state of somebody else's job to operators.
create function ops.check_job(rider jsonb, job text)
returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  wanted constant text := rider -> 'wire' ->> 'id';
begin
  if rider -> 'wire' ->> 'job' is distinct from job then
    raise exception 'OPS_WRONG_JOB' using errcode = 'invalid_parameter_value';
  end if;
  if wanted is null or wanted !~ '^[A-Za-z0-9_-]{43}$' then
    raise exception 'OPS_WRONG_ID' using errcode = 'invalid_parameter_value';
  end if;
  if exists (select from worker.ledger where ledger.job_id = wanted)
    or exists (select from graphile_worker._private_jobs as queued where queued.key = wanted) then
    raise exception 'OPS_KNOWN_JOB' using errcode = 'unique_violation';
  end if;
end;
$$;

-- How far the worker is with a job that one of these commands made; no row while none has begun it. Of other jobs
-- nothing is told.
create function ops.job_state(wanted text)
returns table (state text, reason text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select ledger.state, ledger.reason from worker.ledger
  where ledger.job_id = wanted and exists (select from ops.audit where audit.job_id = wanted)
$$;

-- Those of the numbers that no credential has.
create function ops.unknown_numbers(numbers text[])
returns setof text
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select wanted from unnest(numbers) as wanted
  where not exists (select from worker.credentials where credentials.number = wanted)
$$;

-- Whether the web serves a list that was made after all of these were revoked. A list says when in whole seconds.
create function ops.is_revocation_served(numbers text[])
returns boolean
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select coalesce(bool_and(
    revoked_at is not null
    and date_trunc('second', revoked_at) <= (select max(made_at) from web.revocation_lists)
  ), false)
  from worker.credentials where number = any (numbers)
$$;

-- The line in numbers, as the web last measured it, and what the web goes by. Nothing is measured while nobody is there.
create function ops.line_status()
returns table (
  waiting integer, called integer, parked integer,
  wait_low_seconds integer, wait_likely_seconds integer, wait_high_seconds integer, measured_at timestamptz,
  issued_last_minute bigint, mode text, message text
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select figures.waiting, figures.called, figures.parked,
    figures.wait_low_seconds, figures.wait_likely_seconds, figures.wait_high_seconds, figures.measured_at,
    (
      select count(*) from worker.ledger
      where job = 'credential-issuance' and state = 'done' and settled_at > now() - interval '1 minute'
    ),
    control.mode, control.message
  from web.line_control as control left join web.line_figures as figures on true
$$;

revoke all on all functions in schema ops from public;
grant usage on schema ops to anteroom_ops;
grant select on ops.audit to anteroom_ops;
grant execute on function
  ops.set_line_mode(text, text), ops.set_line_message(text, text), ops.order_quota(text, jsonb),
  ops.revoke_credentials(text, jsonb, text), ops.job_state(text), ops.unknown_numbers(text[]), ops.is_revocation_served(text[]),
  ops.line_status()
to anteroom_ops;
