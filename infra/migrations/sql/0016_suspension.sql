-- Accounts that are suspended or locked, and what partners have to be told of that nobody's request can tell them.

alter table web.accounts
  -- Nobody can sign in from then on, and partners are told nothing more of its owner.
  add column suspended_at timestamptz,
  -- Until when wrong codes keep everybody from trying more. Partners are told once of each lock.
  add column codes_locked_until timestamptz;

-- Addresses that were an account's until it took another, for as long as nobody else has them and the account is there.
create table web.former_addresses (
  -- Keyed hash of the canonical address, under the key that was newest when it was written.
  address_hash text primary key,
  account_id text not null references web.accounts on delete cascade,
  left_at timestamptz not null default now()
);
create index former_addresses_of_account on web.former_addresses (account_id);

-- Somebody has asked for a new password and partners have not been told. A row is written whether the address has an
-- account or not, so that asking takes the same work: null if it has none.
create table web.recoveries_asked (
  id bigint generated always as identity primary key,
  account_id text references web.accounts on delete cascade
);
create index recoveries_asked_of_account on web.recoveries_asked (account_id) where account_id is not null;

-- What operators order of accounts. The web carries it out: it alone finds an account by its address, and tells partners.
create table web.account_orders (
  -- 256 random bits, base64url.
  id text primary key constraint account_order_random check (id ~ '^[A-Za-z0-9_-]{43}$'),
  wish text not null constraint account_order_known check (wish in ('suspend', 'reinstate')),
  -- Whose: as the operator said, or as the web found it by the address.
  account_id text,
  -- The address by which the operator named it, sealed (`settings`) for the web until it has ended.
  address text,
  ordered_at timestamptz not null default now(),
  -- Null until it has ended.
  outcome text constraint account_order_outcome check (outcome in ('done', 'unknown')),
  constraint account_order_of_somebody check (num_nonnulls(account_id, address) > 0 or outcome is not null)
);
create index account_orders_open on web.account_orders (ordered_at) where outcome is null;

grant select, insert, delete on web.former_addresses, web.recoveries_asked to anteroom_web;
grant select, update, delete on web.account_orders to anteroom_web;

-- ordered: { "id", "wish", "account" or "address" }. An address never gets into the audit, which is kept for ever.
create function ops.order_account(actor text, ordered jsonb)
returns void
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into web.account_orders (id, wish, account_id, address)
  values (ordered ->> 'id', ordered ->> 'wish', ordered ->> 'account', ordered ->> 'address');
  insert into ops.audit (actor, command, arguments)
  values (
    actor, 'account ' || (ordered ->> 'wish'),
    jsonb_strip_nulls(jsonb_build_object('order', ordered ->> 'id', 'account', ordered ->> 'account'))
  );
end;
$$;

-- What an order has come to, and whose account it was about; nulls while the web has not ended it.
create function ops.account_order(wanted text)
returns table (outcome text, account text)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select orders.outcome, orders.account_id from web.account_orders as orders where orders.id = wanted
$$;

revoke all on function ops.order_account(text, jsonb), ops.account_order(text) from public;
grant execute on function ops.order_account(text, jsonb), ops.account_order(text) to anteroom_ops;
