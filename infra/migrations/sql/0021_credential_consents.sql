-- Credentials that people have sent to agencies: which agencies take them, and what people agreed to.

-- An agency that takes credentials: its name as people read it, and where they are put.
create table web.credential_receivers (
  consumer_id text primary key references web.transfer_consumers,
  name text not null constraint credential_receiver_named check (char_length(name) between 1 and 100),
  destination text not null,
  folder text not null
);

-- That a person agreed to have one credential sent to one agency. Names nobody; gone a day after the credential.
create table web.credential_consents (
  -- Of the ticket whose credential it is, and the place where that is kept for ten minutes.
  ticket_id text not null,
  consumer_id text not null references web.transfer_consumers,
  -- SHA-256 of the code, base64url: the agency shows it, or we do in its name.
  code_hash text not null unique,
  agreed_at timestamptz not null default now(),
  -- With the credential.
  expires_at timestamptz not null,
  -- What it was used for, once.
  transfer_id text unique references web.transfers on delete cascade,
  primary key (ticket_id, consumer_id)
);
create index credential_consents_old on web.credential_consents (expires_at);

-- receiver: { name, destination, folder }; what is not given stays, and no folder with a destination is the consumer's own. An
-- empty destination: it takes no more.
create function ops.set_credential_receiver(actor text, consumer text, receiver jsonb)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  known web.transfer_consumers;
  before web.credential_receivers;
  wanted web.credential_receivers;
begin
  select * into known from web.transfer_consumers where id = consumer for update;
  if known.id is null then
    raise exception 'OPS_CONSUMER_UNKNOWN' using errcode = 'no_data_found';
  end if;
  select * into before from web.credential_receivers where consumer_id = consumer;
  if receiver ->> 'destination' = '' then
    delete from web.credential_receivers where consumer_id = consumer;
  else
    wanted := (
      consumer, coalesce(receiver ->> 'name', before.name), coalesce(receiver ->> 'destination', before.destination),
      coalesce(
        receiver ->> 'folder', case when receiver ? 'destination' then known.path_prefix else before.folder end
      )
    );
    if wanted.name is null or wanted.destination is null then
      raise exception 'OPS_RECEIVER_HALF' using errcode = 'invalid_parameter_value';
    elsif wanted.destination <> all (known.destinations) or not (
      known.path_prefix = '' or wanted.folder = known.path_prefix or starts_with(wanted.folder, known.path_prefix || '/')
    ) then
      raise exception 'OPS_RECEIVER_ELSEWHERE' using errcode = 'invalid_parameter_value';
    end if;
    insert into web.credential_receivers values (wanted.*)
    on conflict (consumer_id) do update set
      name = excluded.name, destination = excluded.destination, folder = excluded.folder;
  end if;
  perform ops.audit_transfers(actor, 'transfer consumer credentials', consumer, receiver);
end;
$$;

create function ops.credential_receivers()
returns table (consumer text, name text, destination text, folder text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select consumer_id, name, destination, folder from web.credential_receivers
$$;

revoke all on function ops.set_credential_receiver(text, text, jsonb), ops.credential_receivers() from public;
grant execute on function ops.set_credential_receiver(text, text, jsonb), ops.credential_receivers() to anteroom_ops;
grant select on web.credential_receivers to anteroom_web;
grant select, insert, update, delete on web.credential_consents to anteroom_web;
