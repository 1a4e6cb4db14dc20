import { withDeadline } from './deadline.ts'
import { errorFacts } from './error-facts.ts'
import type { Log } from './log.ts'

export interface Shutdown {
  /** What is added later is stopped earlier; what is added after the end is stopped at once. */
  add(name: string, stop: () => Promise<void> | void): void
  /** Stops everything that was added, last first. Never rejects; called again, it gives the same run. */
  run(): Promise<void>
}

export interface ShutdownOptions {
  /** For one step. */
  readonly stepMs?: number
  /** For all steps together: less than the time after which a supervisor kills. */
  readonly totalMs?: number
}

/** One list of what has to be stopped. A step that fails or takes too long is logged and left behind. */
export function createShutdown(
  log: Log,
  { stepMs = 15_000, totalMs = 25_000 }: ShutdownOptions = {},
): Shutdown {
  const steps: Step[] = []
  let running: Promise<void> | undefined
  let ended = false
  const runAll = async () => {
    const startedAt = performance.now()
    log.info('shutdown.started', { count: steps.length })
    for (let step = steps.pop(); step; step = steps.pop()) {
      const leftMs = totalMs - (performance.now() - startedAt)
      await runStep(log, step, Math.min(stepMs, leftMs))
    }
    ended = true
    log.info('shutdown.done', { durationMs: since(startedAt) })
  }
  return {
    add: (name, stop) => {
      if (ended) void runStep(log, { name, stop }, stepMs)
      else steps.push({ name, stop })
    },
    run: () => {
      running ??= runAll()
      return running
    },
  }
}

interface Step {
  readonly name: string
  readonly stop: () => Promise<void> | void
}

async function runStep(log: Log, { name, stop }: Step, deadlineMs: number): Promise<void> {
  // Timers count whole milliseconds from the loop's last look at the clock, so they may fire more than one early.
  if (deadlineMs < 2) return log.error('shutdown.step-skipped', { step: name })
  const startedAt = performance.now()
  try {
    await withDeadline(Promise.resolve().then(stop), deadlineMs)
    log.info('shutdown.step-done', { step: name, durationMs: since(startedAt) })
  } catch (error) {
    const facts = errorFacts(error)
    log.error('shutdown.step-failed', { step: name, durationMs: since(startedAt), ...facts })
  }
}

function since(startedAt: number): number {
  return Math.round(performance.now() - startedAt)
}
