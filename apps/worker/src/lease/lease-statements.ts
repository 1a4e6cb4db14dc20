import type { Db } from '@anteroom/job-channel'

/** The only home of the lease's columns, and of the name of its lock. */

const lockOf = (workerId: string): string => `hashtextextended('lease/' || ${workerId}, 0)`

/** A beat each second, so a worker whose lock is free and who missed one beat is gone, not late. */
const missedBeatSeconds = 1.5
/** A worker that holds its lock but does not beat is stopped, stuck or cut off. */
const silentSeconds = 10
/** A row locked by nobody we know of is left alone this long: its worker may be about to take its lease. */
const orphanSeconds = 5

/** A claim is begun, and an ended job completed, within milliseconds; this is long after that, and well before the deadline. */
const forgottenSeconds = 8

/** Waits for the lock, for as long as this connection lives. */
export async function lockLease(db: Db, workerId: string): Promise<void> {
  await db.query(`select pg_advisory_lock(${lockOf('$1')})`, [workerId])
}

export async function insertLease(db: Db, workerId: string): Promise<void> {
  await db.query('insert into worker.leases (worker_id) values ($1)', [workerId])
}

/** False if the lease is gone: others have taken this worker for dead. */
export async function beat(db: Db, workerId: string): Promise<boolean> {
  const { rowCount } = await db.query(
    'update worker.leases set heartbeat_at = clock_timestamp() where worker_id = $1',
    [workerId],
  )
  return rowCount === 1
}

export async function deleteLease(db: Db, workerId: string): Promise<void> {
  await db.query('delete from worker.leases where worker_id = $1', [workerId])
}

/** Ends the leases of the dead and names them. */
export async function endDeadLeases(tx: Db): Promise<string[]> {
  const { rows } = await tx.query<{ worker_id: string }>(
    `delete from worker.leases
     where heartbeat_at < clock_timestamp() - make_interval(secs => $2)
        or (heartbeat_at < clock_timestamp() - make_interval(secs => $1)
            and pg_try_advisory_xact_lock(${lockOf('worker_id')}))
     returning worker_id`,
    [missedBeatSeconds, silentSeconds],
  )
  return rows.map((row) => row.worker_id)
}

/** Names those who hold rows of the queue without a lease. */
export async function readOrphans(tx: Db): Promise<string[]> {
  const { rows } = await tx.query<{ locked_by: string }>(
    `select distinct locked_by from graphile_worker._private_jobs
     where locked_at < clock_timestamp() - make_interval(secs => $1)
       and not exists (select from worker.leases where worker_id = locked_by)`,
    [orphanSeconds],
  )
  return rows.map((row) => row.locked_by)
}

/**
 * Frees rows that a living worker holds and does not know of: claimed and never begun, because the reply to the claim was
 * lost with its connection, or ended and never completed, because the completion was lost. If it does begin one after all,
 * the later start's token decides; of one that has ended the ledger knows, and only the row is completed.
 */
export async function freeForgotten(tx: Db): Promise<number> {
  const { rowCount } = await tx.query(
    `update graphile_worker._private_jobs as job set locked_at = null, locked_by = null
     where locked_at < clock_timestamp() - make_interval(secs => $1) and key is not null
       and not exists (
         select from worker.ledger where job_id = job.key and started_at >= job.locked_at
           and (settled_at is null or settled_at > clock_timestamp() - make_interval(secs => $1))
       )`,
    [forgottenSeconds],
  )
  return rowCount ?? 0
}

/** Gives their jobs back to the queue and wakes the others: unlocking alone tells nobody. */
export async function freeJobs(tx: Db, workerIds: readonly string[]): Promise<void> {
  await tx.query('select graphile_worker.force_unlock_workers($1)', [workerIds])
  await wakeWorkers(tx)
}

/** So many places in each worker look for jobs at once. */
export async function wakeWorkers(tx: Db, count = 100): Promise<void> {
  await tx.query(
    `select pg_notify('jobs:insert', json_build_object('r', random(), 'count', $1::integer)::text)`,
    [count],
  )
}

/** Deletes rows that graphile-worker will never run again. How their jobs ended stands in the ledger. */
export async function deleteSpentRows(tx: Db): Promise<void> {
  await tx.query(
    `select graphile_worker.complete_jobs(array(
       select id from graphile_worker._private_jobs
       where not is_available and locked_at is null and updated_at < clock_timestamp() - interval '1 minute'
     ))`,
  )
}
