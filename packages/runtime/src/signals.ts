import { errorFacts } from './error-facts.ts'
import type { Log } from './log.ts'
import type { Shutdown } from './shutdown.ts'

export interface OnSignalsOptions {
  readonly process: Pick<NodeJS.Process, 'on' | 'exit'>
  readonly shutdown: Shutdown
  readonly log: Log
}

/**
 * SIGTERM and SIGINT run the shutdown and exit with 0. An error that nobody caught is logged as a code, runs the
 * shutdown and exits with 1: what the process holds in memory can no longer be trusted. Call it once, from `main.ts`.
 */
export function onSignals({ process, shutdown, log }: OnSignalsOptions): void {
  let exitCode = 0
  const stop = () => {
    void shutdown.run().then(() => process.exit(exitCode))
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.on(signal, () => {
      log.info('process.signal', { signal })
      stop()
    })
  }
  for (const event of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(event, (error: unknown) => {
      exitCode = 1
      log.error('process.uncaught', { reason: event, ...errorFacts(error) })
      stop()
    })
  }
}
