import { HttpError } from '../plugins/http-error.ts'

/** At most `atOnce` pieces of work at once, in the order in which they came; who would wait behind `waiting` others is refused. */
export function createTurns({
  atOnce,
  waiting,
}: {
  readonly atOnce: number
  readonly waiting: number
}) {
  const queue: (() => void)[] = []
  let running = 0

  return async function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (running >= atOnce) {
      if (queue.length >= waiting) throw new HttpError(503, 'TOO_MANY_PASSWORDS')
      await new Promise<void>((resolve) => queue.push(resolve))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      // The turn is handed on without being given up in between, so nobody comes first out of order.
      const next = queue.shift()
      if (next) next()
      else running -= 1
    }
  }
}
