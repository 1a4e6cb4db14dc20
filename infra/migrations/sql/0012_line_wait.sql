-- How long somebody would wait who joins now, in seconds, as the web estimates it: for operators. Null while it is not
-- known, as in a pause.
alter table web.line_figures
  add column wait_low_seconds integer,
  add column wait_likely_seconds integer,
  add column wait_high_seconds integer;

-- As before, with the wait.
drop function ops.line_status();
create function ops.line_status()
returns table (
  waiting integer, called integer, parked integer,
  wait_low_seconds integer, wait_likely_seconds integer, wait_high_seconds integer, measured_at timestamptz,
  issued_last_minute bigint, mode text, message text
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select figures.waiting, figures.called, figures.parked,
    figures.wait_low_seconds, figures.wait_likely_seconds, figures.wait_high_seconds, figures.measured_at,
    (
      select count(*) from worker.ledger
      where job = 'credential-issuance' and state = 'done' and settled_at > now() - interval '1 minute'
    ),
    control.mode, control.message
  from web.line_control as control left join web.line_figures as figures on true
$$;

revoke all on function ops.line_status() from public;
grant execute on function ops.line_status() to anteroom_ops;
