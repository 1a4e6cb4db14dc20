export interface Rounds {
  /** No further round begins. Resolves when the one under way has ended, for those who have to wait for it. */
  stop(): Promise<void>
}

export interface RoundTimes {
  /** From the end of one round to the beginning of the next; a fifth more or less, so that workers do not keep in step. */
  readonly everyMs: number
  readonly random: () => number
}

/** @param round Never rejects. Asks `mayGoOn` where it could end early. */
export function repeat(
  round: (mayGoOn: () => boolean) => Promise<void>,
  { everyMs, random }: RoundTimes,
): Rounds {
  let running = true
  let underWay = Promise.resolve()
  let timer = wait()

  function wait(): NodeJS.Timeout {
    return setTimeout(begin, everyMs * (0.8 + random() * 0.4)).unref()
  }

  function begin(): void {
    underWay = round(() => running).finally(() => {
      if (running) timer = wait()
    })
  }

  return {
    stop() {
      running = false
      clearTimeout(timer)
      return underWay
    },
  }
}
