-- Accounts. An e-mail address is a keyed hash, and sealed beside it; nothing else here says who a person is.

create table web.accounts (
  -- 256 random bits, base64url.
  id text primary key,
  -- Keyed hash of the canonical address, under the key that was newest when it was written.
  address_hash text not null unique,
  -- The address as its owner wrote it, sealed (`record`).
  address text not null,
  -- Argon2id in the PHC string format; null for who signs in with a passkey alone.
  password text,
  created_at timestamptz not null default now(),
  password_changed_at timestamptz,
  -- That, when and how the person was proofed: no personal data.
  proofing jsonb,
  -- What the person chose to have kept of their details, sealed (`record`).
  profile text
);

-- What happened to an account, as its owner reads it. Kept for as long as settings say, and gone with the account.
create table web.account_events (
  id bigint generated always as identity primary key,
  account_id text not null references web.accounts on delete cascade,
  event text not null constraint account_event_named check (event ~ '^[a-z-]{1,40}$'),
  at timestamptz not null default now(),
  -- Browser and system by their names alone, such as 'Firefox' and 'Android'; null if they are unknown, or nobody's.
  browser text,
  system text
);
create index account_events_of_account on web.account_events (account_id, at desc);
create index account_events_old on web.account_events (at);

-- Links that were sent by e-mail. Each can be used once.
create table web.email_links (
  -- SHA-256 of the 256 random bits in the link.
  token_hash text primary key,
  purpose text not null constraint email_link_purpose_known check (purpose in ('sign-up', 'recovery', 'new-address')),
  -- Absent where there is no account yet.
  account_id text references web.accounts on delete cascade,
  -- Where it was sent, and what it confirms, sealed (`record`).
  address text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index email_links_of_account on web.email_links (account_id) where account_id is not null;
create index email_links_expired on web.email_links (expires_at);

grant select, insert, update, delete on web.accounts, web.account_events, web.email_links to anteroom_web;

-- Counts one more guess against all of these limits, or none and says until when they refuse it. However many ask at
-- once, no more than allowed come through.
-- limits: [{ "key", "max", "windowSeconds" }, …]
create function web.use_limit(limits jsonb)
returns timestamptz
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  refused_until timestamptz;
begin
  -- One lock for each limit, taken in one order by everyone.
  perform pg_advisory_xact_lock(lock_id)
  from (
    select distinct hashtextextended(rule ->> 'key', 0) as lock_id
    from jsonb_array_elements(limits) as rule
    order by 1
  ) as locks;

  refused_until := web.limited_until(limits);
  if refused_until is null then
    insert into web.limit_uses (limit_key, attempt_id, used_at, lasting)
    select key, gen_random_uuid()::text, clock_timestamp(), true
    from (select distinct rule ->> 'key' as key from jsonb_array_elements(limits) as rule) as used;
  end if;
  return refused_until;
end;
$$;
revoke all on function web.use_limit(jsonb) from public;
grant execute on function web.use_limit(jsonb) to anteroom_web;
