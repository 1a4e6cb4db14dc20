-- What people allowed partners to learn of them.

create table web.openid_grants (
  -- As the OpenID provider names it. Opens nothing.
  id text primary key,
  account_id text not null references web.accounts on delete cascade,
  -- By its id in the partners file.
  partner text not null,
  scopes text[] not null,
  claims text[] not null,
  granted_at timestamptz not null default now(),
  -- From then on the person is asked anew.
  expires_at timestamptz not null,
  constraint openid_grant_once unique (account_id, partner)
);
create index openid_grants_expired on web.openid_grants (expires_at);

grant select, insert, update, delete on web.openid_grants to anteroom_web;
