/** Why a running job must stop early. */
export type StopCause = 'deadline' | 'shutdown'

export interface Stop {
  readonly signal: AbortSignal
  /** Undefined while nothing has stopped the job. */
  cause(): StopCause | undefined
  clear(): void
}

// setTimeout takes 32 bits; a longer wait would fire at once.
const longestTimerMs = 2 ** 31 - 1

/** One signal for both ends of a job's time: the worker's silence before the deadline, and the worker's own shutdown. */
export function startStop(leftMs: number, shutdown: AbortSignal): Stop {
  const controller = new AbortController()
  let cause: StopCause | undefined

  function stop(because: StopCause): void {
    cause ??= because
    controller.abort()
  }

  const onShutdown = () => stop('shutdown')
  const waitMs = Math.min(Math.max(0, leftMs), longestTimerMs)
  const timer = setTimeout(() => stop('deadline'), waitMs)
  shutdown.addEventListener('abort', onShutdown, { once: true })
  if (shutdown.aborted) onShutdown()

  return {
    signal: controller.signal,
    cause: () => cause,
    clear() {
      clearTimeout(timer)
      shutdown.removeEventListener('abort', onShutdown)
    },
  }
}
