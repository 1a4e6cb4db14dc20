import { setTimeout as wait } from 'node:timers/promises'
import { type Child, startChild } from '../harness/child.ts'
import type { Figure, Row } from '../harness/row.ts'
import type { OurWebCalls } from '../sides/our-web.ts'
import type { OurWorkerCalls } from '../sides/our-worker.ts'
import type { VendorStubCalls } from '../sides/vendor-stub.ts'

const vendorSeconds = 1

/** The slots are filled one after the other over as long as a call takes: people do not come all at once. */
const fillSteps = 20

/**
 * Whether jobs that only wait cost next to nothing: with so many vendor calls in flight as many jobs end as could if
 * waiting were all there is. Each job makes one call; there are always more jobs than slots.
 */
export function vendorWaits(concurrentJobs: number): Row<'rate' | 'memory'> {
  const ideal = concurrentJobs / vendorSeconds
  return {
    name: `vendor-waits-${concurrentJobs}`,
    lines: {
      rate: {
        title: `${concurrentJobs} vendor calls of ${vendorSeconds} s in one worker`,
        reference: 'ideal',
        unit: 'jobs/s',
        goals: [{ of: 'ratio', at: 'least', value: 0.95 }],
      },
      memory: {
        title: `${concurrentJobs} vendor calls in flight: peak memory`,
        unit: 'MB',
        goals: [{ of: 'figure', at: 'most', value: 350 }],
      },
    },
    async prepare({ bed, size, keep, ...options }) {
      const { web: webEnv, worker: env } = bed.environments
      const web = keep(await startChild<OurWebCalls>('our-web.ts', { env: webEnv }))
      const stub = keep(await startChild<VendorStubCalls>('vendor-stub.ts'))
      const worker = keep(await startChild<OurWorkerCalls>('our-worker.ts', { ...options, env }))
      const seed = (seconds: number) =>
        web.call('seed', { job: 'addressProofing', count: Math.ceil(ideal * seconds) })

      await bed.clear()
      await stub.call('answerAfter', vendorSeconds * 1_000)
      await worker.call('start', { concurrentJobs, vendorUrl: await stub.call('url') })
      for (let step = 0; step < fillSteps; step += 1) {
        // More than begin, so that the first to end find the next.
        await seed((1.5 * vendorSeconds) / fillSteps)
        await wait((vendorSeconds * 1_000) / fillSteps)
      }
      return {
        async round() {
          await seed(size.waitsSeconds + 1)
          const ours = await countEnds(worker, size.waitsSeconds)
          const { peakMemoryMb } = await worker.usage()
          return {
            rate: { ours, reference: { value: ideal } },
            memory: { ours: { value: peakMemoryMb } },
          }
        },
      }
    },
  }
}

async function countEnds(worker: Child<OurWorkerCalls>, seconds: number): Promise<Figure> {
  const [startedAt, endedBefore] = [performance.now(), await worker.call('ended')]
  const before = await worker.usage()
  await wait(seconds * 1_000)
  const ended = (await worker.call('ended')) - endedBefore
  const tookSeconds = (performance.now() - startedAt) / 1_000
  const { cpuUs } = await worker.usage()
  return { value: ended / tookSeconds, nodeCpuUs: (cpuUs - before.cpuUs) / ended }
}
