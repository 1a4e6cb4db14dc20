import { type Db, inSoleTransaction } from '@anteroom/job-channel'
import type { Log } from '@anteroom/runtime'
import type pg from 'pg'
import { type Rounds, repeat } from '../repeat.ts'
import {
  deleteSpentRows,
  endDeadLeases,
  freeForgotten,
  freeJobs,
  readOrphans,
  wakeWorkers,
} from './lease-statements.ts'

export interface LeaseSweepDeps {
  readonly pool: pg.Pool
  /** How long our own lease has been held without a break. */
  readonly heldMs: () => number
  readonly random: () => number
  readonly log: Log
}

const sweepEveryMs = 500
/** After an outage of the database everybody's beat is old: who is back first gives the others time to come back. */
const settledInMs = 3_000
/** Looking for rows without a lease reads the whole queue, so it is done more rarely. */
const orphansEvery = 10

/** Frees the jobs of dead workers. Every worker sweeps, a little out of step, and one at a time. */
export function startLeaseSweep(deps: LeaseSweepDeps): Rounds {
  const { random } = deps
  let count = 0
  const round = () => sweep(deps, count++ % orphansEvery === 0)
  return repeat(round, { everyMs: sweepEveryMs, random })
}

async function sweep({ pool, heldMs, log }: LeaseSweepDeps, thorough: boolean): Promise<void> {
  if (heldMs() < settledInMs) return
  try {
    await inSoleTransaction(pool, 'worker.lease-sweep', async (tx) => {
      const dead = await endDeadLeases(tx)
      if (thorough) dead.push(...(await readOrphans(tx)))
      if (dead.length > 0) {
        await freeJobs(tx, dead)
        log.warn('lease.swept', { count: dead.length })
      }
      if (thorough) await sweepRows(tx, log)
    })
  } catch {
    log.warn('lease.sweep-failed')
  }
}

async function sweepRows(tx: Db, log: Log): Promise<void> {
  await deleteSpentRows(tx)
  const count = await freeForgotten(tx)
  if (count === 0) return
  await wakeWorkers(tx)
  log.warn('lease.forgotten-freed', { count })
}
