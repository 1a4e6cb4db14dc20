import { setTimeout as wait } from 'node:timers/promises'
import type pg from 'pg'
import { startChild } from '../harness/child.ts'
import { inTurn, type Row } from '../harness/row.ts'
import type { OurQueueCalls } from '../sides/our-queue.ts'
import { measure } from './pipeline.ts'

const tables = ['graphile_worker._private_jobs', 'worker.ledger']

/**
 * Whether a burst onto a queue that was long idle is worked off as fast as any other. Vacuumed while empty, a table looks
 * empty to the planner, and graphile-worker's claim then reads all of it each time. The tasks keep the ledger and do nothing else.
 */
export const burst: Row<'burst'> = {
  name: 'burst',
  lines: {
    burst: {
      title: 'burst onto a queue vacuumed while empty',
      reference: 'onto one analysed while full',
      unit: 'jobs/s',
      goals: [{ of: 'ratio', at: 'least', value: 0.9 }],
    },
  },
  async prepare({ bed, size, keep, ...options }) {
    const queue = keep(
      await startChild<OurQueueCalls>('our-queue.ts', { ...options, env: bed.environments.worker }),
    )
    // Autovacuum may come between, or not; here the statistics are as the row says.
    for (const table of tables) {
      await bed.ours.query(`alter table ${table} set (autovacuum_enabled = off)`)
    }
    const { burstJobs: count } = size
    const drain = async (statistics: (ours: pg.Pool) => Promise<void>) => {
      await bed.clear()
      await statistics(bed.ours)
      await queue.call('start')
      // The idle worker plans its claim, and keeps the plan.
      for (let jobs = 0; jobs < 10; jobs += 1) {
        const one = queue.call('next', 1)
        await addToOurs(bed.ours, 1)
        await one
      }
      await wait(500)
      const figure = await measure(bed, count, async () => {
        const all = queue.call('next', count)
        await addToOurs(bed.ours, count)
        return all
      })
      await queue.call('stop')
      return figure
    }
    const ours = () => drain(vacuumWhileEmpty)
    const reference = () => drain((pool) => analyseWhileFull(pool, count))

    await reference()
    return { round: async (oursFirst) => ({ burst: await inTurn(oursFirst, ours, reference) }) }
  },
}

async function vacuumWhileEmpty(ours: pg.Pool): Promise<void> {
  for (const table of tables) await ours.query(`vacuum analyze ${table}`)
}

async function analyseWhileFull(ours: pg.Pool, count: number): Promise<void> {
  await addToOurs(ours, count)
  for (const table of tables) await ours.query(`analyze ${table}`)
  await ours.query('delete from graphile_worker._private_jobs')
}

/** Queue rows whose payload is only what the ledger must know. */
async function addToOurs(ours: pg.Pool, count: number): Promise<void> {
  await ours.query(
    `select count(*) from graphile_worker.add_jobs(array(
       select ('nothing', json_build_object('id', gen_random_uuid()), null, null, null, null, null, null)::graphile_worker.job_spec
       from generate_series(1, $1)
     ))`,
    [count],
  )
}
