import { setTimeout as wait } from 'node:timers/promises'
import pg from 'pg'
import { startTestStack } from '../../support/stack.ts'
import { type BacklogOptions, keepBacklog } from '../harness/backlog.ts'
import type { Bed } from '../harness/bed.ts'
import { type Child, startChild } from '../harness/child.ts'
import { postgresCpuUs } from '../harness/postgres-cpu.ts'
import { type Figure, inTurn, type Line, type Row, type Sample } from '../harness/row.ts'
import type { BareWorkerCalls } from '../sides/bare-worker.ts'
import type { OurWebCalls } from '../sides/our-web.ts'
import type { OurWorkerCalls } from '../sides/our-worker.ts'

/** Half of what a worker has unless it is told otherwise, so that two cores have room for four of them, and for the vendors. */
const slots = 50
const vendorSeconds = 1
const backlog = 200
/** By then connections are open, code is compiled, and whoever begins came when the queue was as it is kept. */
const warmedUpAfter = (workers: number) => backlog + workers * slots

const reference = 'bare graphile-worker, jobs that wait 1 s'

const rateOf = (workers: string): Line => ({
  title: `${workers} of ${slots} checks at once, a vendor call of ${vendorSeconds} s each`,
  reference,
  unit: 'jobs/s',
})
const delayOf = (workers: string): Line => ({
  title: `${workers}: from enqueue to start behind ${backlog} others, p50`,
  unit: 'ms',
})

/**
 * What more worker processes bring: the whole way of a check, with local keys, through the outbound proxy to the
 * sandbox, which takes a second for each call, from a queue that is never empty. Beside it bare graphile-worker with as
 * many processes and slots, whose jobs do nothing but wait as long.
 */
export const scale: Row<'one' | 'oneDelay' | 'two' | 'twoDelay' | 'four' | 'fourDelay'> = {
  name: 'scale',
  lines: {
    one: rateOf('1 worker'),
    oneDelay: delayOf('1 worker'),
    two: rateOf('2 workers'),
    twoDelay: delayOf('2 workers'),
    four: rateOf('4 workers'),
    fourDelay: delayOf('4 workers'),
  },
  async prepare({ bed, size, keep, ...options }) {
    const ours = await startOurs(keep)
    const bare = startBare(bed)
    const side = async (from: Side, workers: number) => {
      const children = await Promise.all(
        Array.from({ length: workers }, async () => keep(await from.startWorker(options))),
      )
      const measured = await drainBacklog(from, children, size.scaleSeconds)
      await Promise.all(children.map((child) => child.stop()))
      await from.clear()
      return measured
    }
    const both = async (workers: number, oursFirst: boolean): Promise<Both> => {
      const sample = await inTurn(
        oursFirst,
        () => side(ours, workers),
        () => side(bare, workers),
      )
      return {
        rate: { ours: sample.ours.rate, reference: sample.reference.rate },
        delay: { ours: sample.ours.delay ?? { value: Number.NaN } },
      }
    }
    let roundsLeft = size.longRounds
    return {
      async round(oursFirst) {
        if (roundsLeft-- <= 0) return {}
        const one = await both(1, oursFirst)
        const two = await both(2, oursFirst)
        const four = await both(4, oursFirst)
        return {
          ...{ one: one.rate, oneDelay: one.delay },
          ...{ two: two.rate, twoDelay: two.delay },
          ...{ four: four.rate, fourDelay: four.delay },
        }
      },
    }
  },
}

interface Both {
  readonly rate: Sample
  readonly delay: Sample
}

/** A worker that counts what it has ended. */
interface Counting {
  ended(): Promise<number>
  cpuUs(): Promise<number>
  stop(): Promise<void>
}

interface Side {
  startWorker(options: { readonly profileDirectory?: string | undefined }): Promise<Counting>
  readonly queue: BacklogOptions
  postgresCpuUs(): number | undefined
  clear(): Promise<void>
  /** In milliseconds, of jobs that began since that moment; undefined where nobody writes it down. */
  delayMs?(since: Date): Promise<number>
}

async function startOurs(
  keep: <Part extends { stop(): Promise<void> }>(part: Part) => Part,
): Promise<Side> {
  const stack = keep(await startTestStack({ keys: 'local', fsync: true }))
  const env = await stack.environmentFor('worker')
  const web = keep(
    await startChild<OurWebCalls>('our-web.ts', { env: await stack.environmentFor('web') }),
  )
  const pool = new pg.Pool({ connectionString: stack.adminUrl, max: 2 })
  // The server may close idle connections before they are put away.
  pool.on('error', () => undefined)
  keep({ stop: () => pool.end() })
  const seed = { job: 'addressProofing', firstName: `Slow ${vendorSeconds}` } as const
  return {
    async startWorker(options) {
      const child = await startChild<OurWorkerCalls>('our-worker.ts', { ...options, env })
      await child.call('start', { concurrentJobs: slots })
      return counting(child)
    },
    queue: { pool, size: backlog, add: (count) => web.call('seed', { ...seed, count }) },
    postgresCpuUs: () => postgresCpuUs(stack.postgres.dataDirectory),
    clear: async () => {
      await pool.query('truncate graphile_worker._private_jobs, worker.ledger, worker.vendor_calls')
    },
    async delayMs(since) {
      const { rows } = await pool.query<{ delay: number }>(
        `select percentile_cont(0.5) within group (
           order by extract(epoch from started_at - enqueued_at) * 1000
         ) as delay from worker.ledger where started_at > $1`,
        [since],
      )
      return rows[0]?.delay ?? Number.NaN
    },
  }
}

function startBare(bed: Bed): Side {
  const env = { BENCH_DATABASE_URL: bed.bareUrl }
  const add = async (count: number) => {
    await bed.bare.query(
      `select count(*) from graphile_worker.add_jobs(array(
         select ('second', '{}', null, null, null, null, null, null)::graphile_worker.job_spec
         from generate_series(1, $1)
       ))`,
      [count],
    )
  }
  return {
    async startWorker(options) {
      const child = await startChild<BareWorkerCalls>('bare-worker.ts', { ...options, env })
      await child.call('start', { concurrency: slots })
      return counting(child)
    },
    queue: { pool: bed.bare, size: backlog, add },
    postgresCpuUs: bed.postgresCpuUs,
    clear: () => bed.clear(),
  }
}

function counting(child: Child<{ ended(): number }>): Counting {
  return {
    ended: () => child.call('ended'),
    cpuUs: async () => (await child.usage()).cpuUs,
    stop: () => child.stop(),
  }
}

/** Jobs that end in a second, what one costs, and how long it stood in the queue. */
async function drainBacklog(
  side: Side,
  workers: readonly Counting[],
  seconds: number,
): Promise<{ rate: Figure; delay: Figure | undefined }> {
  const kept = await keepBacklog(side.queue)
  while ((await reading(side, workers)).ended < warmedUpAfter(workers.length)) await wait(100)
  const since = new Date()
  const before = await reading(side, workers)
  await wait(seconds * 1_000)
  const after = await reading(side, workers)
  const delayMs = await side.delayMs?.(since)
  await kept.stop()

  const ended = after.ended - before.ended
  return {
    rate: {
      value: ended / ((after.at - before.at) / 1_000),
      nodeCpuUs: (after.cpuUs - before.cpuUs) / ended,
      ...(before.postgresCpuUs !== undefined &&
        after.postgresCpuUs !== undefined && {
          postgresCpuUs: (after.postgresCpuUs - before.postgresCpuUs) / ended,
        }),
    },
    delay: delayMs === undefined ? undefined : { value: delayMs },
  }
}

async function reading(side: Side, workers: readonly Counting[]) {
  const sum = (numbers: readonly number[]) => numbers.reduce((total, one) => total + one, 0)
  return {
    at: performance.now(),
    ended: sum(await Promise.all(workers.map((worker) => worker.ended()))),
    cpuUs: sum(await Promise.all(workers.map((worker) => worker.cpuUs()))),
    postgresCpuUs: side.postgresCpuUs(),
  }
}
