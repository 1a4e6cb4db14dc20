import { createGroupCommit, type Db, isCommitUnknown } from '@anteroom/job-channel'
import type { JobSlot, Open, Seal } from '@anteroom/job-contracts'
import type { Attempt } from './ledger.ts'

/** The record of what vendors were asked for a job. The only home of the columns of `worker.vendor_calls`. */
export interface VendorCalls {
  /**
   * Writes down that these vendors are about to be asked. Returns, for each that was asked for this job before, what it
   * answered: `undefined` if nobody knows.
   */
  intend(attempt: Attempt, vendors: readonly string[]): Promise<ReadonlyMap<string, unknown>>
  /** Writes down what a vendor answered. A start that has lost the job records nothing. */
  answered(attempt: Attempt, vendor: string, reply: unknown): Promise<void>
}

export interface VendorCallsDeps {
  readonly db: Db
  readonly sealStep: Seal
  readonly openStep: Open
}

interface Answered {
  readonly attempt: Attempt
  readonly vendor: string
  readonly sealed: string
}

interface Intent {
  readonly attempt: Attempt
  readonly vendors: readonly string[]
}

export function createVendorCalls({ db, sealStep, openStep }: VendorCallsDeps): VendorCalls {
  const intend = createGroupCommit({
    commit: (intents: readonly Intent[]) => recordIntents(db, intents),
    isCommitUnknown,
  })
  const answered = createGroupCommit({
    commit: (answers: readonly Answered[]) => recordAnswers(db, answers),
    isCommitUnknown,
  })

  return {
    async intend(attempt, vendors) {
      const before = await intend({ attempt, vendors })
      const opened = before.map(async ({ vendor, reply }): Promise<[string, unknown]> => {
        if (reply === null) return [vendor, undefined]
        return [vendor, JSON.parse(await openStep(slotOf(attempt, vendor), reply))]
      })
      return new Map(await Promise.all(opened))
    },
    async answered(attempt, vendor, reply) {
      const sealed = await sealStep(slotOf(attempt, vendor), JSON.stringify(reply))
      await answered({ attempt, vendor, sealed })
    },
  }
}

const slotOf = ({ jobId }: Attempt, vendor: string): JobSlot => ({ name: vendor, id: jobId })

interface Earlier {
  readonly vendor: string
  readonly reply: string | null
}

async function recordIntents(db: Db, intents: readonly Intent[]): Promise<Earlier[][]> {
  const calls = intents.flatMap(({ attempt, vendors }) =>
    vendors.map((vendor) => ({ jobId: attempt.jobId, vendor })),
  )
  const { rows: asked } = await db.query<{ job_id: string; vendor: string }>({
    name: 'vendor-calls.intend',
    text: `insert into worker.vendor_calls (job_id, vendor)
           select * from unnest($1::text[], $2::text[])
           on conflict do nothing returning job_id, vendor`,
    values: [calls.map(({ jobId }) => jobId), calls.map(({ vendor }) => vendor)],
  })
  const fresh = new Set(asked.map((row) => `${row.job_id} ${row.vendor}`))
  const repeated = calls.filter(({ jobId, vendor }) => !fresh.has(`${jobId} ${vendor}`))
  const earlier =
    repeated.length === 0
      ? []
      : await readReplies(
          db,
          repeated.map(({ jobId }) => jobId),
        )
  return intents.map(({ attempt, vendors }) =>
    earlier.filter(
      ({ job_id, vendor }) =>
        job_id === attempt.jobId && vendors.includes(vendor) && !fresh.has(`${job_id} ${vendor}`),
    ),
  )
}

async function readReplies(
  db: Db,
  jobIds: readonly string[],
): Promise<(Earlier & { job_id: string })[]> {
  const { rows } = await db.query<Earlier & { job_id: string }>(
    'select job_id, vendor, reply from worker.vendor_calls where job_id = any ($1::text[])',
    [jobIds],
  )
  return rows
}

async function recordAnswers(db: Db, answers: readonly Answered[]): Promise<undefined[]> {
  await db.query({
    name: 'vendor-calls.answered',
    text: `update worker.vendor_calls as call set answered_at = clock_timestamp(), reply = answer.reply
           from unnest($1::text[], $2::bigint[], $3::text[], $4::text[]) as answer (job_id, token, vendor, reply)
           join worker.ledger on ledger.job_id = answer.job_id and ledger.token = answer.token
           where call.job_id = answer.job_id and call.vendor = answer.vendor`,
    values: [
      answers.map(({ attempt }) => attempt.jobId),
      answers.map(({ attempt }) => attempt.token),
      answers.map(({ vendor }) => vendor),
      answers.map(({ sealed }) => sealed),
    ],
  })
  return answers.map(() => undefined)
}
