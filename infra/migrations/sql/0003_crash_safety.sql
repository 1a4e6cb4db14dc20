-- Who is at work: one row for each worker process, beside a session advisory lock that ends with its connection.
create table worker.leases (
  worker_id text primary key,
  heartbeat_at timestamptz not null default clock_timestamp()
);

-- Every question to a vendor: the intent before it is asked, that it was answered after. A start after a crash takes
-- from here what was answered while other questions were open; the last answer of a start goes straight into the ending.
create table worker.vendor_calls (
  -- Of a row in the ledger. Not a foreign key: its check would cost more than the rest of the row.
  job_id text not null,
  vendor text not null,
  asked_at timestamptz not null default clock_timestamp(),
  answered_at timestamptz,
  -- Sealed for the worker alone, and dropped once the job's ending is pushed. Never there for a start's last answer.
  reply text,
  primary key (job_id, vendor)
);

grant select, insert, update, delete on worker.leases, worker.vendor_calls to anteroom_worker;
