import { createGroupCommit, type Db, isCommitUnknown } from '@anteroom/job-channel'

/** Jobs that come one after the other: in one stream none begins before those ahead of it have ended for good. */
export interface OrderedJobs {
  /** Whether one ahead of it in its stream has not ended for good. */
  standsBehind(jobId: string): Promise<boolean>
  /** It has ended, or stands behind nobody any more: whoever is next in its stream may begin at once. */
  letNextBegin(jobId: string): Promise<void>
}

export function createOrderedJobs(db: Db): OrderedJobs {
  return {
    async standsBehind(jobId) {
      const { rows } = await db.query<{ behind: boolean }>({
        name: 'ordered-jobs.behind',
        text: 'select worker.stands_behind($1) as behind',
        values: [jobId],
      })
      return rows[0]?.behind === true
    },
    letNextBegin: createGroupCommit({
      async commit(jobIds: readonly string[]) {
        await letNextBegin(db, jobIds)
        return jobIds.map(() => undefined)
      },
      isCommitUnknown,
    }),
  }
}

/** As {@link OrderedJobs} has it, of many. */
export async function letNextBegin(db: Db, jobIds: readonly string[]): Promise<void> {
  await db.query('select worker.let_next_begin($1)', [jobIds])
}

/** As long as the ledger remembers the jobs. */
export async function purgeOrderedJobs(tx: Db): Promise<void> {
  await tx.query(`delete from worker.ordered_jobs where deadline_at < now() - interval '30 days'`)
}
