-- What a replay of transfers looks at, and what it puts an end to.

-- As before; what was to be told of the end that no longer holds is not told any more, if it waits for its next round.
create or replace function web.revive_transfers(actor text, job_ids text[])
returns void
language sql set search_path = pg_catalog, pg_temp as $$
  -- Before any chain of the audit, as whoever ends a round does.
  update web.transfer_webhooks set state = 'dead', next_round_at = null, ended_at = now()
  where state = 'waiting' and transfer_id in (select id from web.transfers where job_id = any (job_ids));
  with revived as (
    update web.transfers as transfer set
      state = 'waiting', attempt = 0, next_try = now(), ended_at = null, deadline_at = ledger.deadline_at
    from worker.ledger
    where ledger.job_id = transfer.job_id and transfer.job_id = any (job_ids)
    returning transfer.consumer_id, transfer.id
  )
  select web.append_transfer_audit(consumer_id, 'transfer replayed', id, jsonb_build_object('actor', actor))
  -- Chains in the order of their names: who adds to several never waits for somebody who waits for them.
  from (select * from revived order by consumer_id, id) as one;
$$;

-- As before; nor is one tried again whose consumer is disabled, or may not use its destination any more: 'gone'.
create or replace function ops.replay_dead_letters(actor text, job_ids text[])
returns table (job_id text, answer text)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
#variable_conflict use_column
declare
  wanted text;
  taken text[] := '{}';
begin
  -- Before any chain of the audit, as whoever ends a transfer does.
  perform from web.transfers as transfer where transfer.job_id = any (job_ids) order by transfer.id for update;
  for wanted in select worker.in_order(job_ids) loop
    job_id := wanted;
    answer := 'gone';
    if not exists (
      select from worker.dead_letters as dead
      where dead.job_id = wanted and dead.job = 'document-transfer' and not exists (
        select from web.transfers as transfer
        join web.transfer_consumers as consumer on consumer.id = transfer.consumer_id
        where transfer.job_id = wanted and cancel_asked_at is null
          and consumer.active and transfer.destination = any (consumer.destinations)
      )
    ) then
      answer := worker.revive_dead_letter(wanted);
    end if;
    if answer = 'queued' then
      taken := taken || wanted;
    end if;
    return next;
  end loop;
  perform web.revive_transfers(actor, taken);
  insert into ops.audit (actor, command, arguments)
  select actor, 'dead replay', jsonb_build_object('jobs', taken) where cardinality(taken) > 0;
end;
$$;
