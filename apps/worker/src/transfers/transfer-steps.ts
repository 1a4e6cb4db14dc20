import type { Db } from '@anteroom/job-channel'
import type { Open, Seal } from '@anteroom/job-contracts'
import { z } from 'zod'
import type { Attempt } from '../ledger/ledger.ts'

const moving = z.object({
  phase: z.literal('moving'),
  filename: z.string(),
  /** As the destination goes on with it. */
  upload: z.unknown().optional(),
  /** Of the source: so many bytes had this SHA-256. */
  read: z.int().nonnegative(),
  sha256: z.string(),
  size: z.int().nonnegative().optional(),
  etag: z.string().optional(),
})

/** Written down before the last byte leaves: whoever finds it looks first whether the file stands there. */
const committing = moving.extend({
  phase: z.literal('committing'),
  size: z.int().nonnegative(),
  mediaType: z.string(),
  proofs: z.array(z.string()),
  /** When, in database time: nothing that stands there of an older date is this file. Rows of releases before have none. */
  at: z.number().optional(),
})

const step = z.discriminatedUnion('phase', [moving, committing])

export type Step = z.output<typeof step>
export type Committing = z.output<typeof committing>

/** How far the moving of one file has come, kept sealed beside the ledger until the job has ended. */
export interface Steps {
  /** What an earlier start wrote down last. */
  read(): Promise<Step | undefined>
  /** A start that has lost the job writes nothing down, and learns so. */
  save(step: Step): Promise<boolean>
  forget(): Promise<void>
  /** Whether this start has the job still: what an earlier one would take back may be another's by now. */
  holds(): Promise<boolean>
  /** Whether somebody asked to stop. */
  mustStop(): Promise<boolean>
}

export interface TransferStepsDeps {
  readonly db: Db
  readonly sealStep: Seal
  readonly openStep: Open
}

export type TransferSteps = (attempt: Attempt) => Steps

export function createTransferSteps({ db, sealStep, openStep }: TransferStepsDeps): TransferSteps {
  return ({ jobId, token }) => {
    const slot = { name: 'transfer', id: jobId }
    return {
      async read() {
        const { rows } = await db.query<{ sealed: string }>(
          'select sealed from worker.transfer_steps where job_id = $1',
          [jobId],
        )
        const [row] = rows
        return row && step.safeParse(JSON.parse(await openStep(slot, row.sealed))).data
      },
      async save(now) {
        const sealed = await sealStep(slot, JSON.stringify(now))
        const { rowCount } = await db.query(
          `insert into worker.transfer_steps as kept (job_id, sealed)
           select job_id, $3 from worker.ledger
           where job_id = $1 and token = $2 and state = 'running'
           on conflict (job_id) do update set sealed = excluded.sealed`,
          [jobId, token, sealed],
        )
        return rowCount === 1
      },
      async forget() {
        await db.query(
          `delete from worker.transfer_steps where job_id = $1
           and exists (select from worker.ledger where job_id = $1 and token = $2)`,
          [jobId, token],
        )
      },
      async holds() {
        const { rows } = await db.query(
          `select from worker.ledger where job_id = $1 and token = $2 and state = 'running'`,
          [jobId, token],
        )
        return rows.length > 0
      },
      async mustStop() {
        const { rows } = await db.query('select from worker.stop_requests where job_id = $1', [
          jobId,
        ])
        return rows.length > 0
      },
    }
  }
}

/**
 * Of jobs that have ended for good: nothing of a file's name or place stays here. One that may be tried once more must find what
 * may stand at its destination by then.
 */
export async function purgeTransferSteps(db: Db): Promise<void> {
  await db.query(
    `with steps as (
       delete from worker.transfer_steps as step using worker.ledger
       where ledger.job_id = step.job_id and ledger.settled_at is not null
         and not exists (select from worker.dead_letters as dead where dead.job_id = step.job_id)
     )
     delete from worker.stop_requests as request using worker.ledger
     where ledger.job_id = request.job_id and ledger.settled_at is not null`,
  )
}
