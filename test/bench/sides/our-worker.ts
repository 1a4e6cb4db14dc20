import {
  createLog,
  createMetrics,
  createS3SettingsReader,
  createShutdown,
  loadSettings,
} from '@anteroom/runtime'
import {
  createAddressClient,
  createRegistryClient,
  createResolutionClient,
  createStateIdClient,
} from '@anteroom/vendor-clients'
import { createDirectVendorHttp } from '@anteroom/vendor-clients/bench-door'
import { workerSettings } from '../../../apps/worker/src/config.ts'
import { createDeps, type WorkerDeps } from '../../../apps/worker/src/deps.ts'
import { startSweep } from '../../../apps/worker/src/ledger/sweep.ts'
import { createTaskList } from '../../../apps/worker/src/tasks/index.ts'
import type { Vendors } from '../../../apps/worker/src/vendors.ts'
import { startLeasedQueue } from '../harness/leased-queue.ts'
import { createMeter } from '../harness/meter.ts'
import { createReadingMeter } from '../harness/reading-meter.ts'
import { serve } from '../harness/serve.ts'
import { createStageClock, type StageMark } from '../harness/stage-clock.ts'

/** The worker with everything that it has in production, except that a stub may stand in for the vendors. */

const config = await loadSettings(workerSettings, {
  env: process.env,
  readS3: createS3SettingsReader(),
})
const log = createLog({ service: 'worker', level: config.logLevel })
const shutdown = createShutdown(log)
const deps = await createDeps(config, { log, metrics: createMetrics('worker'), shutdown })
const sweep = startSweep(deps)
shutdown.add('sweep', () => sweep.stop())
const meter = createMeter()
const clock = createStageClock()
const reading = createReadingMeter()
let queue: { stop(): Promise<void> } | undefined

interface Start {
  readonly concurrentJobs: number
  /** Address of a stub; absent for the vendors of the settings, behind the proxy. */
  readonly vendorUrl?: string
  /** Whether the stages of each job are timed; one job at a time, or they mix. */
  readonly staged?: boolean
}

const calls = {
  async start({ concurrentJobs, vendorUrl, staged }: Start) {
    const vendors = vendorUrl === undefined ? deps.vendors : stubbed(vendorUrl)
    const documents = deps.documents && reading.measure(deps.documents)
    const used = { ...deps, vendors, documents }
    const taskList = meter.count(createTaskList(staged ? timed(used) : used))
    const { pool, queuePool } = deps
    queue = await startLeasedQueue({ config, pool, queuePool, taskList, concurrentJobs, log })
  },
  async stop() {
    await queue?.stop()
    queue = undefined
  },
  next: (count: number) => meter.next(count),
  ended: () => meter.ended(),
  /** Time in the document reader since the last question, waiting for a thread included. */
  readingMs: () => reading.take(),
  marks: (): StageMark[] => clock.take(),
}

export type OurWorkerCalls = typeof calls

serve(calls, async () => {
  await calls.stop()
  await shutdown.run()
})

function stubbed(baseUrl: string): Vendors {
  const http = createDirectVendorHttp({ baseUrl, token: 'bench' })
  const timeoutMs = config.resolutionTimeoutMs
  return {
    resolution: { client: createResolutionClient(http), timeoutMs },
    stateId: { client: createStateIdClient(http), timeoutMs },
    address: { client: createAddressClient(http), timeoutMs },
    registry: { client: createRegistryClient(http), timeoutMs },
  }
}

function timed(plain: WorkerDeps): WorkerDeps {
  const { ledger, answers } = plain
  return {
    ...plain,
    ledger: {
      ...ledger,
      begin: async (wire, vendors) => {
        const begun = await ledger.begin(wire, vendors)
        clock.mark(wire.id, 'claim → begin')
        return begun
      },
      settle: async (settling) => {
        const settled = await ledger.settle(settling)
        clock.mark(settling.attempt.jobId, 'settle')
        return settled
      },
    },
    openPayload: async (slot, message) => {
      const text = await plain.openPayload(slot, message)
      clock.mark(slot.id, 'open payload')
      return text
    },
    sealResult: async (slot, text) => {
      clock.mark(slot.id, 'vendor calls')
      const message = await plain.sealResult(slot, text)
      clock.mark(slot.id, 'seal result')
      return message
    },
    answers: {
      ...answers,
      push: async (settled) => {
        await answers.push(settled)
        clock.mark(settled.report.jobId, 'push')
      },
    },
  }
}
