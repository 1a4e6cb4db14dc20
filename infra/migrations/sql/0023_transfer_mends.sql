-- What waits behind whom, and what the audit of transfers says and takes.

-- As the contracts say (`priority`): 0 where a person waits, 10 where somebody is told of something, 20 where a program has a
-- file moved. Whoever puts a row into the queue asks here, so that neither the web nor an operator can forget it.
create or replace function worker.priority_of(wire jsonb)
returns integer
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select case wire ->> 'job' when 'risc-delivery' then 10 when 'webhook-delivery' then 10 when 'document-transfer' then 20 else 0 end
$$;

-- What waits already, too.
update graphile_worker._private_jobs set priority = worker.priority_of(payload::jsonb)
where priority <> worker.priority_of(payload::jsonb);

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

-- As before; the audit says where a consumer is told from now on, and that the address for its mail is another. The host is
-- readable in the consumer's own row as well; the address is not said.
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
