-- Every credential that was issued and may still be good somewhere. Nothing here says whose it is.
create table worker.credentials (
  -- Given by the web: the same however often the issuing was begun anew.
  credential_id text primary key,
  -- What a list of revocations names.
  rid text not null unique,
  -- As the registry gave it and as it is printed.
  number text not null unique,
  issued_at timestamptz not null default clock_timestamp(),
  -- The first and the last day on which it is good.
  valid_from date not null,
  valid_until date not null,
  revoked_at timestamptz
);

create index credentials_revoked on worker.credentials (rid) where revoked_at is not null;
create index credentials_by_end on worker.credentials (valid_until);

grant select, insert, update, delete on worker.credentials to anteroom_worker;
