import type { Standing, Ticket, WaitRange } from '../../apps/idp-web/src/line/standing.ts'
import type { TestLine } from './line.ts'

/** How a crowd behaves; times in seconds. */
export interface CrowdPlan {
  readonly people: number
  /** Everybody joins within this, evenly. */
  readonly joinSeconds: number
  /** How long somebody waits on average before they have had enough; absent where nobody leaves. */
  readonly patienceSeconds?: number
  /** How many are served in a second, as time passes. */
  quotaAt(second: number): number
  readonly serviceSeconds: number
  readonly random: () => number
  /** How often the web and the worker look, in milliseconds of the crowd's time. */
  readonly stepMs: number
  /** Whether what people are told about their wait is kept. */
  readonly remembers: boolean
}

/** One of the crowd, and what became of them. */
export interface CrowdPerson {
  readonly ticket: Ticket
  readonly joinedAt: number
  /** When they have had enough. */
  readonly leavesAt: number
  /** Without a word, by closing the page, or by the button. */
  readonly farewell: 'none' | 'beacon' | 'button'
  startedAt?: number
  wasThere?: boolean
  /** What they were told, and when, while they waited. */
  readonly told: { at: number; wait: WaitRange }[]
}

export interface CrowdReport {
  readonly people: readonly CrowdPerson[]
  /** In the order in which they had their turn. */
  readonly started: readonly CrowdPerson[]
  /** Turns that could have been given while somebody present waited. */
  readonly possible: number
  /** Most jobs that waited for their turn, in seconds of quota. */
  readonly largestWindow: number
  readonly polls: number
}

const tellEverySeconds = 20

/** Lets a crowd go through the line: pages ask when they are told to, a worker serves in order and never faster than its quota. */
export async function runCrowd(at: TestLine, plan: CrowdPlan): Promise<CrowdReport> {
  const begin = at.clock.now()
  const second = () => (at.clock.now() - begin) / 1000
  const people = new Map<string, CrowdPerson>()
  const { stepMs } = plan
  const diary = createDiary<CrowdPerson>(stepMs)
  const server = createServer(at, plan, people)
  let polls = 0

  async function joinDue(): Promise<void> {
    const due = Math.min(plan.people, Math.floor((second() / plan.joinSeconds) * plan.people))
    const tickets = await Promise.all(Array.from({ length: due - people.size }, () => at.join()))
    for (const ticket of tickets) {
      const person = newcomer(ticket, second(), plan)
      people.set(ticket.id, person)
      diary.note(person, second())
    }
  }

  async function wakeUp(person: CrowdPerson): Promise<void> {
    const { ticket, startedAt, leavesAt, farewell } = person
    if (leavesAt <= second() && startedAt === undefined) {
      server.left()
      if (farewell === 'beacon') await at.line.away(ticket)
      if (farewell === 'button') await at.line.leave(ticket)
      return
    }
    polls += 1
    const standing = await at.line.standing(ticket, 'visible')
    if (plan.remembers) hear(person, standing, second())
    if (standing.state !== 'waiting' && standing.state !== 'called') return
    const next = second() + standing.nextPollSeconds
    diary.note(person, startedAt === undefined ? Math.min(next, leavesAt) : next)
  }

  while (people.size < plan.people || !diary.isEmpty() || server.isBusy()) {
    at.clock.pass(stepMs)
    await joinDue()
    await Promise.all(diary.due(second()).map(wakeUp))
    await at.keeper.turn()
    await server.serve(second())
  }
  return { people: [...people.values()], ...server.report(), polls }
}

/** A worker that gives jobs their turn, in their order. */
function createServer(at: TestLine, plan: CrowdPlan, people: ReadonlyMap<string, CrowdPerson>) {
  const started: CrowdPerson[] = []
  let running: { id: string; endsAt: number }[] = []
  let possible = 0
  let largestWindow = 0
  let credit = 0
  let published = 0
  let leavers = 0
  let served = 0

  async function begin(ids: readonly string[], second: number): Promise<void> {
    await at.worker.start(ids)
    for (const id of ids) {
      const person = people.get(id)
      if (!person) throw new Error('a job of nobody')
      person.startedAt = second
      person.wasThere = person.leavesAt > second
      if (person.wasThere) served += 1
      started.push(person)
      running.push({ id, endsAt: second + plan.serviceSeconds })
    }
  }

  return {
    left() {
      leavers += 1
    },
    isBusy: () => running.length > 0,
    async serve(second: number): Promise<void> {
      const quota = plan.quotaAt(second)
      if (quota !== published) await at.worker.publishQuota({ callsPerSecond: quota })
      published = quota
      const queued = await at.worker.queued()
      largestWindow = Math.max(largestWindow, queued.length / quota)
      credit += (quota * plan.stepMs) / 1000
      const turns = Math.floor(credit)
      credit -= turns
      const waiting = people.size - leavers - served
      possible += Math.max(Math.min(turns, waiting), Math.min(turns, queued.length))
      await begin(queued.slice(0, turns), second)
      const done = running.filter(({ endsAt }) => endsAt <= second)
      running = running.filter(({ endsAt }) => endsAt > second)
      if (done.length > 0) await at.worker.report(done.map(({ id }) => id))
    },
    report: () => ({ started, possible, largestWindow }),
  }
}

/** Who does something when; moments in seconds. */
function createDiary<T>(stepMs: number) {
  const pages = new Map<number, T[]>()
  let readUpTo = 0
  const pageOf = (second: number) => Math.ceil((second * 1000) / stepMs)
  return {
    note(entry: T, second: number): void {
      const page = Math.max(readUpTo + 1, pageOf(second))
      const entries = pages.get(page)
      if (entries) entries.push(entry)
      else pages.set(page, [entry])
    },
    due(second: number): T[] {
      const entries: T[] = []
      for (; readUpTo < pageOf(second); readUpTo += 1) {
        entries.push(...(pages.get(readUpTo + 1) ?? []))
        pages.delete(readUpTo + 1)
      }
      return entries
    },
    isEmpty: () => pages.size === 0,
  }
}

function newcomer(ticket: Ticket, at: number, { patienceSeconds, random }: CrowdPlan): CrowdPerson {
  const patience =
    patienceSeconds === undefined
      ? Number.POSITIVE_INFINITY
      : -Math.log(1 - random()) * patienceSeconds
  const farewell = random() < 1 / 3 ? 'none' : random() < 0.5 ? 'beacon' : 'button'
  return { ticket, joinedAt: at, leavesAt: at + patience, farewell, told: [] }
}

function hear(person: CrowdPerson, standing: Standing, now: number): void {
  if (standing.state !== 'waiting' || !standing.wait) return
  const last = person.told.at(-1)?.at ?? Number.NEGATIVE_INFINITY
  if (now >= last + tellEverySeconds) person.told.push({ at: now, wait: standing.wait })
}
