import { expect, test } from 'vitest'
import type { Ticket } from '../../apps/idp-web/src/line/standing.ts'
import { joiner, packedJob, useTestLine } from '../support/line.ts'
import { metricOf } from '../support/metric-of.ts'

const at = useTestLine({ callsPerSecond: 1 })

/** What moves there were while something was done. */
async function movesOf(act: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = await readMoves()
  await act()
  const after = await readMoves()
  return Object.fromEntries(
    Object.entries(after)
      .map(([move, count]) => [move, count - (before[move] ?? 0)] as const)
      .filter(([, count]) => count !== 0),
  )
}

async function readMoves(): Promise<Record<string, number>> {
  const text = await at.metrics.text()
  const series = text.matchAll(/^line_moves_total\{move="([\w-]+)".*\} (\d+)$/gm)
  return Object.fromEntries([...series].map(([, move, count]) => [move, Number(count)]))
}

const stop = () => at.worker.publishQuota({ callsPerSecond: 1, stopped: true })
const failed = { state: 'failed', reason: 'vendor-unavailable' } as const

test('a place is counted as it is taken, called and issued, however often that is reported', async () => {
  const moves = await movesOf(async () => {
    const ticket = await at.join()
    await at.keep(1_000)
    await at.worker.report([ticket.id])
    await at.worker.report([ticket.id])
  })

  expect(moves).toEqual({ joined: 1, called: 1, issued: 1 })
})

test('a place that is asked for twice, fails, is kept and is taken over is counted as each of these', async () => {
  const me = joiner()
  const moves = await movesOf(async () => {
    const { id } = await at.join(me)
    await at.join({ ...me, packed: packedJob() })
    await at.keep(1_000)
    await at.worker.report([id], failed)
    await stop()
    await at.join({ ...me, packed: packedJob() })
    await at.join({ ...me, holder: 'another session', packed: packedJob() })
  })

  expect(moves).toEqual({ joined: 2, called: 1, failed: 1, moved: 1 })
})

test('who is away is counted as parked, as returned, and as lapsed in the end', async () => {
  await stop()
  const moves = await movesOf(async () => {
    const [returns] = [await at.join(), await at.join()]
    await at.keep(47_000, 1_000)
    await at.line.standing(returns, 'visible')
    await at.line.standing(returns, 'visible')
    for (let minute = 0; minute < 5; minute += 1) {
      await at.line.standing(returns, 'hidden')
      await at.keep(61_000, 1_000)
    }
  })

  expect(moves).toEqual({ joined: 2, parked: 2, returned: 1, lapsed: 1 })
})

test('who leaves and comes back is counted once for each, also while being called', async () => {
  const moves = await movesOf(async () => {
    const ticket = await at.join()
    await at.keep(500)
    await at.line.leave(ticket)
    await at.line.leave(ticket)
    await at.line.comeBack(ticket)
    await stop()
    await at.keep(1_000)
    await at.line.leave(ticket)
    await at.line.comeBack(ticket)
  })

  expect(moves).toEqual({ joined: 1, called: 1, 'put-back': 1, left: 2, returned: 2 })
})

test('people are counted by the process that keeps the line, and by no other', async () => {
  const other = at.another()
  await Promise.all([at.join(), at.join(), at.join()])
  const people = (state: string) => metricOf(at.metrics, 'line_people', { state })

  await at.keep(2_000)
  const kept = [await people('waiting'), await people('called'), await people('parked')]
  await other.keeper.turn()

  expect(kept).toEqual([2, 1, 0])
  expect([await people('waiting'), await people('called')]).toEqual([0, 0])
})

test('who is not let in is counted by why', async () => {
  const limits = [{ key: 'credential/person/me', max: 1, windowSeconds: 3600, lasting: false }]
  const refused = (why: string) => metricOf(at.metrics, 'line_refused_total', { why })
  const before = await refused('limited')

  const ticket = await at.join({ limits })
  await at.line.end(ticket)
  const answer = await at.line.join(joiner({ limits }))

  expect(answer.state).toBe('limited')
  expect(await refused('limited')).toBe(before + 1)
})

test('the wait is measured once, at the first call, and compared with what was estimated at joining', async () => {
  const count = (name: string) => metricOf(at.metrics, `${name}_count`)
  const sum = (name: string) => metricOf(at.metrics, `${name}_sum`)
  const crowd = await Promise.all(Array.from({ length: 30 }, () => at.join()))
  await serve(crowd, 15)
  const ticket = await at.join()
  const [waits, ratios] = [await count('line_wait_seconds'), await count(ratio)]
  const [waited, compared] = [await sum('line_wait_seconds'), await sum(ratio)]

  // Everybody in front has come before anything was known.
  await serve([...crowd, ticket], 25)
  const calls = (await count('line_wait_seconds')) - waits
  await stop()
  await at.keep(2_000)
  await at.worker.publishQuota({ callsPerSecond: 1 })
  await serve([ticket], 3)

  const meanSeconds = ((await sum('line_wait_seconds')) - waited) / calls
  expect(await count('line_wait_seconds')).toBe(waits + calls)
  expect(meanSeconds).toBeGreaterThan(15)
  expect(meanSeconds).toBeLessThan(40)
  expect(await count(ratio)).toBe(ratios + 1)
  expect((await sum(ratio)) - compared).toBeGreaterThan(0.5)
  expect((await sum(ratio)) - compared).toBeLessThan(2)
})

test('an estimate is not held against somebody who has been away', async () => {
  const crowd = await Promise.all(Array.from({ length: 30 }, () => at.join()))
  await serve(crowd, 15)
  const ticket = await at.join()
  await at.line.leave(ticket)
  await at.line.comeBack(ticket)
  const before = await metricOf(at.metrics, `${ratio}_count`)

  await serve([...crowd, ticket], 25)

  expect((await at.line.look(ticket)).state).toBe('called')
  expect(await metricOf(at.metrics, `${ratio}_count`)).toBe(before)
})

const ratio = 'line_estimate_error_ratio'

/** Everybody asks each second, and whoever is called is given their turn. */
async function serve(people: readonly Ticket[], seconds: number): Promise<void> {
  for (let second = 0; second < seconds; second += 1) {
    await Promise.all(people.map((ticket) => at.line.standing(ticket, 'visible')))
    await at.keep(1_000)
    await at.worker.start(await at.worker.queued())
  }
}
