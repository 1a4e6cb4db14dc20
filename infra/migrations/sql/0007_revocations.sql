-- The newest signed list of revoked credentials: one for each origin that issued any. It is public.
create table web.revocation_lists (
  issuer text primary key,
  -- A compact JWS.
  list text not null,
  -- What the list says of itself: when it was made, and how many it names.
  made_at timestamptz not null,
  entries integer not null
);

grant select, insert, update on web.revocation_lists to anteroom_web;
