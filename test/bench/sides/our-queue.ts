import { createLog, createShutdown, loadSettings } from '@anteroom/runtime'
import { z } from 'zod'
import { workerSettings } from '../../../apps/worker/src/config.ts'
import { createLedger } from '../../../apps/worker/src/ledger/ledger.ts'
import { createLedgerPool, createQueuePool } from '../../../apps/worker/src/pools.ts'
import { startLeasedQueue } from '../harness/leased-queue.ts'
import { createMeter } from '../harness/meter.ts'
import { serve } from '../harness/serve.ts'

/** The worker's queue and ledger with a task that only begins and settles. */

const config = await loadSettings(workerSettings, { env: process.env })
const log = createLog({ service: 'worker', level: config.logLevel })
const shutdown = createShutdown(log)
const pool = createLedgerPool(config.databaseUrl, log)
shutdown.add('database', () => pool.end())
const queuePool = createQueuePool(config.databaseUrl, log)
shutdown.add('queue-database', () => queuePool.end())
const ledger = createLedger(pool)
const meter = createMeter()
let queue: { stop(): Promise<void> } | undefined

const calls = {
  async start() {
    const taskList = meter.count({ nothing: keepLedger })
    queue = await startLeasedQueue({ config, pool, queuePool, taskList, concurrentJobs: 24, log })
  },
  async stop() {
    await queue?.stop()
    queue = undefined
  },
  next: (count: number) => meter.next(count),
}

export type OurQueueCalls = typeof calls

serve(calls, async () => {
  await calls.stop()
  await shutdown.run()
})

const row = z.object({ id: z.string() })

async function keepLedger(payload: unknown): Promise<void> {
  const { id } = row.parse(payload)
  const enqueuedAt = Date.now()
  const times = { enqueuedAt, deadlineAt: enqueuedAt + 600_000 }
  const wire = {
    v: 1,
    id,
    job: 'nothing',
    traceparent: '',
    clear: {},
    sealed: '',
    ...times,
  } as const
  const begun = await ledger.begin(wire, [])
  if (begun.state !== 'running') throw new Error('begun before')
  const ending = { state: 'done', sealed: '' } as const
  const settled = await ledger.settle({
    attempt: begun.attempt,
    answered: [],
    ending,
    outcomeSeconds: 60,
  })
  if (!settled) throw new Error('not settled')
}
