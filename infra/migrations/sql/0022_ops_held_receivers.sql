-- Partners for whom events are held: since when, by an operator or because the partner answered 410, and how many wait.
create function ops.held_receivers()
returns table (partner text, held_at timestamptz, is_gone boolean, events bigint)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select held.partner, held.held_at, held.url is not null, count(events.jti)
  from web.held_receivers as held
  left join web.security_events as events on events.partner = held.partner and events.state = 'held'
  group by held.partner
  order by held.held_at, held.partner
$$;

revoke all on function ops.held_receivers() from public;
grant execute on function ops.held_receivers() to anteroom_ops;
