import { createGroupCommit, type Db, isCommitUnknown } from '@anteroom/job-channel'
import type { JobSlot, Open, Seal } from '@anteroom/job-contracts'
import type { Attempt } from './ledger.ts'

/** What vendors answered for a job, beside the ledger: a start after a crash takes it from here. */
export interface VendorCalls {
  /** What earlier starts of the job were answered, by vendor: `undefined` if a vendor was asked and nobody knows what it said. */
  earlier(attempt: Attempt): Promise<ReadonlyMap<string, unknown>>
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

const nothingEarlier: ReadonlyMap<string, unknown> = new Map()

export function createVendorCalls({ db, sealStep, openStep }: VendorCallsDeps): VendorCalls {
  const record = createGroupCommit({
    commit: (answers: readonly Answered[]) => recordAnswers(db, answers),
    isCommitUnknown,
  })

  return {
    async earlier(attempt) {
      if (attempt.starts === 1) return nothingEarlier
      const { rows } = await db.query<{ vendor: string; reply: string | null }>(
        'select vendor, reply from worker.vendor_calls where job_id = $1',
        [attempt.jobId],
      )
      const opened = rows.map(async ({ vendor, reply }): Promise<[string, unknown]> => {
        if (reply === null) return [vendor, undefined]
        return [vendor, JSON.parse(await openStep(slotOf(attempt, vendor), reply))]
      })
      return new Map(await Promise.all(opened))
    },
    async answered(attempt, vendor, reply) {
      const sealed = await sealStep(slotOf(attempt, vendor), JSON.stringify(reply))
      await record({ attempt, vendor, sealed })
    },
  }
}

const slotOf = ({ jobId }: Attempt, vendor: string): JobSlot => ({ name: vendor, id: jobId })

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
