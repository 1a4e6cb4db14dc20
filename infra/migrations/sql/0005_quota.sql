-- How often vendors may be called, as far as an operator has said so. The worker publishes it in Redis.
create table worker.quotas (
  vendor text primary key,
  -- Of the latest command; an older one changes nothing.
  revision bigint not null,
  -- Null: as in the worker's settings.
  calls integer,
  window_seconds integer,
  -- No calls until an operator says that they may go on.
  stopped boolean not null
);

grant select, insert, update on worker.quotas to anteroom_worker;
