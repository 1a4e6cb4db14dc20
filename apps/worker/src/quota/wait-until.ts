/** A timer may fire a little early, so what is left is asked anew. Resolves early, with false, when the signal aborts. */
export async function waitUntil(leftMs: () => number, signal: AbortSignal): Promise<boolean> {
  for (let left = leftMs(); left > 0 && !signal.aborted; left = leftMs()) await pause(left, signal)
  return !signal.aborted
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, ms)
  const end = () => over.resolve()
  signal.addEventListener('abort', end, { once: true })
  return over.promise.finally(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
  })
}
