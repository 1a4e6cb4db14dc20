import type { Log, Metrics } from '@anteroom/runtime'
import type { Admission, Admitted } from '../admission.ts'

/**
 * Shares of the places that transfers have in this process. Of one consumer there run at most as many as there are places free,
 * and of its own to one destination only while that has no more than twice as many: alone a consumer gets half of the places, and
 * several share. The last place is for what a person agreed to, a credential, which takes any that is free. What finds none is
 * put back.
 *
 * A destination that was not reached several times in a row rests: nothing is tried but one transfer after each rest, and the
 * rests grow until that one reaches it. It does so for each consumer, because what one of them sends there may be what it fails over.
 */
export interface Shares {
  /** A place; none is taken by a transfer whose destination rests, because that only has to be told so. */
  readonly admit: Admission
  /** For how long a transfer is to wait, each a little differently; undefined if it may be tried, in the place that it has. */
  restsForMs(way: Way, jobId: string): number | undefined
  /** Whether a try has reached its destination. */
  heard(way: Way, reached: boolean): void
}

/** Whose transfers, and where to. */
export interface Way {
  readonly consumer: string
  readonly destination: string
}

export interface SharesOptions {
  readonly places: number
  readonly random: () => number
  readonly log: Log
  readonly metrics: Metrics
  /** How long the first rest of a destination is, and the longest. */
  readonly restMs?: { readonly first: number; readonly most: number }
}

/** What a consumer has of the places, or a destination, or the one at the other. */
interface Share {
  taken: number
  /** How long the latest of its transfers held a place. */
  tookMs: number
  /** When the last of those that were put back is to come again. */
  lastComesAt: number
  /** Of a consumer at a destination: tries in a row that did not reach it. */
  missed: number
  restMs: number
  restsUntil: number
}

/** For each free place. */
const most = { consumer: 1, destination: 2 }
const missedBeforeRest = 3
const askAgainMs = { least: 500, most: 20_000 }

export function createShares({
  places,
  random,
  log,
  metrics,
  restMs = { first: 15_000, most: 120_000 },
}: SharesOptions): Shares {
  const shares = new Map<string, Share>()
  /** Jobs that were admitted only to be told that their destination rests. */
  const placeless = new Set<string>()
  let free = places

  function shareOf(whose: string): Share {
    const known = shares.get(whose)
    const share = known ?? {
      ...{ taken: 0, tookMs: 1_000, lastComesAt: 0 },
      ...{ missed: 0, restMs: 0, restsUntil: 0 },
    }
    shares.set(whose, share)
    return share
  }

  const { within, comeAgainMs } = createWaits(random)

  function take(its: readonly Share[]): { readonly leave: () => void } {
    const takenAt = performance.now()
    free -= 1
    for (const share of its) share.taken += 1
    return {
      leave() {
        free += 1
        for (const share of its) {
          share.taken -= 1
          share.tookMs = performance.now() - takenAt
        }
      },
    }
  }

  function admitPlaceless(jobId: string): Admitted {
    placeless.add(jobId)
    return { leave: () => void placeless.delete(jobId) }
  }

  return {
    async admit(wire) {
      const { consumer: of, destination: to, deadLetter } = wire.clear
      const way = shareOf(`of ${of} to ${to}`)
      if (performance.now() < way.restsUntil) return admitPlaceless(wire.id)
      const [consumer, destination] = [shareOf(`of ${of}`), shareOf(`to ${to}`)]
      const isOfPerson = deadLetter === 'never'
      // Before its destination: those of a consumer with many are in nobody's way where others wait for the destination.
      const isFull = free <= (isOfPerson || places === 1 ? 0 : 1)
      if (isFull || (!isOfPerson && consumer.taken >= most.consumer * free))
        return { askAgainMs: comeAgainMs(consumer) }
      // A consumer's first is kept from no destination, however many others have there.
      if (!isOfPerson && way.taken > 0 && destination.taken >= most.destination * free)
        return { askAgainMs: comeAgainMs(destination) }
      // After a rest only one at a time, until it has reached its destination.
      if (way.missed >= missedBeforeRest && way.taken > 0) return { askAgainMs: comeAgainMs(way) }
      return take([consumer, destination, way])
    },
    restsForMs({ consumer, destination }, jobId) {
      const share = shareOf(`of ${consumer} to ${destination}`)
      const leftMs = share.restsUntil - performance.now()
      if (leftMs > 0) return Math.ceil(leftMs + random() * share.restMs)
      // The rest has ended since; what has no place comes once more for one.
      return placeless.has(jobId) ? within(askAgainMs.least) : undefined
    },
    heard({ consumer, destination }, reached) {
      const share = shareOf(`of ${consumer} to ${destination}`)
      if (reached) {
        if (share.missed >= missedBeforeRest)
          log.info('destination.reached', { destination, consumer })
        Object.assign(share, { missed: 0, restMs: 0, restsUntil: 0 })
        return
      }
      const now = performance.now()
      // What began before the rest is the same trouble.
      if (now < share.restsUntil) return
      share.missed += 1
      if (share.missed < missedBeforeRest) return
      share.restMs = Math.min(restMs.most, Math.max(restMs.first, 2 * share.restMs))
      share.restsUntil = now + share.restMs
      log.warn('destination.rests', { destination, consumer, delayMs: share.restMs })
      metrics.increment('transfer_destination_rests_total', { destination })
    },
  }
}

function createWaits(random: () => number) {
  const within = (ms: number) => Math.ceil(ms * (0.5 + random() / 2))

  /** As many come in a while as end in that while. */
  function comeAgainMs(share: Share): number {
    const now = performance.now()
    const comesAt = Math.max(now, share.lastComesAt) + share.tookMs / Math.max(1, share.taken)
    if (comesAt - now > askAgainMs.most) return within(askAgainMs.most)
    share.lastComesAt = comesAt
    return Math.max(Math.ceil(comesAt - now), within(askAgainMs.least))
  }

  return { within, comeAgainMs }
}
