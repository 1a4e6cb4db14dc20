-- Who is at work: one row for each worker process, beside a session advisory lock that ends with its connection.
create table worker.leases (
  worker_id text primary key,
  heartbeat_at timestamptz not null default clock_timestamp()
);

-- Every question to a vendor: the intent before it is asked, the answer after. A start after a crash answers from here.
create table worker.vendor_calls (
  job_id text not null references worker.ledger (job_id) on delete cascade,
  vendor text not null,
  asked_at timestamptz not null default clock_timestamp(),
  answered_at timestamptz,
  -- Sealed for the worker alone, and dropped once the job's ending is pushed.
  reply text,
  primary key (job_id, vendor)
);

grant select, insert, update, delete on worker.leases, worker.vendor_calls to anteroom_worker;
