-- One trace from asking for a transfer to the webhook about its end, and messages that were given up may be sent once more.

-- Of the request that asked for it. Null: it was asked before there was this column, and every round begins a trace.
alter table web.transfers add column traceparent text;

-- Messages to consumers that did not arrive yet, or never did, oldest first.
create function ops.transfer_webhooks(of_consumer text, at_most integer)
returns table (
  id text, consumer text, transfer_id text, state text, round integer, made_at timestamptz, next_round_at timestamptz,
  ended_at timestamptz
)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
  select id, consumer_id, transfer_id, state, round, made_at, next_round_at, ended_at from web.transfer_webhooks
  where state <> 'delivered' and (of_consumer is null or consumer_id = of_consumer) order by made_at, id limit at_most
$$;

-- Gives messages that were given up all their rounds again, the first at once: those named, or the oldest thousand of a consumer.
-- Names them. They are signed by the web, with the secret and for the address that its consumer has by then.
create function ops.replay_transfer_webhooks(actor text, messages text[], of_consumer text)
returns setof text
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  taken record;
begin
  for taken in
    with replayed as (
      update web.transfer_webhooks set state = 'waiting', round = 0, next_round_at = now(), ended_at = null
      where id in (
        select dead.id from web.transfer_webhooks as dead
        where dead.state = 'dead' and (dead.id = any (messages) or dead.consumer_id = of_consumer)
        order by dead.made_at, dead.id limit 1000 for update
      )
      returning id, consumer_id
    )
    select consumer_id, array_agg(id order by id) as ids from replayed group by consumer_id order by consumer_id
  loop
    perform ops.audit_transfers(
      actor, 'transfer webhook replay', taken.consumer_id, jsonb_build_object('messages', taken.ids)
    );
    return query select unnest(taken.ids);
  end loop;
end;
$$;

revoke all on function ops.transfer_webhooks(text, integer), ops.replay_transfer_webhooks(text, text[], text) from public;
grant execute on function ops.transfer_webhooks(text, integer), ops.replay_transfer_webhooks(text, text[], text) to anteroom_ops;
