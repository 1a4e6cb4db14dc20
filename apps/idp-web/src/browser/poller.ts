import { delayAfterFailures, delayAskedFor } from './next-ask.ts'

/** What a page asks, and what it does with what it is told. */
export interface Polling<Reply> {
  /** Where to ask; may be another address each time. */
  address(): string
  /** What was answered. Returns in how many seconds the server wants to be asked again. */
  take(reply: Reply): unknown
  /** There is nothing to ask about any more: the visit, or what was asked about, is gone. */
  ended(): void
  /** What is new about the connection. */
  say(what: 'unreachable' | 'reachable'): void
}

export interface Poller {
  /** Asks now, unless it is asking already. */
  ask(): void
  /** Asks no more, whatever happens. */
  stop(): void
  /** Whether the last question was answered. */
  isReaching(): boolean
}

const answerTimeoutMs = 10_000

/** Asks again and again, one question at a time; each ends by setting the time of the next. */
export function createPoller<Reply>({ address, take, ended, say }: Polling<Reply>): Poller {
  let failures = 0
  let isAsking = false
  let isStopped = false
  let timer: number | undefined

  function ask(): void {
    if (isAsking || isStopped) return
    isAsking = true
    window.clearTimeout(timer)
    void askOnce()
      .catch(unreachable)
      .then((delayMs) => {
        isAsking = false
        if (!isStopped) timer = window.setTimeout(ask, delayMs)
      })
  }

  /** How long to wait before the next question, in milliseconds. */
  async function askOnce(): Promise<number> {
    const limit = new AbortController()
    const limitTimer = window.setTimeout(() => limit.abort(), answerTimeoutMs)
    const response = await fetch(address(), {
      headers: { accept: 'application/json' },
      signal: limit.signal,
    }).finally(() => window.clearTimeout(limitTimer))
    if (response.status === 404) {
      stop()
      ended()
      return 0
    }
    if (!response.ok) return unreachable()
    const reply: Reply = await response.json()
    if (failures > 1) say('reachable')
    failures = 0
    return delayAskedFor(take(reply))
  }

  function unreachable(): number {
    failures += 1
    // One lost question is nothing to worry anyone with.
    if (failures > 1) say('unreachable')
    return delayAfterFailures(failures, Math.random)
  }

  function stop(): void {
    isStopped = true
    window.clearTimeout(timer)
  }

  return { ask, stop, isReaching: () => failures === 0 }
}
