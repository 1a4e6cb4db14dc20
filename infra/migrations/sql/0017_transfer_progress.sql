-- How far the moving of a file has come: sealed (`step`), gone once the job has ended.
create table worker.transfer_steps (
  job_id text primary key,
  sealed text not null
);
alter table worker.transfer_steps alter column sealed set storage external;

-- The sealed result is kept with the job and told again with its report.
alter table worker.ledger add column reports_result boolean not null default false;

grant select, insert, update, delete on worker.transfer_steps to anteroom_worker;
