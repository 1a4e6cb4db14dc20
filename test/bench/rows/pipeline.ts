import type { Bed } from '../harness/bed.ts'
import { type Child, startChild } from '../harness/child.ts'
import type { Drained } from '../harness/meter.ts'
import { type Figure, inTurn, type Row } from '../harness/row.ts'
import type { Seed } from '../harness/seeds.ts'
import type { BareWorkerCalls } from '../sides/bare-worker.ts'
import type { OurWebCalls } from '../sides/our-web.ts'
import type { OurWorkerCalls } from '../sides/our-worker.ts'
import type { VendorStubCalls } from '../sides/vendor-stub.ts'

const concurrentJobs = 24
const reference = 'bare graphile-worker, no-op'

/** How many jobs a second one worker process works off: graphile-worker doing nothing, and ours doing all it does. */
export const pipeline: Row<'oneCall' | 'twoCalls'> = {
  name: 'pipeline',
  lines: {
    oneCall: {
      title: 'full pipeline, a vendor call of 0 ms, local keys',
      reference,
      unit: 'jobs/s',
      goals: [{ of: 'ratio', at: 'least', value: 0.5 }],
    },
    twoCalls: { title: 'the same with two vendor calls', reference, unit: 'jobs/s' },
  },
  async prepare({ bed, size, keep, ...options }) {
    const bare = keep(
      await startChild<BareWorkerCalls>('bare-worker.ts', {
        ...options,
        env: { BENCH_DATABASE_URL: bed.bareUrl },
      }),
    )
    const web = keep(await startChild<OurWebCalls>('our-web.ts', { env: bed.environments.web }))
    const stub = keep(await startChild<VendorStubCalls>('vendor-stub.ts'))
    const worker = keep(
      await startChild<OurWorkerCalls>('our-worker.ts', {
        ...options,
        env: bed.environments.worker,
      }),
    )
    const vendorUrl = await stub.call('url')
    const parts = { bed, web, worker, vendorUrl }
    const sides = (count: number) => ({
      bare: () => drainBare(bed, bare, count),
      oneCall: () => drainOurs({ ...parts, job: 'addressProofing', count }),
      twoCalls: () => drainOurs({ ...parts, job: 'resolutionProofing', count }),
    })

    const warmUp = sides(Math.ceil(size.pipelineJobs / 4))
    await warmUp.bare()
    await warmUp.twoCalls()
    const measured = sides(size.pipelineJobs)
    return {
      async round(oursFirst) {
        const oneCall = await inTurn(oursFirst, measured.oneCall, measured.bare)
        const ours = await measured.twoCalls()
        return { oneCall, twoCalls: { ours, reference: oneCall.reference } }
      },
    }
  },
}

async function drainBare(bed: Bed, worker: Child<BareWorkerCalls>, count: number): Promise<Figure> {
  await bed.clear()
  await addNothings(bed, count)
  await bed.bare.query('analyze graphile_worker._private_jobs')
  return measure(bed, count, async () => {
    const drained = worker.call('next', count)
    await worker.call('start')
    const result = await drained
    await worker.call('stop')
    return result
  })
}

interface OurDrain {
  readonly bed: Bed
  readonly web: Child<OurWebCalls>
  readonly worker: Child<OurWorkerCalls>
  readonly vendorUrl: string
  readonly job: Seed['job']
  readonly count: number
}

async function drainOurs({ bed, web, worker, vendorUrl, job, count }: OurDrain): Promise<Figure> {
  await bed.clear()
  await web.call('seed', { job, count })
  await bed.ours.query('analyze graphile_worker._private_jobs')
  return measure(bed, count, async () => {
    const drained = worker.call('next', count)
    await worker.call('start', { concurrentJobs, vendorUrl })
    const result = await drained
    await worker.call('stop')
    return result
  })
}

/** Queues jobs that do nothing, in one statement. */
async function addNothings(bed: Bed, count: number): Promise<void> {
  await bed.bare.query(
    `select count(*) from graphile_worker.add_jobs(array(
       select ('nothing', '{}', null, null, null, null, null, null)::graphile_worker.job_spec
       from generate_series(1, $1)
     ))`,
    [count],
  )
}

/** The rate of a drain, and what a job cost Node and Postgres. */
export async function measure(
  bed: Bed,
  count: number,
  drain: () => Promise<Drained>,
): Promise<Figure> {
  const before = bed.postgresCpuUs()
  const { seconds, cpuUs } = await drain()
  const after = bed.postgresCpuUs()
  return {
    value: count / seconds,
    nodeCpuUs: cpuUs / count,
    ...(before !== undefined && after !== undefined && { postgresCpuUs: (after - before) / count }),
  }
}
