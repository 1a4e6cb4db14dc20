import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../support/line.ts'
import { createModelLine, type ModelLine, type ModelPerson } from '../support/line-model.ts'

let at: TestLine
beforeAll(async () => {
  at = await startTestLine()
})
afterAll(() => at.stop())

const callsPerSecond = 3
const who = fc.nat({ max: 29 })

/** What can happen, and whom it happens to: people in the order in which they came, round and round. */
const happening = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('join' as const),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({ what: fc.constantFrom('visible' as const, 'hidden' as const), who }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constantFrom('away' as const, 'leave' as const, 'comeBack' as const),
      who,
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      what: fc.constant('pass' as const),
      seconds: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      what: fc.constant('pass' as const),
      seconds: fc.integer({ min: 20, max: 320 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      what: fc.constantFrom('begin' as const, 'issue' as const),
      count: fc.integer({ min: 1, max: 3 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('loseRedis' as const) }) },
)
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never

async function happen(model: ModelLine, event: Happening): Promise<void> {
  switch (event.what) {
    case 'join': {
      const joined = await Promise.all(Array.from({ length: event.count }, () => at.join()))
      for (const ticket of joined) model.join(ticket)
      return
    }
    case 'visible':
    case 'hidden':
      return toPerson(model, event.who, async (person) => {
        model.poll(person, event.what === 'visible' ? 45_000 : 150_000)
        await at.line.standing(person.ticket, event.what as 'visible' | 'hidden')
      })
    case 'away':
    case 'leave':
    case 'comeBack':
      return toPerson(model, event.who, async (person) => {
        model[event.what as 'away'](person)
        await at.line[event.what as 'away'](person.ticket)
      })
    case 'pass':
      for (let second = 0; second < event.seconds; second += 1) {
        await at.keep(1_000, 1_000)
        model.turn()
      }
      return
    case 'begin': {
      const begun = (await at.worker.queued()).slice(0, event.count)
      await at.worker.start(begun)
      for (const person of model.people) {
        if (begun.includes(person.ticket.id)) model.begin(person)
      }
      return
    }
    case 'issue': {
      const running = model.people.filter(({ isBegun, state }) => isBegun && state !== 'issued')
      const issued = running.slice(0, event.count)
      await at.worker.report(issued.map(({ ticket }) => ticket.id))
      for (const person of issued) person.state = 'issued'
      return
    }
    case 'loseRedis':
      await at.redis.flushall()
      await at.worker.publishQuota({ callsPerSecond })
      model.loseRedis()
  }
}

async function toPerson(
  { people }: ModelLine,
  index: number,
  act: (person: ModelPerson) => Promise<void>,
): Promise<void> {
  const person = people[index % people.length]
  if (person) await act(person)
}

const told = {
  waiting: 'waiting',
  parked: 'left',
  left: 'left',
  called: 'called',
  recalled: 'called',
  'recalled-left': 'left',
  lapsing: 'gone',
  gone: 'gone',
  issued: 'issued',
} satisfies Record<ModelPerson['state'], string>

/** Everybody is told what the model says, and the real rank is the model's. */
async function compare(model: ModelLine): Promise<void> {
  const standings = await Promise.all(model.people.map(({ ticket }) => at.line.look(ticket)))
  const ranks = await Promise.all(
    model.people.map(({ ticket }) => at.redis.zrank('line:waiting', ticket.number)),
  )
  const inLine = model.people.filter(({ state }) => state === 'waiting').length
  for (const [index, person] of model.people.entries()) {
    const rank = model.rank(person)
    expect(ranks[index] ?? undefined).toBe(rank)
    if (rank !== undefined) person.shown = Math.min(person.shown, rank)
    expect(standings[index]).toMatchObject(
      rank === undefined
        ? { state: told[person.state] }
        : { state: 'waiting', ahead: person.shown, inLine },
    )
  }
}

test('whatever people, workers and machines do, everybody stands where a plain model of the line has them', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 40 }), async (events) => {
      await at.clear()
      await at.worker.publishQuota({ callsPerSecond })
      await at.keep(1_000, 1_000)
      const model = createModelLine(at.clock.now, () => callsPerSecond)

      for (const event of events) {
        await happen(model, event)
        await compare(model)
      }
    }),
    { numRuns: Number(process.env.LINE_RUNS ?? 12) },
  )
}, 300_000)
