import { startTestStack } from '../../support/stack.ts'
import { withoutDocuments } from '../../support/walk.ts'
import { type Child, startChild } from '../harness/child.ts'
import { inTurn, type Line, type Row, type Sample } from '../harness/row.ts'
import type { StageMark } from '../harness/stage-clock.ts'
import { median } from '../harness/statistics.ts'
import type { OurWebCalls } from '../sides/our-web.ts'
import type { OurWorkerCalls } from '../sides/our-worker.ts'
import type { VendorStubCalls } from '../sides/vendor-stub.ts'

/** In the order of a job's life; the first only marks where the second begins. */
const stages: readonly string[] = [
  'open details, claim ids',
  'seal payload',
  'enqueue',
  'claim → begin',
  'open payload',
  'vendor calls',
  'seal result',
  'settle',
  'push',
]

const shown = stages.slice(1)

const line = (stage: string): Line => ({
  title: `${stage}: KMS and proxy`,
  reference: 'local keys, stub',
  unit: 'ms',
})

/** What each stage of one job takes on an idle system: as in production, and beside it without KMS, proxy and TLS. */
export const stagesRow: Row = {
  name: 'stages',
  lines: Object.fromEntries(shown.map((stage) => [stage, line(stage)])),
  async prepare({ bed, size, keep, ...options }) {
    const stack = keep(await startTestStack({ keys: 'kms', fsync: true }))
    const stub = keep(await startChild<VendorStubCalls>('vendor-stub.ts'))
    const [kmsWeb, kmsWorker] = [
      keep(
        await startChild<OurWebCalls>('our-web.ts', {
          env: { ...(await stack.environmentFor('web')), ...withoutDocuments },
        }),
      ),
      keep(
        await startChild<OurWorkerCalls>('our-worker.ts', {
          ...options,
          env: await stack.environmentFor('worker'),
        }),
      ),
    ]
    const { web: webEnv, worker: workerEnv } = bed.environments
    const localWeb = keep(await startChild<OurWebCalls>('our-web.ts', { env: webEnv }))
    const localWorker = keep(await startChild<OurWorkerCalls>('our-worker.ts', { env: workerEnv }))
    await kmsWorker.call('start', { concurrentJobs: 24, staged: true })
    await localWorker.call('start', {
      concurrentJobs: 24,
      staged: true,
      vendorUrl: await stub.call('url'),
    })
    const ours = () => follow(kmsWeb, kmsWorker, size.stagedJobs)
    const reference = () => follow(localWeb, localWorker, size.stagedJobs)

    await ours()
    await reference()
    return {
      async round(oursFirst) {
        const found = await inTurn(oursFirst, ours, reference)
        return Object.fromEntries(shown.map((stage) => [stage, sampleOf(stage, found)]))
      },
    }
  },
}

type Followed = ReadonlyMap<string, { readonly ms: number; readonly cpuUs: number }>

/** Medians of each stage over so many jobs, one at a time. */
async function follow(
  web: Child<OurWebCalls>,
  worker: Child<OurWorkerCalls>,
  count: number,
): Promise<Followed> {
  const webMarks = await web.call('answerStaged', count)
  const marks = byJob([...webMarks, ...(await worker.call('marks'))])
  return new Map(shown.map((stage) => [stage, medianOf(stage, marks)]))
}

function byJob(marks: readonly StageMark[]): ReadonlyMap<string, StageMark>[] {
  const jobs = Map.groupBy(marks, ({ jobId }) => jobId)
  return [...jobs.values()].map((own) => new Map(own.map((mark) => [mark.stage, mark])))
}

function medianOf(stage: string, jobs: readonly ReadonlyMap<string, StageMark>[]) {
  const before = stages[stages.indexOf(stage) - 1] ?? ''
  const both = jobs.flatMap((job) => {
    const [from, to] = [job.get(before), job.get(stage)]
    return from && to ? [{ ms: (to.atNs - from.atNs) / 1e6, cpuUs: to.cpuUs }] : []
  })
  return { ms: median(both.map(({ ms }) => ms)), cpuUs: median(both.map(({ cpuUs }) => cpuUs)) }
}

function sampleOf(stage: string, found: { ours: Followed; reference: Followed }): Sample {
  const figure = (followed: Followed) => {
    const { ms = Number.NaN, cpuUs } = followed.get(stage) ?? {}
    return { value: ms, nodeCpuUs: cpuUs }
  }
  return { ours: figure(found.ours), reference: figure(found.reference) }
}
