import { setTimeout } from 'node:timers/promises'
import { createLog, createMetrics } from '@anteroom/runtime'
import { Redis } from 'ioredis'
import { createGate } from '../../apps/worker/src/quota/gate.ts'
import { createQuotaScripts } from '../../apps/worker/src/quota/scripts.ts'

/** A process that calls a vendor as often as it may, and says on standard output when each call left, in milliseconds since the epoch. */
const [, , redisUrl = '', slackMs = ''] = process.argv
const scripts = createQuotaScripts(new Redis(redisUrl), 'registry')
const gate = createGate({
  vendor: 'registry',
  scripts,
  slackMs: Number(slackMs),
  now: Date.now,
  log: createLog({ service: 'worker', level: 'error' }),
  metrics: createMetrics('worker'),
})
const { signal } = new AbortController()

async function callForEver(): Promise<never> {
  for (;;) {
    const turn = gate.turnFor(crypto.randomUUID())
    const waitMs = await turn.approach(signal)
    if (waitMs !== undefined) {
      await setTimeout(waitMs)
      continue
    }
    await turn.take(signal)
    process.stdout.write(`${performance.timeOrigin + performance.now()}\n`)
  }
}

await Promise.all(Array.from({ length: 25 }, callForEver))
