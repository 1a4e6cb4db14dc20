export interface AtOnce {
  /** Whether the next piece of work would wait behind `waiting` others. */
  isFull(): boolean
  /** As soon as fewer than `most` pieces are under way, in the order in which they came. */
  run<T>(work: () => Promise<T>): Promise<T>
}

/** At most `most` pieces of work at once. */
export function createAtOnce({
  most,
  waiting,
}: {
  readonly most: number
  readonly waiting: number
}): AtOnce {
  const queue: (() => void)[] = []
  let running = 0

  return {
    isFull: () => running >= most && queue.length >= waiting,
    async run(work) {
      if (running >= most) await new Promise<void>((resolve) => queue.push(resolve))
      else running += 1
      try {
        return await work()
      } finally {
        // The place is handed on without being given up in between, so nobody comes first out of order.
        const next = queue.shift()
        if (next) next()
        else running -= 1
      }
    },
  }
}
