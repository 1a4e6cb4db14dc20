import { setTimeout as wait } from 'node:timers/promises'
import { startChild } from '../harness/child.ts'
import { inTurn, type Row } from '../harness/row.ts'
import { median, percentile } from '../harness/statistics.ts'
import type { BareEnqueuerCalls } from '../sides/bare-enqueuer.ts'
import type { BareWorkerCalls } from '../sides/bare-worker.ts'
import type { OurWebCalls } from '../sides/our-web.ts'
import type { OurWorkerCalls } from '../sides/our-worker.ts'
import type { VendorStubCalls } from '../sides/vendor-stub.ts'

const perSecond = 200
const vendorMs = 100

/** How long a person waits for us rather than for a vendor: from submit until their page can see the answer. */
export const latency: Row<'idle' | 'loadedP50' | 'loadedP99'> = {
  name: 'latency',
  lines: {
    idle: {
      title: 'submit → answer visible, idle, p50',
      reference: 'bare addJob → start, p50',
      unit: 'ms',
      goals: [{ of: 'ratio', at: 'most', value: 3 }],
    },
    loadedP50: {
      title: `the same at ${perSecond}/s, vendor ${vendorMs} ms, less that: p50`,
      unit: 'ms',
      goals: [{ of: 'figure', at: 'most', value: 10 }],
    },
    loadedP99: {
      title: `the same at ${perSecond}/s: p99`,
      unit: 'ms',
      goals: [{ of: 'figure', at: 'most', value: 60 }],
    },
  },
  async prepare({ bed, size, keep, ...options }) {
    const bareEnv = { BENCH_DATABASE_URL: bed.bareUrl }
    const adder = keep(await startChild<BareEnqueuerCalls>('bare-enqueuer.ts', { env: bareEnv }))
    const bare = keep(await startChild<BareWorkerCalls>('bare-worker.ts', { env: bareEnv }))
    const stub = keep(await startChild<VendorStubCalls>('vendor-stub.ts'))
    const { web: webEnv, worker: workerEnv } = bed.environments
    const web = keep(await startChild<OurWebCalls>('our-web.ts', { ...options, env: webEnv }))
    const worker = keep(
      await startChild<OurWorkerCalls>('our-worker.ts', { ...options, env: workerEnv }),
    )
    await bed.clear()
    await bare.call('start')
    await worker.call('start', { concurrentJobs: 100, vendorUrl: await stub.call('url') })

    const idleOurs = async () => {
      await stub.call('answerAfter', 0)
      return { value: median(await web.call('answerOneByOne', size.idleJobs)) }
    }
    const idleBare = async () => {
      await adder.call('addOneByOne', size.idleJobs)
      // The last ones have been added, and may not have started.
      await wait(100)
      return { value: median(await bare.call('startDelaysMs')) }
    }
    await idleOurs()
    await idleBare()
    return {
      async round(oursFirst) {
        const idle = await inTurn(oursFirst, idleOurs, idleBare)
        await stub.call('answerAfter', vendorMs)
        const count = perSecond * size.loadedSeconds
        const tookMs = await web.call('answerAtRate', { count, perSecond })
        return {
          idle,
          loadedP50: { ours: { value: median(tookMs) - vendorMs } },
          loadedP99: { ours: { value: percentile(tookMs, 99) - vendorMs } },
        }
      },
    }
  },
}
