import type { Ticket } from '../../apps/idp-web/src/line/standing.ts'

/** The line as it is meant to be, in the plainest way there is: what the real one is compared with after every step. */
export interface ModelPerson {
  readonly ticket: Ticket
  state:
    | 'waiting'
    | 'parked'
    | 'left'
    | 'called'
    | 'recalled'
    | 'recalled-left'
    | 'lapsing'
    | 'gone'
    | 'issued'
  leaseEnd: number
  freshUntil: number
  backUntil: number
  shown: number
  /** The worker has given the job its turn; that is noted in Redis; the keeper has heard of it. */
  isBegun: boolean
  isNoted: boolean
  isKnownBegun: boolean
}

export interface ModelLine {
  readonly people: ModelPerson[]
  join(ticket: Ticket): void
  poll(person: ModelPerson, leaseMs: number): void
  away(person: ModelPerson): void
  leave(person: ModelPerson): void
  comeBack(person: ModelPerson): void
  loseRedis(): void
  begin(person: ModelPerson): void
  turn(): void
  /** People in front who are there; undefined for who does not wait. */
  rank(person: ModelPerson): number | undefined
}

export function createModelLine(now: () => number, window: () => number): ModelLine {
  const people: ModelPerson[] = []
  const byNumber = () => people.toSorted((a, b) => a.ticket.number - b.ticket.number)
  const waiting = () => byNumber().filter(({ state }) => state === 'waiting')

  function heard(person: ModelPerson, leaseMs: number): void {
    person.freshUntil = now() + (leaseMs === 150_000 ? 10_000 : 3_000)
    person.leaseEnd = Math.max(person.leaseEnd, now() + leaseMs)
  }

  function goAway(person: ModelPerson, state: 'parked' | 'left'): void {
    person.state = state
    person.backUntil = now() + 300_000
    person.leaseEnd = 0
  }

  function carryOut(): void {
    for (const person of people) {
      if (person.state === 'lapsing') person.state = 'gone'
      if (person.state !== 'recalled' && person.state !== 'recalled-left') continue
      if (person.isBegun) person.state = 'called'
      else if (person.state === 'recalled-left') goAway(person, 'left')
      else if (person.leaseEnd > 0) person.state = 'waiting'
      else goAway(person, 'parked')
    }
  }

  function sweep(): void {
    const ended = people.filter(({ leaseEnd }) => leaseEnd > 0 && leaseEnd <= now())
    const over = people.filter(
      ({ state, backUntil }) => (state === 'parked' || state === 'left') && backUntil <= now(),
    )
    for (const person of over) person.state = 'lapsing'
    for (const person of ended) {
      if (person.state === 'waiting') goAway(person, 'parked')
      if (person.state === 'called') {
        person.leaseEnd = 0
        if (!person.isKnownBegun) person.state = 'recalled'
      }
    }
  }

  function admit(): void {
    for (const person of people) person.isKnownBegun ||= person.isNoted
    const unstarted = people.filter(
      ({ state, isKnownBegun }) =>
        ['called', 'recalled', 'recalled-left'].includes(state) && !isKnownBegun,
    )
    const room = Math.max(0, window() - unstarted.length)
    const present = waiting().filter(({ freshUntil }) => now() <= freshUntil)
    for (const person of present.slice(0, room)) person.state = 'called'
  }

  return {
    people,
    join(ticket) {
      const times = { leaseEnd: now() + 45_000, freshUntil: now() + 3_000, backUntil: 0 }
      const begun = { isBegun: false, isNoted: false, isKnownBegun: false }
      people.push({ ticket, state: 'waiting', shown: Number.POSITIVE_INFINITY, ...times, ...begun })
    },
    poll(person, leaseMs) {
      if (person.state === 'parked') person.state = 'waiting'
      if (['waiting', 'called', 'recalled'].includes(person.state)) heard(person, leaseMs)
    },
    away(person) {
      if (person.leaseEnd === 0) return
      person.freshUntil = 0
      if (person.state === 'called' && !person.isKnownBegun) person.state = 'recalled'
      person.leaseEnd = Math.min(person.leaseEnd, now() + 15_000)
    },
    leave(person) {
      if (person.state === 'waiting') goAway(person, 'left')
      if (person.state === 'parked') person.state = 'left'
      if (person.state === 'called' || person.state === 'recalled') {
        person.state = 'recalled-left'
        person.leaseEnd = 0
      }
    },
    comeBack(person) {
      if (person.state === 'left' || person.state === 'parked') person.state = 'waiting'
      if (person.state === 'recalled-left') person.state = 'recalled'
      if (['waiting', 'called', 'recalled'].includes(person.state)) heard(person, 45_000)
    },
    loseRedis() {
      for (const person of people) {
        if (person.state === 'gone' || person.state === 'issued') continue
        const isCalled = ['called', 'recalled', 'recalled-left'].includes(person.state)
        person.state = isCalled ? 'called' : 'waiting'
        person.leaseEnd = now() + 150_000
        person.freshUntil = 0
        person.shown = Number.POSITIVE_INFINITY
        person.isNoted = false
        person.isKnownBegun = false
      }
    },
    begin(person) {
      person.isBegun = true
      person.isNoted = true
    },
    turn() {
      carryOut()
      sweep()
      admit()
    },
    rank(person) {
      const rank = waiting().indexOf(person)
      return rank === -1 ? undefined : rank
    },
  }
}
