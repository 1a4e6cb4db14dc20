import { startChild } from '../harness/child.ts'
import { startEventPartners } from '../harness/event-partners.ts'
import { type Figure, inTurn, type Row } from '../harness/row.ts'
import { median, percentile } from '../harness/statistics.ts'
import type { BarePosterCalls } from '../sides/bare-poster.ts'
import type { OurWebCalls } from '../sides/our-web.ts'
import type { OurWorkerCalls } from '../sides/our-worker.ts'

const partners = 10
const concurrentJobs = 100

/** What it costs a person's change that partners are told of it, and how soon and how many of them are. */
export const securityEvents: Row<'foreground' | 'deliveries' | 'latencyP50' | 'latencyP99'> = {
  name: 'security-events',
  lines: {
    foreground: {
      title: `a change told to ${partners} partners: added for each, p50`,
      unit: 'ms',
      goals: [{ of: 'figure', at: 'most', value: 1.5 }],
    },
    deliveries: {
      title: `deliveries of one worker, ${concurrentJobs} at once, through the proxy`,
      reference: 'bare got POST loop, no proxy',
      unit: 'req/s',
      goals: [{ of: 'figure', at: 'least', value: 500 }],
    },
    latencyP50: {
      title: 'commit → receiver, idle, p50',
      reference: 'bare got POST → receiver, p50',
      unit: 'ms',
      goals: [{ of: 'figure', at: 'most', value: 100 }],
    },
    latencyP99: {
      title: 'commit → receiver, idle, p99',
      reference: 'bare got POST → receiver, p99',
      unit: 'ms',
      goals: [{ of: 'figure', at: 'most', value: 1_000 }],
    },
  },
  async prepare({ bed, size, keep, ...options }) {
    const to = keep(await startEventPartners(partners))
    const { receiver, environments } = to
    const env = { BENCH_CA_FILE: to.caFile, BENCH_URL: to.url }
    const bare = keep(await startChild<BarePosterCalls>('bare-poster.ts', { env }))
    const webEnv = { ...bed.environments.web, ...environments.web }
    const web = keep(await startChild<OurWebCalls>('our-web.ts', { ...options, env: webEnv }))
    const workerEnv = { ...bed.environments.worker, ...environments.worker }
    const worker = keep(
      await startChild<OurWorkerCalls>('our-worker.ts', { ...options, env: workerEnv }),
    )
    const { eventJobs, eventTries } = size

    /** The p50 of a change whose account is connected to so many partners. */
    const changeMs = async (connected: number) => {
      await bed.clear()
      await web.call('inviteAnnouncers', { accounts: eventTries, partners: connected })
      return median(await web.call('changeOneByOne'))
    }
    const foreground = async (): Promise<Figure> => {
      const alone = await changeMs(0)
      return { value: ((await changeMs(partners)) - alone) / partners }
    }
    const rateOf = (arrivals: readonly number[], startedAt: number): Figure => ({
      value: arrivals.length / ((Math.max(...arrivals) - startedAt) / 1_000),
    })
    const deliver = async () => {
      await bed.clear()
      await web.call('inviteAnnouncers', { accounts: eventJobs, partners: 1 })
      await web.call('changeAll', { inFlight: 8 })
      await bed.ours.query('analyze graphile_worker._private_jobs')
      await receiver.call('expect', eventJobs)
      const startedAt = performance.timeOrigin + performance.now()
      await worker.call('start', { concurrentJobs })
      const arrivals = await receiver.call('arrived')
      await worker.call('stop')
      return rateOf(arrivals, startedAt)
    }
    const post = async () => {
      await receiver.call('expect', eventJobs)
      const startedAt = performance.timeOrigin + performance.now()
      await bare.call('post', { count: eventJobs, inFlight: concurrentJobs })
      return rateOf(await receiver.call('arrived'), startedAt)
    }
    /** From each to its arrival, one after the other. */
    const delays = async (each: (index: number) => Promise<number>) => {
      const tookMs: number[] = []
      for (let index = 0; index < eventTries; index += 1) {
        await receiver.call('expect', 1)
        const from = await each(index)
        const [at = Number.NaN] = await receiver.call('arrived')
        tookMs.push(at - from)
      }
      return tookMs
    }
    const commitToReceiver = async () => {
      await bed.clear()
      await web.call('inviteAnnouncers', { accounts: eventTries, partners: 1 })
      await worker.call('start', { concurrentJobs })
      const tookMs = await delays((index) => web.call('changeOne', index))
      await worker.call('stop')
      return tookMs
    }
    const postToReceiver = () => delays(() => bare.call('postOne'))

    await deliver()
    await post()
    return {
      async round(oursFirst) {
        const ours = await foreground()
        const deliveries = await inTurn(oursFirst, deliver, post)
        const latency = await inTurn(oursFirst, commitToReceiver, postToReceiver)
        const at = (percent: number) => ({
          ours: { value: percentile(latency.ours, percent) },
          reference: { value: percentile(latency.reference, percent) },
        })
        return { foreground: { ours }, deliveries, latencyP50: at(50), latencyP99: at(99) }
      },
    }
  },
}
