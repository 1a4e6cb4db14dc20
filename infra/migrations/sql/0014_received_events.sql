-- What partners report of people's accounts, and what it does to them.

create table web.received_events (
  -- The partner by its id in the partners file, and its own name for the report: each counts once.
  issuer text not null,
  jti text not null,
  -- The last part of the event type's URI.
  event text not null constraint received_event_named check (event ~ '^[a-z-]{1,64}$'),
  account_id text not null references web.accounts on delete cascade,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  -- When the account's sessions, which are not in this database, had been ended as well; null if the report has yet to be finished.
  settled_at timestamptz,
  primary key (issuer, jti)
);
create index received_events_of_account on web.received_events (account_id);
create index received_events_old on web.received_events (received_at);

grant select, insert, update, delete on web.received_events to anteroom_web;

alter table web.accounts
  -- Since when nobody signs in before a new password was chosen by e-mail: somebody else had got in.
  add column recover_since timestamptz,
  -- The proofing that a partner has said is not the owner's. It counts no more; kept to see what it was.
  add column doubted_proofing jsonb;

alter table web.openid_grants
  -- The account's subject at this partner, and the sector it was made for; empty until a report asks for it.
  add column subject text not null default '',
  add column subject_sector text not null default '';
create index openid_grants_by_subject on web.openid_grants (partner, subject);
create index openid_grants_by_sector on web.openid_grants (partner, subject_sector);
