-- Transfers that failed and are tried once more, and no consumer's transfers in the way of others.

-- How many transfers of a consumer may be under way at one time.
alter table web.transfer_consumers
  add column max_open integer not null default 1000 constraint transfer_consumer_open check (max_open between 1 and 100000);
create index transfers_open_of_consumer on web.transfers (consumer_id) where ended_at is null;

-- As the contracts say (`priority`): 0 where a person waits, 10 where somebody is told of something, 20 where a program has a
-- file moved. Whoever puts a row into the queue asks here, so that neither the web nor an operator can forget it.
create function worker.priority_of(wire jsonb)
returns integer
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case wire ->> 'job' when 'risc-delivery' then 10 when 'webhook-delivery' then 10 when 'document-transfer' then 20 else 0 end
$$;
revoke all on function worker.priority_of(jsonb) from public;

-- What waits already, too.
update graphile_worker._private_jobs set priority = worker.priority_of(payload::jsonb)
where priority <> worker.priority_of(payload::jsonb);

-- As before, with the job's priority.
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
      null, null, 10, wire ->> 'id', worker.priority_of(wire), null
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

-- As before; with the priority that it had.
create or replace function worker.revive_dead_letter(wanted text)
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
    max_attempts => 10, job_key => wanted, priority => worker.priority_of(letter.wire)
  );
  delete from worker.dead_letters where job_id = wanted;
  return 'queued';
end;
$$;

-- Transfers whose jobs were queued again run again under their ids, until the jobs' new deadlines. Their reports go on where they
-- were, and their next end is one of its own. What was to be told of the end that no longer holds is not told any more, if it waits
-- for its next round.
create function web.revive_transfers(actor text, job_ids text[])
returns void
language sql set search_path = pg_catalog, pg_temp as $$
  -- Before any chain of the audit, as whoever ends a round does.
  update web.transfer_webhooks set state = 'dead', next_round_at = null, ended_at = now()
  where state = 'waiting' and transfer_id in (select id from web.transfers where job_id = any (job_ids));
  with revived as (
    update web.transfers as transfer set
      state = 'waiting', attempt = 0, next_try = now(), ended_at = null, deadline_at = ledger.deadline_at
    from worker.ledger
    where ledger.job_id = transfer.job_id and transfer.job_id = any (job_ids)
    returning transfer.consumer_id, transfer.id
  )
  select web.append_transfer_audit(consumer_id, 'transfer replayed', id, jsonb_build_object('actor', actor))
  -- Chains in the order of their names: who adds to several never waits for somebody who waits for them.
  from (select * from revived order by consumer_id, id) as one;
$$;
revoke all on function web.revive_transfers(text, text[]) from public;

-- As before, and with a job that moves a file its transfer. One that nobody keeps any more, that its consumer wanted stopped, or
-- whose consumer is disabled or may not use its destination any more, is not tried again: 'gone'.
create or replace function ops.replay_dead_letters(actor text, job_ids text[])
returns table (job_id text, answer text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  wanted text;
  taken text[] := '{}';
begin
  -- Before any chain of the audit, as whoever ends a transfer does.
  perform from web.transfers as transfer where transfer.job_id = any (job_ids) order by transfer.id for update;
  for wanted in select worker.in_order(job_ids) loop
    job_id := wanted;
    answer := 'gone';
    if not exists (
      select from worker.dead_letters as dead
      where dead.job_id = wanted and dead.job = 'document-transfer' and not exists (
        select from web.transfers as transfer
        join web.transfer_consumers as consumer on consumer.id = transfer.consumer_id
        where transfer.job_id = wanted and cancel_asked_at is null
          and consumer.active and transfer.destination = any (consumer.destinations)
      )
    ) then
      answer := worker.revive_dead_letter(wanted);
    end if;
    if answer = 'queued' then
      taken := taken || wanted;
    end if;
    return next;
  end loop;
  perform web.revive_transfers(actor, taken);
  insert into ops.audit (actor, command, arguments)
  select actor, 'dead replay', jsonb_build_object('jobs', taken) where cardinality(taken) > 0;
end;
$$;

-- As before, with `maxOpen`; and the audit says where a consumer is told from now on, and that the address for its mail is another.
-- The host is readable in the consumer's own row as well; the address is not said.
create or replace function ops.save_transfer_consumer(actor text, consumer jsonb, is_new boolean)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  known web.transfer_consumers;
  wanted constant text := consumer ->> 'id';
begin
  select * into known from web.transfer_consumers where id = wanted for update;
  if is_new and known.id is not null then
    raise exception 'OPS_CONSUMER_KNOWN' using errcode = 'unique_violation';
  elsif not is_new and known.id is null then
    raise exception 'OPS_CONSUMER_UNKNOWN' using errcode = 'no_data_found';
  end if;
  insert into web.transfer_consumers as kept (
    id, source_hosts, source_buckets, destinations, path_prefix, max_bytes, per_minute, max_open, email, webhook_url, webhook_secret,
    webhook_secret_before, webhook_changed_at
  ) values (
    wanted,
    coalesce(web.texts_of(consumer -> 'sourceHosts'), known.source_hosts, '{}'),
    coalesce(web.texts_of(consumer -> 'sourceBuckets'), known.source_buckets, '{}'),
    coalesce(web.texts_of(consumer -> 'destinations'), known.destinations),
    coalesce(consumer ->> 'pathPrefix', known.path_prefix, ''),
    coalesce((consumer ->> 'maxBytes')::bigint, known.max_bytes),
    coalesce((consumer ->> 'perMinute')::integer, known.per_minute),
    coalesce((consumer ->> 'maxOpen')::integer, known.max_open, 1000),
    coalesce(consumer ->> 'email', known.email),
    coalesce(consumer ->> 'webhookUrl', known.webhook_url),
    coalesce(consumer ->> 'webhookSecret', known.webhook_secret),
    case when consumer ? 'webhookSecret' then known.webhook_secret else known.webhook_secret_before end,
    case when consumer ? 'webhookSecret' then now() else known.webhook_changed_at end
  )
  on conflict (id) do update set
    source_hosts = excluded.source_hosts, source_buckets = excluded.source_buckets, destinations = excluded.destinations,
    path_prefix = excluded.path_prefix, max_bytes = excluded.max_bytes, per_minute = excluded.per_minute,
    max_open = excluded.max_open,
    email = excluded.email, webhook_url = excluded.webhook_url, webhook_secret = excluded.webhook_secret,
    webhook_secret_before = excluded.webhook_secret_before, webhook_changed_at = excluded.webhook_changed_at;
  perform ops.audit_transfers(
    actor, case when is_new then 'transfer consumer new' else 'transfer consumer change' end, wanted,
    consumer - 'id' - 'email' - 'webhookSecret' - 'webhookUrl' || jsonb_strip_nulls(jsonb_build_object(
      'webhookHost', substring(consumer ->> 'webhookUrl' from '^https://([^/?#]+)'),
      'webhookChanged', case when consumer ?| array['webhookUrl', 'webhookSecret'] then true end,
      'emailChanged', case when consumer ? 'email' then true end
    ))
  );
end;
$$;

drop function ops.transfer_consumers();
create function ops.transfer_consumers()
returns table (
  id text, active boolean, destinations text[], source_hosts text[], source_buckets text[], path_prefix text,
  max_bytes bigint, per_minute integer, max_open integer, webhook_url text
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select id, active, destinations, source_hosts, source_buckets, path_prefix, max_bytes, per_minute, max_open, webhook_url
  from web.transfer_consumers order by id
$$;
revoke all on function ops.transfer_consumers() from public;
grant execute on function ops.transfer_consumers() to anteroom_ops;

-- As before; the web writes down its own events alone, of consumers that there are. What operators do is theirs to say.
create or replace function web.append_transfer_audit(consumer text, event text, transfer text, facts jsonb)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before web.transfer_audit;
  added text;
begin
  if pg_has_role(session_user, 'anteroom_web', 'member') and not pg_has_role(session_user, 'anteroom_ops', 'member') and not (
    event = any (array[
      'transfer requested', 'transfer cancel asked', 'transfer delivered', 'transfer failed', 'transfer cancelled',
      'transfer replayed', 'webhook delivered', 'webhook dead', 'key expired', 'credential consent'
    ])
    and exists (select from web.transfer_consumers where id = consumer)
  ) then
    raise exception 'AUDIT_NOT_THE_WEBS' using errcode = 'insufficient_privilege';
  end if;
  perform pg_advisory_xact_lock(hashtextextended('transfer-audit/' || consumer, 0));
  select * into before from web.transfer_audit where consumer_id = consumer order by number desc limit 1;
  added := jsonb_build_object(
    'at', to_char(clock_timestamp() at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
    'number', coalesce(before.number, 0) + 1, 'consumer', consumer, 'event', event, 'transfer', transfer, 'facts', facts
  )::text;
  insert into web.transfer_audit (consumer_id, number, entry, hash)
  values (
    consumer, coalesce(before.number, 0) + 1, added,
    encode(sha256(convert_to(coalesce(before.hash, '') || E'\n' || added, 'UTF8')), 'hex')
  );
end;
$$;
