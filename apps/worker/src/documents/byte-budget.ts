/** Memory that all jobs of a process share. */
export interface ByteBudget {
  /**
   * Waits until so many bytes are free, first come first served, and takes them until the share is given back. What is
   * more than there is at all waits until nobody else has any.
   *
   * @throws The signal's reason, when it aborts before.
   */
  take(bytes: number, signal: AbortSignal): Promise<Share>
}

export interface Share {
  /** Doing it twice is harmless. */
  giveBack(): void
}

interface Waiting {
  readonly bytes: number
  readonly go: () => void
}

/** @param onChange Told how many bytes are taken, whenever that changes. */
export function createByteBudget(
  totalBytes: number,
  onChange: (bytesTaken: number) => void,
): ByteBudget {
  const queue = new Set<Waiting>()
  let taken = 0

  function change(bytes: number): void {
    taken += bytes
    onChange(taken)
  }

  /** Nobody overtakes: a large share would otherwise wait for ever behind small ones. */
  function serve(): void {
    for (const waiting of queue) {
      if (taken + waiting.bytes > totalBytes) return
      queue.delete(waiting)
      change(waiting.bytes)
      waiting.go()
    }
  }

  function share(bytes: number): Share {
    let isOurs = true
    return {
      giveBack() {
        if (!isOurs) return
        isOurs = false
        change(-bytes)
        serve()
      },
    }
  }

  return {
    take(wanted, signal) {
      const bytes = Math.min(wanted, totalBytes)
      const { promise, resolve, reject } = Promise.withResolvers<Share>()
      const leave = () => {
        queue.delete(waiting)
        reject(signal.reason)
        serve()
      }
      const go = () => {
        signal.removeEventListener('abort', leave)
        resolve(share(bytes))
      }
      const waiting: Waiting = { bytes, go }
      signal.addEventListener('abort', leave, { once: true })
      queue.add(waiting)
      if (signal.aborted) leave()
      else serve()
      return promise
    },
  }
}
