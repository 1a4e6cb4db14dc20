export interface Pacing {
  readonly nextPollSeconds: number
  readonly listen: boolean
}

const soonestSeconds = 2
const latestSeconds = 30
/** A page that listens hears at once that it is its turn, also where its timers are slow. */
const listenWithinSeconds = 180

/**
 * How soon a page asks again whose person is likely to be called in so many seconds: after a tenth of them, so that
 * nobody is called between two polls; spread by a fifth either way, so that people who came together do not ask together.
 */
export function pacingOf(waitSeconds: number, random: () => number): Pacing {
  const seconds = Math.min(latestSeconds, Math.max(soonestSeconds, waitSeconds / 10))
  return {
    nextPollSeconds: Math.round(seconds * (0.8 + random() * 0.4) * 100) / 100,
    listen: waitSeconds <= listenWithinSeconds,
  }
}
