-- The line of people who wait for their credential. Redis knows who is present and in which order they stand; what is
-- here outlives it. Nothing here says who a person is: ids are random, people are keyed hashes, the job is sealed.

create sequence web.ticket_numbers;

-- One row for each place, kept a month. A place that is taken up again is a new row with the same number.
create table web.tickets (
  -- Also the id of the job that issues the credential.
  id text primary key,
  number bigint not null,
  state text not null default 'waiting' constraint ticket_state_known
    check (state in ('waiting', 'called', 'issued', 'failed', 'lapsed', 'moved', 'given-up')),
  reason text,
  -- Keyed hashes of the signed device cookie and of the Social Security number; hash of the session.
  person text,
  subject text,
  holder text,
  credential_id text,
  -- The packed job, sealed for the worker. It stays while the ticket may be put back into the line.
  wire jsonb,
  joined_at timestamptz not null,
  deadline_at timestamptz,
  ended_at timestamptz,
  constraint ticket_wire_where_needed check ((wire is not null) = (state in ('waiting', 'called'))),
  -- Whose place it was is forgotten with its end, except where a failure of ours keeps the place for a while.
  constraint ticket_forgets check (
    state in ('waiting', 'called')
    or num_nonnulls(person, subject, holder, credential_id) = case when state = 'failed' and subject is not null then 4 else 0 end
  )
);

-- One live or kept place for each Social Security number, and for each number of the line.
create unique index tickets_of_subject on web.tickets (subject);
create unique index tickets_numbers on web.tickets (number) where subject is not null;
create index tickets_of_person on web.tickets (person) where person is not null;
create index tickets_live on web.tickets (joined_at, id) where state in ('waiting', 'called');
create index tickets_called on web.tickets (deadline_at) where state = 'called';
create index tickets_kept on web.tickets (ended_at) where state = 'failed' and subject is not null;
create index tickets_ended on web.tickets (ended_at) where ended_at is not null;

-- Whether a text has neither control nor format nor private characters and is one line (Unicode 16, categories Cc, Cf, Co,
-- Zl and Zp): it shows what it says, in a page as in a terminal.
create function web.is_plain_line(line text)
returns boolean
language sql immutable set search_path = pg_catalog, pg_temp as $$
  select line !~ (
    '[\u0001-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e'
    '\u2060-\u206f\ue000-\uf8ff\ufeff\ufff0-\ufffb\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3'
    '\U0001d173-\U0001d17a\U000e0000-\U000e00ff\U000f0000-\U0010ffff]'
  )
$$;

-- What the operators say of the line. One row.
create table web.line_control (
  only_row boolean primary key default true check (only_row),
  mode text not null default 'open' constraint line_mode_known check (mode in ('open', 'drained')),
  message text
    constraint line_message_short check (length(message) <= 300)
    constraint line_message_plain check (web.is_plain_line(message)),
  changed_at timestamptz not null default now()
);
insert into web.line_control default values;

-- What the line looks like, for operators, who have no access to Redis. One row, written while somebody is
-- there, and once more when nobody is.
create table web.line_figures (
  only_row boolean primary key default true check (only_row),
  waiting integer not null,
  parked integer not null,
  called integer not null,
  -- How long somebody would wait who joins now. Null while it is not known, as in a pause.
  wait_low_seconds integer,
  wait_likely_seconds integer,
  wait_high_seconds integer,
  measured_at timestamptz not null
);

-- Gives each rider a place, all in one commit. Never raises for a rider, and answers a repeated rider as before.
-- Answers in rider order; times are milliseconds since the epoch. Entry: whether the place is 'new', was taken over from
-- another session ('moved'), was kept after a failure ('kept'); null if the rider had it already.
-- riders: [{ "wire", "person", "subjects": […newest first], "holder", "isFull", "limits": […] }, …]
create function web.join_line(riders jsonb)
returns table (
  answer text, ticket_id text, ticket_number bigint, ticket_state text, deadline_at bigint, retry_at bigint, entry text
)
language plpgsql set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off as $$
declare
  rider jsonb;
  ticket web.tickets;
  is_open constant boolean := (select mode = 'open' from web.line_control);
begin
  -- One lock for each limit and each number, taken in one order by everyone.
  perform pg_advisory_xact_lock(lock_id)
  from (
    select hashtextextended(rule ->> 'key', 0) as lock_id
    from jsonb_array_elements(riders) as r, jsonb_array_elements(r -> 'limits') as rule
    union
    select hashtextextended('ticket/' || subject, 0)
    from jsonb_array_elements(riders) as r, jsonb_array_elements_text(r -> 'subjects') as subject
    order by 1
  ) as locks;
  -- The places that are there already, in the order in which everybody locks several.
  perform from web.tickets
  where id = any (array(
    select found.id from web.tickets as found
    where found.subject = any (array(
      select mine from jsonb_array_elements(riders) as r, jsonb_array_elements_text(r -> 'subjects') as mine
    ))
  ))
  order by id for update;

  for rider in select value from jsonb_array_elements(riders) loop
    select * into ticket from web.tickets
    where subject = any (array(select jsonb_array_elements_text(rider -> 'subjects')))
    -- Not by the number as it is: Postgres would go along all the places by their numbers until it meets one of these.
    order by number + 0 limit 1 for update;
    retry_at := ceil(extract(epoch from web.limited_until(rider -> 'limits')) * 1000);
    answer := case
      when ticket.id = rider -> 'wire' ->> 'id' then 'in-line'
      when ticket.state <> 'failed' and ticket.holder = rider ->> 'holder' then 'in-line'
      when ticket.state = 'called' and ticket.deadline_at > now() then 'busy-elsewhere'
      when ticket.id is null and not is_open then 'closed'
      when ticket.id is null and (rider ->> 'isFull')::boolean then 'full'
      when retry_at is not null then 'limited'
    end;
    entry := null;
    if answer is null then
      answer := 'in-line';
      entry := case when ticket.id is null then 'new' when ticket.state = 'waiting' then 'moved' else 'kept' end;
      ticket := web.take_place(rider, ticket);
    end if;
    ticket_id := ticket.id;
    ticket_number := ticket.number;
    ticket_state := ticket.state;
    deadline_at := floor(extract(epoch from ticket.deadline_at) * 1000);
    return next;
  end loop;
end;
$$;

-- A new place, or the one of `before`: its number, and the credential that its job may have begun to make.
create function web.take_place(rider jsonb, before web.tickets)
returns web.tickets
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  ticket web.tickets;
  credential constant text := coalesce(before.credential_id, rider -> 'wire' -> 'clear' ->> 'credentialId');
begin
  update web.tickets set
    state = case state when 'waiting' then 'moved' else 'failed' end,
    reason = case state when 'called' then 'timed-out' else reason end,
    person = null, subject = null, holder = null, credential_id = null, wire = null, ended_at = coalesce(ended_at, now())
  where id = before.id;
  insert into web.tickets (id, number, person, subject, holder, credential_id, wire, joined_at)
  values (
    rider -> 'wire' ->> 'id', coalesce(before.number, nextval('web.ticket_numbers')),
    rider ->> 'person', rider -> 'subjects' ->> 0, rider ->> 'holder', credential,
    jsonb_set(rider -> 'wire', '{clear,credentialId}', to_jsonb(credential)), now()
  )
  returning * into ticket;
  insert into web.limit_uses (limit_key, attempt_id, used_at, lasting)
  select distinct rule ->> 'key', ticket.id, now(), (rule ->> 'lasting')::boolean from jsonb_array_elements(rider -> 'limits') as rule;
  return ticket;
end;
$$;

-- Carries out what was decided in Redis: these people are called (their jobs enqueued), these are put back into the line
-- if no worker has claimed their jobs, and these places are over. Harmless to repeat. Names those that are live
-- afterwards, and how they are; deadlines are milliseconds since the epoch.
create function web.move_tickets(to_call text[], to_put_back text[], to_lapse text[], deadline_seconds integer)
returns table (ticket_id text, ticket_state text, deadline_at bigint)
language plpgsql set search_path = pg_catalog, pg_temp
set plan_cache_mode = force_generic_plan set jit = off set enable_seqscan = off as $$
declare
  everybody constant text[] := to_call || to_put_back || to_lapse;
  riders jsonb;
begin
  -- In one order, as everybody who locks several.
  perform from web.tickets where id = any (everybody) order by id for update;

  with called as (
    update web.tickets as ticket set state = 'called', deadline_at = now() + make_interval(secs => deadline_seconds)
    where id = any (to_call) and state = 'waiting'
    returning number, wire
  )
  select jsonb_agg(jsonb_build_object('wire', wire, 'deadlineSeconds', deadline_seconds) order by number) into riders from called;
  if riders is not null then
    perform channel.enqueue(riders);
  end if;

  update web.tickets as ticket set state = 'waiting', deadline_at = null
  from channel.cancel(to_put_back) as cancelled (id)
  where ticket.id = cancelled.id and state = 'called';

  update web.tickets set
    state = 'lapsed', person = null, subject = null, holder = null, credential_id = null, wire = null, ended_at = now()
  where id = any (to_lapse) and state = 'waiting';

  return query
    select ticket.id, ticket.state, floor(extract(epoch from ticket.deadline_at) * 1000)::bigint
    from web.tickets as ticket
    where id = any (everybody) and state in ('waiting', 'called');
end;
$$;

revoke all on all functions in schema web from public;
grant usage on sequence web.ticket_numbers to anteroom_web;
grant select, insert, update, delete on web.tickets, web.line_figures to anteroom_web;
grant select on web.line_control to anteroom_web;
grant execute on all functions in schema web to anteroom_web;
