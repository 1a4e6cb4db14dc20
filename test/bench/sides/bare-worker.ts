import { setTimeout as wait } from 'node:timers/promises'
import { Logger, type Runner, run } from 'graphile-worker'
import { createMeter } from '../harness/meter.ts'
import { serve } from '../harness/serve.ts'

/** graphile-worker as it comes, with tasks that do nothing, or wait for a second. Only its log of every job is off, in its favour. */

const meter = createMeter()
let startDelaysMs: number[] = []
let runner: Runner | undefined

const calls = {
  async start({ concurrency = 24 }: { readonly concurrency?: number } = {}) {
    runner = await run({
      connectionString: process.env.BENCH_DATABASE_URL ?? '',
      concurrency,
      noHandleSignals: true,
      logger: new Logger(() => () => undefined),
      taskList: meter.count({ nothing: noteStart, second: () => wait(1_000) }),
    })
  },
  async stop() {
    await runner?.stop()
    runner = undefined
  },
  next: (count: number) => meter.next(count),
  ended: () => meter.ended(),
  /** From the call of addJob to the start of the job, for each job since the last question. */
  startDelaysMs() {
    const taken = startDelaysMs
    startDelaysMs = []
    return taken
  },
}

export type BareWorkerCalls = typeof calls

serve(calls, calls.stop)

/** The clock of hrtime is the same in all processes of a machine. */
async function noteStart(payload: unknown): Promise<void> {
  if (typeof payload !== 'object' || payload === null || !('sentAtNs' in payload)) return
  const tookNs = process.hrtime.bigint() - BigInt(String(payload.sentAtNs))
  startDelaysMs.push(Number(tookNs) / 1e6)
}
