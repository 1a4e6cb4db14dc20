import { type Db, inSoleTransaction } from '@anteroom/job-channel'
import type { Log, Metrics } from '@anteroom/runtime'
import type pg from 'pg'
import type { Answers } from '../answers.ts'
import { purgeTransferSteps } from '../transfers/transfer-steps.ts'
import { keepOverdue, purgeDeadLetters } from './dead-letters.ts'
import { letNextBegin, purgeOrderedJobs } from './job-order.ts'
import type { Settled } from './ledger.ts'
import { purgeLedger, readLeftUnpushed, settleOverdue } from './upkeep-statements.ts'

const sweepEveryMs = 5_000

export interface SweepDeps {
  readonly pool: pg.Pool
  readonly answers: Answers
  readonly log: Log
  readonly metrics: Metrics
}

/**
 * Clears up after workers that died: what they had begun is ended at its deadline, and what they had settled but not
 * pushed is pushed. One worker sweeps at a time; doing it twice is harmless.
 */
export function startSweep(deps: SweepDeps): { stop(): void } {
  const timer = setInterval(() => void sweep(deps), sweepEveryMs).unref()
  return { stop: () => clearInterval(timer) }
}

async function sweep(deps: SweepDeps): Promise<void> {
  const { pool, answers, log } = deps
  try {
    let unpushed: readonly Settled[] = []
    await inSoleTransaction(pool, 'worker.sweep', async (tx) => {
      await endOverdue(tx, deps)
      await purgeLedger(tx)
      await purgeDeadLetters(tx)
      await purgeOrderedJobs(tx)
      await purgeTransferSteps(tx)
      unpushed = await readLeftUnpushed(tx)
    })
    for (const settled of unpushed) await answers.push(settled)
    if (unpushed.length > 0) log.warn('sweep.pushed', { count: unpushed.length })
  } catch {
    log.warn('sweep.failed')
  }
}

async function endOverdue(tx: Db, { log, metrics }: SweepDeps): Promise<void> {
  const ended = await settleOverdue(tx)
  if (ended.length === 0) return
  const jobIds = ended.map(({ jobId }) => jobId)
  for (const task of await keepOverdue(tx, jobIds)) {
    metrics.increment('dead_letters_total', { task })
  }
  await letNextBegin(tx, jobIds)
  for (const { jobId, job } of ended) {
    log.warn('job.failed', { jobId, job, outcome: 'timed-out', code: 'JOB_ABANDONED' })
  }
}
