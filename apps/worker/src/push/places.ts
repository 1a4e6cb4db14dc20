/**
 * Places for pushes in this process. A receiver has a few at first and one more with each quick answer, up to sixteen; half
 * as many when pushes are slow or not answered. So a backlog does not run a receiver over, and one who never answers, or is
 * slow and has a backlog, does not take the places of others.
 */
export interface Places {
  /** How to give the place back, or after how many milliseconds to ask again. Waits a moment where one may soon be free. */
  take(receiver: string): Promise<(() => void) | number>
  /** Whether the receiver answered, and after how long it did or was given up. */
  heard(receiver: string, answered: boolean, afterMs: number): void
}

export interface PlacesOptions {
  readonly random: () => number
}

interface Seats {
  places: number
  taken: number
  answers: boolean
  /** How long the latest push took. */
  pushMs: number
  /** When a place was last given back. */
  leftAt: number
  /** When the last of those that were sent away is to come again. */
  lastComesAt: number
  /** When it last got fewer places: what began before that is the same trouble. */
  shrunkAt: number
  /** Who waits for a place, in their order. */
  readonly waiting: Set<() => void>
}

const placesAtFirst = 4
const places = { least: 2, most: 16 }
const quickMs = 1_000
const waitMs = 1_000
/** So long at most a line may be that is longer than there are places. */
const lineMs = 250
/** From a receiver that answers a place may come soon; nobody is sent away for longer than `most`. */
const askAgainMs = { least: 500, most: 60_000 }

export function createPlaces({ random }: PlacesOptions): Places {
  const receivers = new Map<string, Seats>()

  function seatsOf(receiver: string): Seats {
    const known = receivers.get(receiver)
    const seats = known ?? {
      places: placesAtFirst,
      taken: 0,
      answers: true,
      pushMs: 0,
      leftAt: Number.NEGATIVE_INFINITY,
      lastComesAt: 0,
      shrunkAt: 0,
      waiting: new Set(),
    }
    receivers.set(receiver, seats)
    return seats
  }

  function fill(seats: Seats): void {
    for (const sit of seats.waiting) {
      if (seats.taken >= seats.places) return
      seats.waiting.delete(sit)
      seats.taken += 1
      sit()
    }
  }

  const within = (ms: number) => Math.ceil(ms * (0.5 + random() / 2))

  /** As many come in a while as it takes in that while; of a receiver that is silent each tries for itself. */
  function comeAgainMs(seats: Seats): number {
    const now = performance.now()
    const comesAt = Math.max(now, seats.lastComesAt) + seats.pushMs / seats.places
    if (isSilent(seats) || comesAt - now > askAgainMs.most) return within(askAgainMs.most)
    seats.lastComesAt = comesAt
    return Math.max(Math.ceil(comesAt - now), within(askAgainMs.least))
  }

  return {
    async take(receiver) {
      const seats = seatsOf(receiver)
      if (!(mayWait(seats) && (await seated(seats, fill)))) return comeAgainMs(seats)
      return () => {
        seats.taken -= 1
        seats.leftAt = performance.now()
        fill(seats)
      }
    },
    heard(receiver, answers, afterMs) {
      const seats = seatsOf(receiver)
      const now = performance.now()
      seats.answers = answers
      seats.pushMs = afterMs
      if (answers && afterMs < quickMs) seats.places = Math.min(places.most, seats.places + 1)
      else if (now - afterMs >= seats.shrunkAt) {
        seats.places = Math.max(places.least, Math.floor(seats.places / 2))
        seats.shrunkAt = now
      }
      fill(seats)
    },
  }
}

function isSilent({ answers, places: its }: Seats): boolean {
  return !answers && its === places.least
}

/**
 * Whoever waits takes a place in the process, which is for all receivers: no more do than there are places to wait for, unless the
 * line moves so quickly that sending somebody away and claiming them again would take longer.
 */
function mayWait(seats: Seats): boolean {
  const { taken, waiting, places: its } = seats
  return taken < its || (!isSilent(seats) && (waiting.size < its || moves(seats)))
}

function moves({ waiting, places: its, pushMs, leftAt }: Seats): boolean {
  const stillMs = performance.now() - leftAt
  return Math.max(stillMs, (pushMs * waiting.size) / its) < lineMs
}

/** Whether a place became free within a moment; it is taken then. */
function seated(seats: Seats, fill: (seats: Seats) => void): Promise<boolean> {
  const over = Promise.withResolvers<boolean>()
  const sit = () => over.resolve(true)
  const timer = setTimeout(() => {
    if (seats.waiting.delete(sit)) over.resolve(false)
  }, waitMs)
  seats.waiting.add(sit)
  fill(seats)
  return over.promise.finally(() => clearTimeout(timer))
}
