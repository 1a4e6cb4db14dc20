import { inSoleTransaction } from '@anteroom/job-channel'
import type { Log } from '@anteroom/runtime'
import type pg from 'pg'
import type { Answers } from '../answers.ts'
import type { Settled } from './ledger.ts'
import { purgeLedger, readLeftUnpushed, settleOverdue } from './upkeep-statements.ts'

const sweepEveryMs = 5_000

export interface SweepDeps {
  readonly pool: pg.Pool
  readonly answers: Answers
  readonly log: Log
}

/**
 * Clears up after workers that died: what they had begun is ended at its deadline, and what they had settled but not
 * pushed is pushed. One worker sweeps at a time; doing it twice is harmless.
 */
export function startSweep(deps: SweepDeps): { stop(): void } {
  const timer = setInterval(() => void sweep(deps), sweepEveryMs).unref()
  return { stop: () => clearInterval(timer) }
}

async function sweep({ pool, answers, log }: SweepDeps): Promise<void> {
  try {
    let unpushed: readonly Settled[] = []
    await inSoleTransaction(pool, 'worker.sweep', async (tx) => {
      for (const { jobId, job } of await settleOverdue(tx)) {
        log.warn('job.failed', { jobId, job, outcome: 'timed-out', code: 'JOB_ABANDONED' })
      }
      await purgeLedger(tx)
      unpushed = await readLeftUnpushed(tx)
    })
    for (const settled of unpushed) await answers.push(settled)
    if (unpushed.length > 0) log.warn('sweep.pushed', { count: unpushed.length })
  } catch {
    log.warn('sweep.failed')
  }
}
