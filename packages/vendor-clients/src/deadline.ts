import { VendorError } from './vendor-error.ts'

export interface Deadline {
  /** Why the call was ended, if it was ended from here. */
  passed(): VendorError | undefined
  stop(): void
}

// setTimeout takes 32 bits; a longer wait would fire at once.
const longestMs = 2 ** 31 - 1

/** Ends a call when its time is up or the signal aborts, whichever comes first. */
export function startDeadline(timeoutMs: number, signal: AbortSignal, end: () => void): Deadline {
  let reason: VendorError | undefined
  const endFor = (code: 'VENDOR_TIMEOUT' | 'CALL_ABORTED') => {
    reason ??= new VendorError(code)
    end()
  }
  const onAbort = () => endFor('CALL_ABORTED')
  const waitMs = Math.min(Math.max(timeoutMs, 0), longestMs)
  const timer = setTimeout(() => endFor('VENDOR_TIMEOUT'), waitMs)
  signal.addEventListener('abort', onAbort, { once: true })

  return {
    passed: () => reason,
    stop() {
      clearTimeout(timer)
      signal.removeEventListener('abort', onAbort)
    },
  }
}
