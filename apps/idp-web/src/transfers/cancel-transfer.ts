import { askToStop, cancelJobs, type Db, inTransaction } from '@anteroom/job-channel'
import type { WebDeps } from '../deps.ts'
import { audit } from './audit.ts'
import { type Concluding, prepareEnd, tellEnd, writeEnd } from './end-transfer.ts'
import { ProblemError } from './problems.ts'
import { findTransfer, lockTransfer, noteCancelAsked, type TransferRow } from './transfer-rows.ts'

/**
 * Ends a transfer that no worker has begun; asks the worker to stop one that it has. Then the file may still come to stand
 * at its destination, if it was nearly there: the state says which it was.
 *
 * @throws ProblemError
 */
export async function cancelTransfer(
  deps: WebDeps,
  consumerId: string,
  id: string,
): Promise<TransferRow> {
  const known = await findTransfer(deps.db, consumerId, id)
  if (!known) throw new ProblemError('not-found')
  if (known.state === 'cancelled') return known
  if (known.endedAt) throw new ProblemError('already-ended')
  const { bytes, attempt, reportSeq } = known
  const end = { state: 'cancelled', problem: 'cancelled', result: null } as const
  const ending = await prepareEnd(deps, known, { ...end, bytes, attempt, reportSeq })
  const isTaken = await inTransaction(deps.db, (tx) => takeOrAsk(tx, ending))
  if (isTaken) await tellEnd(deps, ending)
  return (await findTransfer(deps.db, consumerId, id)) ?? known
}

/** Whether it was taken out of the queue. */
async function takeOrAsk(tx: Db, ending: Concluding): Promise<boolean> {
  const { consumerId, id, jobId } = ending.row
  const row = await lockTransfer(tx, consumerId, id)
  if (!row || row.endedAt) return false
  const [taken] = await cancelJobs(tx, [jobId])
  if (taken !== undefined) return writeEnd(tx, { ...ending, row })
  await askToStop(tx, [jobId])
  const isFirst = row.cancelAskedAt === null
  await noteCancelAsked(tx, id)
  if (isFirst)
    await audit(tx, { consumerId, transferId: id, event: 'transfer cancel asked', facts: {} })
  return false
}
