-- Files that agencies have moved from a source to a destination: who may ask for it, what was asked, how it stands.
-- Where a file comes from is in the job alone, sealed for the worker; names of files and folders are sealed for the web.

-- An agency's program that may ask for transfers.
create table web.transfer_consumers (
  id text primary key constraint transfer_consumer_named check (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  active boolean not null default true,
  -- What it may ask for. Hosts and buckets that a file may come from, `*.` for all below one; destinations; the folder that
  -- all of it stays in; the largest file; requests in a minute.
  source_hosts text[] not null default '{}',
  source_buckets text[] not null default '{}',
  destinations text[] not null,
  path_prefix text not null default '',
  max_bytes bigint not null constraint transfer_consumer_bytes check (max_bytes between 1 and 1099511627776),
  per_minute integer not null constraint transfer_consumer_rate check (per_minute between 1 and 100000),
  -- Who is told that a key is about to expire. Sealed.
  email text,
  -- Where it is told how transfers end, and the secrets that sign this, sealed: an older one signs too for a day.
  webhook_url text,
  webhook_secret text,
  webhook_secret_before text,
  webhook_changed_at timestamptz,
  created_at timestamptz not null default now(),
  constraint transfer_consumer_signs check ((webhook_url is null) = (webhook_secret is null))
);

-- A key is `at_<id>_<secret>`; of the secret only the SHA-256 is kept, base64url.
create table web.transfer_keys (
  id text primary key constraint transfer_key_named check (id ~ '^[a-z0-9]{16}$'),
  consumer_id text not null references web.transfer_consumers,
  secret_hash text not null constraint transfer_key_hashed check (secret_hash ~ '^[A-Za-z0-9_-]{43}$'),
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  revoked_at timestamptz,
  -- Marked by the web's keeper, once each: that it has expired, and that somebody was warned before.
  expired_at timestamptz,
  warned_at timestamptz,
  -- To the minute.
  last_used_at timestamptz
);
create index transfer_keys_of_consumer on web.transfer_keys (consumer_id);
create index transfer_keys_to_mark on web.transfer_keys (expires_at) where revoked_at is null and expired_at is null;

-- One row for each transfer; advances by the worker's reports.
create table web.transfers (
  -- As its consumer knows it.
  id text primary key,
  consumer_id text not null references web.transfer_consumers,
  job_id text not null unique,
  state text not null default 'queued' constraint transfer_state_known
    check (state in ('queued', 'running', 'waiting', 'delivered', 'failed', 'cancelled')),
  -- Why it failed or waits, by the contract's list.
  problem text,
  destination text not null,
  -- Folder, wished name and hash, sealed for the web.
  wish text not null,
  -- What was delivered, sealed by the worker.
  result text,
  -- The consumer's own name for it.
  correlation_id text not null,
  wants_webhook boolean not null,
  attempt integer not null default 0,
  next_try timestamptz,
  bytes bigint not null default 0,
  report_seq integer not null default 0,
  requested_at timestamptz not null default now(),
  deadline_at timestamptz not null,
  cancel_asked_at timestamptz,
  ended_at timestamptz,
  constraint transfer_ended check ((ended_at is not null) = (state in ('delivered', 'failed', 'cancelled'))),
  constraint transfer_result_where_delivered check ((result is not null) = (state = 'delivered'))
);
alter table web.transfers alter column wish set storage external;
alter table web.transfers alter column result set storage external;
create index transfers_of_consumer on web.transfers (consumer_id, requested_at desc, id desc);
create index transfers_correlated on web.transfers (consumer_id, correlation_id);
create index transfers_open on web.transfers (deadline_at) where ended_at is null;
create index transfers_old on web.transfers (ended_at) where ended_at is not null;

-- Requests that named themselves with an Idempotency-Key, for 48 hours. Keyed hashes of the name and of what was asked.
create table web.transfer_requests (
  consumer_id text not null references web.transfer_consumers,
  key_hash text not null,
  fingerprint text not null,
  transfer_id text not null references web.transfers on delete cascade,
  status integer not null,
  requested_at timestamptz not null default now(),
  primary key (consumer_id, key_hash)
);
create index transfer_requests_old on web.transfer_requests (requested_at);
create index transfer_requests_of_transfer on web.transfer_requests (transfer_id);

-- What consumers are told of how transfers ended. The body names no file.
create table web.transfer_webhooks (
  id text primary key,
  transfer_id text not null references web.transfers on delete cascade,
  consumer_id text not null references web.transfer_consumers,
  body text not null,
  state text not null default 'queued' constraint transfer_webhook_state_known
    check (state in ('queued', 'waiting', 'delivered', 'dead')),
  -- Of this round, which is a job of its own with a signature of its own.
  job_id text not null unique,
  round integer not null default 1,
  next_round_at timestamptz,
  deadline_at timestamptz not null,
  made_at timestamptz not null default now(),
  ended_at timestamptz
);
create index transfer_webhooks_due on web.transfer_webhooks (next_round_at) where state = 'waiting';
create index transfer_webhooks_open on web.transfer_webhooks (deadline_at) where state = 'queued';
create index transfer_webhooks_of_transfer on web.transfer_webhooks (transfer_id);

-- What happened, for ever: one chain for each consumer, each entry hashed with the hash before it. Nobody but the owner of
-- the database can change a row, and who changes one breaks the chain.
create table web.transfer_audit (
  consumer_id text not null,
  number bigint not null,
  -- The JSON text that is hashed: at, event, transfer and facts. No name of a file, no path, no query.
  entry text not null,
  hash text not null,
  primary key (consumer_id, number)
);

-- Adds an entry. Entries of one consumer wait for each other until their transactions end.
create function web.append_transfer_audit(consumer text, event text, transfer text, facts jsonb)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before web.transfer_audit;
  added text;
begin
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

-- Jobs that are to stop.
create table worker.stop_requests (
  job_id text primary key,
  asked_at timestamptz not null default now()
);

-- Asks the worker to end a transfer that it has begun; one that waits for its next try comes up at once, to be told. The
-- worker looks; whether it stops before the file stands there is its to say. Names those that were asked about in time.
create function channel.ask_to_stop(job_ids text[])
returns setof text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  return query
    insert into worker.stop_requests (job_id)
    select wanted.id from unnest(job_ids) as wanted (id)
    where exists (
      select from worker.ledger as known
      where known.job_id = wanted.id and job = 'document-transfer' and settled_at is null
    ) or exists (
      select from graphile_worker._private_jobs as queued
      join graphile_worker._private_tasks as task on task.id = queued.task_id
      where queued.key = wanted.id and task.identifier = 'document-transfer'
    )
    on conflict on constraint stop_requests_pkey do update set asked_at = stop_requests.asked_at
    returning stop_requests.job_id;
  update graphile_worker._private_jobs set run_at = now()
  where key = any (job_ids) and locked_at is null and run_at > now()
    and key in (select stop_requests.job_id from worker.stop_requests);
end;
$$;

-- Operators: who may ask, and with which keys.

-- consumer: { id, sourceHosts, sourceBuckets, destinations, pathPrefix, maxBytes, perMinute, email, webhookUrl, webhookSecret },
-- the last three sealed or public as in the table; what is not given has its default, or stays.
create function ops.save_transfer_consumer(actor text, consumer jsonb, is_new boolean)
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
    id, source_hosts, source_buckets, destinations, path_prefix, max_bytes, per_minute, email, webhook_url, webhook_secret,
    webhook_secret_before, webhook_changed_at
  ) values (
    wanted,
    coalesce(web.texts_of(consumer -> 'sourceHosts'), known.source_hosts, '{}'),
    coalesce(web.texts_of(consumer -> 'sourceBuckets'), known.source_buckets, '{}'),
    coalesce(web.texts_of(consumer -> 'destinations'), known.destinations),
    coalesce(consumer ->> 'pathPrefix', known.path_prefix, ''),
    coalesce((consumer ->> 'maxBytes')::bigint, known.max_bytes),
    coalesce((consumer ->> 'perMinute')::integer, known.per_minute),
    coalesce(consumer ->> 'email', known.email),
    coalesce(consumer ->> 'webhookUrl', known.webhook_url),
    coalesce(consumer ->> 'webhookSecret', known.webhook_secret),
    case when consumer ? 'webhookSecret' then known.webhook_secret else known.webhook_secret_before end,
    case when consumer ? 'webhookSecret' then now() else known.webhook_changed_at end
  )
  on conflict (id) do update set
    source_hosts = excluded.source_hosts, source_buckets = excluded.source_buckets, destinations = excluded.destinations,
    path_prefix = excluded.path_prefix, max_bytes = excluded.max_bytes, per_minute = excluded.per_minute,
    email = excluded.email, webhook_url = excluded.webhook_url, webhook_secret = excluded.webhook_secret,
    webhook_secret_before = excluded.webhook_secret_before, webhook_changed_at = excluded.webhook_changed_at;
  perform ops.audit_transfers(
    actor, case when is_new then 'transfer consumer new' else 'transfer consumer change' end, wanted,
    consumer - 'id' - 'email' - 'webhookSecret' - 'webhookUrl'
  );
end;
$$;

-- Null only where no list is given: an empty one takes everything away.
create function web.texts_of(list jsonb)
returns text[]
language sql immutable strict set search_path = pg_catalog, pg_temp as $$
  select array(select value from jsonb_array_elements_text(list) with ordinality order by ordinality)
$$;

create function ops.set_transfer_consumer_active(actor text, consumer text, active boolean)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  update web.transfer_consumers set active = set_transfer_consumer_active.active where id = consumer;
  if found then
    perform ops.audit_transfers(
      actor, case when active then 'transfer consumer enable' else 'transfer consumer disable' end, consumer, '{}'
    );
  end if;
  return found;
end;
$$;

-- At most two keys of a consumer are good at one time; a third is refused.
create function ops.add_transfer_key(actor text, consumer text, key_id text, secret_hash text, days integer)
returns timestamptz
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  good_until timestamptz;
begin
  perform from web.transfer_consumers where id = consumer for update;
  if not found then
    raise exception 'OPS_CONSUMER_UNKNOWN' using errcode = 'no_data_found';
  end if;
  if days not between 1 and 366 then
    raise exception 'OPS_KEY_DAYS' using errcode = 'invalid_parameter_value';
  end if;
  if (
    select count(*) from web.transfer_keys where consumer_id = consumer and revoked_at is null and expires_at > now()
  ) >= 2 then
    raise exception 'OPS_TWO_KEYS' using errcode = 'unique_violation';
  end if;
  insert into web.transfer_keys (id, consumer_id, secret_hash, expires_at)
  values (key_id, consumer, add_transfer_key.secret_hash, now() + make_interval(days => days))
  returning expires_at into good_until;
  perform ops.audit_transfers(actor, 'transfer key new', consumer, jsonb_build_object('key', key_id, 'days', days));
  return good_until;
end;
$$;

-- At once, or when others have had time to take the new one. False if there is no such key that is still good.
create function ops.revoke_transfer_key(actor text, key_id text, in_hours integer)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  consumer text;
begin
  update web.transfer_keys set
    revoked_at = case when in_hours = 0 then now() end,
    expires_at = least(expires_at, now() + make_interval(hours => in_hours)),
    warned_at = case when in_hours = 0 then warned_at else now() end
  where id = key_id and revoked_at is null and expires_at > now()
  returning consumer_id into consumer;
  if consumer is null then
    return false;
  end if;
  perform ops.audit_transfers(
    actor, case when in_hours = 0 then 'transfer key revoke' else 'transfer key rotate' end, consumer,
    jsonb_build_object('key', key_id, 'hours', in_hours)
  );
  return true;
end;
$$;

create function ops.audit_transfers(actor text, command text, consumer text, facts jsonb)
returns void
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  insert into ops.audit (actor, command, arguments)
  values (actor, command, jsonb_build_object('consumer', consumer) || facts);
  perform web.append_transfer_audit(consumer, command, null, facts || jsonb_build_object('actor', actor));
end;
$$;

create function ops.transfer_consumers()
returns table (
  id text, active boolean, destinations text[], source_hosts text[], source_buckets text[], path_prefix text,
  max_bytes bigint, per_minute integer, webhook_url text
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select id, active, destinations, source_hosts, source_buckets, path_prefix, max_bytes, per_minute, webhook_url
  from web.transfer_consumers order by id
$$;

create function ops.transfer_keys(consumer text)
returns table (
  id text, created_at timestamptz, expires_at timestamptz, revoked_at timestamptz, last_used_at timestamptz, is_good boolean
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select id, created_at, expires_at, revoked_at, last_used_at, revoked_at is null and expires_at > now()
  from web.transfer_keys where consumer_id = consumer order by created_at
$$;

-- The next entries of the audit behind this one, in the order of consumers and numbers.
create function ops.transfer_audit(after_consumer text, after_number bigint, most integer)
returns table (consumer text, number bigint, entry text, hash text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select consumer_id, number, entry, hash from web.transfer_audit
  where (consumer_id, number) > (after_consumer, after_number) order by consumer_id, number limit most
$$;

revoke all on all functions in schema web, channel, ops from public;
grant select on web.transfer_consumers, web.transfer_keys to anteroom_web;
grant update (last_used_at, expired_at, warned_at) on web.transfer_keys to anteroom_web;
-- Sealed anew, when keys are replaced.
grant update (email, webhook_secret, webhook_secret_before) on web.transfer_consumers to anteroom_web;
grant select, insert, update, delete on web.transfers, web.transfer_requests, web.transfer_webhooks to anteroom_web;
grant execute on function web.append_transfer_audit(text, text, text, jsonb), channel.ask_to_stop(text[]) to anteroom_web;
grant select, delete on worker.stop_requests to anteroom_worker;
grant execute on function
  ops.save_transfer_consumer(text, jsonb, boolean), ops.set_transfer_consumer_active(text, text, boolean),
  ops.add_transfer_key(text, text, text, text, integer), ops.revoke_transfer_key(text, text, integer),
  ops.transfer_consumers(), ops.transfer_keys(text), ops.transfer_audit(text, bigint, integer)
to anteroom_ops;
