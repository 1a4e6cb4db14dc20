import { seededRandom } from '@anteroom/infra/specimens/random.ts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestLine, type TestLine } from '../support/line.ts'
import { type CrowdPlan, type CrowdReport, runCrowd } from '../support/line-crowd.ts'

let at: TestLine
beforeAll(async () => {
  at = await startTestLine()
})
afterAll(() => at.stop())
beforeEach(() => at.clear())

const plan = (changes: Partial<CrowdPlan>): CrowdPlan => ({
  people: 800,
  joinSeconds: 5,
  quotaAt: () => 8,
  serviceSeconds: 1.5,
  random: seededRandom(5),
  stepMs: 250,
  remembers: true,
  ...changes,
})

/** Of everything people were told about their wait: its mean error, and how often the truth was in the range. */
function judge({ people }: CrowdReport): { error: number; coverage: number } {
  const told = people.flatMap(({ told, startedAt }) =>
    startedAt === undefined ? [] : told.map(({ at, wait }) => ({ real: startedAt - at, wait })),
  )
  const inside = told.filter(({ real, wait }) => real >= wait.low && real <= wait.high)
  const errors = told.map(({ real, wait }) => Math.abs(wait.likely - real) / Math.max(real, 1))
  const sum = errors.reduce((total, error) => total + error, 0)
  return { error: sum / errors.length, coverage: inside.length / told.length }
}

test('six of ten leave, and the quota goes to those who are there, in their order', async () => {
  const report = await runCrowd(
    at,
    plan({ people: 1_000, joinSeconds: 60, quotaAt: () => 1, patienceSeconds: 220 }),
  )

  const left = report.people.filter(({ startedAt }) => startedAt === undefined).length
  const forNobody = report.started.filter(({ wasThere }) => !wasThere).length
  expect(left / report.people.length).toBeGreaterThan(0.55)
  expect(forNobody / report.started.length).toBeLessThanOrEqual(0.01)
  expect((report.started.length - forNobody) / report.possible).toBeGreaterThanOrEqual(0.98)
  expect(report.largestWindow).toBeLessThanOrEqual(1)
  const numbers = report.started.map(({ ticket }) => ticket.number)
  expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
}, 300_000)

test.each([
  ['nobody leaves', {}],
  ['people have had enough after ten minutes', { patienceSeconds: 600 }],
  ['people have had enough after five minutes', { patienceSeconds: 300 }],
  // What was told before cannot be right: coverage is over everything that was told all the same.
  ['the rate halves', { quotaAt: (second: number) => (second < 10 ? 4 : 2) }],
] as const)(
  'the wait is told rightly where %s',
  async (_name, changes) => {
    const { error, coverage } = judge(await runCrowd(at, plan(changes)))

    expect(coverage).toBeGreaterThanOrEqual(0.85)
    expect(error).toBeLessThanOrEqual(0.25)
  },
  300_000,
)
