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
  -- What it confirms; null where that is the account's own.
  address_hash text,
  address text,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index email_links_of_account on web.email_links (account_id) where account_id is not null;
create index email_links_expired on web.email_links (expires_at);

grant select, insert, update, delete on web.accounts, web.account_events, web.email_links to anteroom_web;
