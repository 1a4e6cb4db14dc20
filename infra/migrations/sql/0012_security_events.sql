-- What partners are told of what happens to accounts. One row for each token: one event for one partner.

create table web.security_events (
  -- Of the token: 128 random bits in hex.
  jti text primary key,
  -- The order in which events of one subject were committed, which is the order in which they are told.
  seq bigint generated always as identity,
  -- Names the change that it comes of, with all partners.
  txn text not null,
  -- The last part of the event type's URI.
  event text not null constraint security_event_named check (event ~ '^[a-z-]{2,64}$'),
  profile text not null constraint security_event_profile_known check (profile in ('login-gov', 'ssf-1.0')),
  -- What happened, without an e-mail address: enough to write the token again.
  happening jsonb not null,
  -- By its id in the partners file.
  partner text not null,
  -- The partner's name for the person.
  subject text not null,
  -- The account may be gone.
  account_id text not null,
  state text not null constraint security_event_state_known
    check (state in ('held', 'queued', 'delivered', 'dead', 'resigned')),
  -- Why it is dead.
  reason text,
  -- Of the job that carries it; null while it is held.
  job_id text unique,
  -- The latest report that was applied.
  report_seq integer not null default 0,
  attempts integer not null default 0,
  next_try timestamptz,
  happened_at timestamptz not null default now(),
  queued_at timestamptz,
  deadline_at timestamptz,
  settled_at timestamptz,
  -- An operator wants another token instead, once this one is dead.
  resign_wanted boolean not null default false,
  -- The token that this one stands in for.
  resigns text,
  -- The e-mail address that it is about, sealed (`record`); null in most. Gone once it is told, or too old.
  record text,
  constraint security_event_queued_with_job check (state in ('held', 'dead') or job_id is not null)
);
create index security_events_held on web.security_events (partner, subject, seq) where state = 'held';
create index security_events_in_order on web.security_events (seq) where state = 'held';
create index security_events_open on web.security_events (queued_at) where state = 'queued';
create index security_events_resigned on web.security_events (seq) where resign_wanted;
create index security_events_of_partner on web.security_events (partner, seq);
create index security_events_old on web.security_events (happened_at);

grant select, insert, update, delete on web.security_events to anteroom_web;

-- Partners for whom events are held.
create table web.held_receivers (
  partner text primary key,
  -- Where it answered that it wants to be told no more (410): it counts for this address. Null: an operator holds them.
  url text,
  held_at timestamptz not null default now()
);
grant select, insert, delete on web.held_receivers to anteroom_web;

-- Keyed hashes of the e-mail addresses that the partner was told under this grant.
alter table web.openid_grants add column told_addresses text[] not null default '{}';

-- An operator has tokens that were not delivered signed anew: the web does, and finds here which. Only dead ones, and of
-- those about an address only the ones whose address is still kept. Null: all.
create function ops.resign_security_events(actor text, partner text, jtis text[], since timestamptz)
returns integer
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  marked integer;
begin
  if partner is null and jtis is null then
    raise exception 'RESIGN_EVERYTHING' using errcode = 'check_violation';
  end if;
  update web.security_events as told set resign_wanted = true
  where told.state = 'dead' and not told.resign_wanted
    and (resign_security_events.partner is null or told.partner = resign_security_events.partner)
    and (resign_security_events.jtis is null or told.jti = any (resign_security_events.jtis))
    and (resign_security_events.since is null or told.happened_at >= resign_security_events.since)
    and (told.record is not null or told.event not in ('identifier-changed', 'identifier-recycled'));
  get diagnostics marked = row_count;
  insert into ops.audit (actor, command, arguments)
  values (
    actor, 'events resign',
    jsonb_strip_nulls(jsonb_build_object(
      'partner', resign_security_events.partner, 'jtis', to_jsonb(resign_security_events.jtis),
      'since', resign_security_events.since, 'marked', marked
    ))
  );
  return marked;
end;
$$;
revoke all on function ops.resign_security_events(text, text, text[], timestamptz) from public;
grant execute on function ops.resign_security_events(text, text, text[], timestamptz) to anteroom_ops;

-- An operator has the web hold what a partner is to be told, or tell it again. Whether that was to be done.
create function ops.hold_security_events(actor text, partner text, hold boolean)
returns boolean
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if hold then
    insert into web.held_receivers (partner) values (hold_security_events.partner)
    on conflict on constraint held_receivers_pkey do update set url = null where held_receivers.url is not null;
  else
    delete from web.held_receivers as held where held.partner = hold_security_events.partner;
  end if;
  if not found then
    return false;
  end if;
  insert into ops.audit (actor, command, arguments)
  values (actor, case when hold then 'events hold' else 'events release' end, jsonb_build_object('partner', partner));
  return true;
end;
$$;
revoke all on function ops.hold_security_events(text, text, boolean) from public;
grant execute on function ops.hold_security_events(text, text, boolean) to anteroom_ops;
