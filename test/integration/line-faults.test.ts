import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Ticket } from '../../apps/idp-web/src/line/standing.ts'
import { joiner, startTestLine, type TestLine } from '../support/line.ts'

let at: TestLine
beforeAll(async () => {
  at = await startTestLine()
})
afterAll(() => at.stop())
beforeEach(async () => {
  await at.clear()
  await at.worker.publishQuota({ callsPerSecond: 5 })
})

const crowd = (count: number) => Promise.all(Array.from({ length: count }, () => at.join()))
const inOrder = (tickets: readonly Ticket[]) => tickets.toSorted((a, b) => a.number - b.number)
const poll = (ticket: Ticket) => at.line.standing(ticket, 'visible')
const stop = () => at.worker.publishQuota({ callsPerSecond: 5, stopped: true })

test('nobody who asks is parked, however polls and sweeps fall together', async () => {
  await stop()
  const tickets = await crowd(50)

  for (let round = 0; round < 20; round += 1) {
    // Exactly when the leases end.
    at.clock.pass(45_000)
    const polls = tickets.map(poll)
    const turn = at.keeper.turn()
    const told = await Promise.all([...polls, ...tickets.map(poll)])
    await turn

    expect(new Set(told.map(({ state }) => state))).toEqual(new Set(['waiting']))
    expect(await at.redis.zcard('line:waiting')).toBe(50)
    expect(await at.redis.zcard('line:parked')).toBe(0)
  }
})

test('a line that Redis loses is read from Postgres by one process, in the same order, while people ask and join', async () => {
  await stop()
  const tickets = inOrder(await crowd(300))
  const processes = [at, at.another(), at.another()]
  await at.redis.flushall()
  await stop()

  const [standings, joined] = await Promise.all([
    Promise.all(
      tickets.map((ticket, index) => processes[index % 3]?.line.standing(ticket, 'visible')),
    ),
    Promise.all(processes.map(({ line }) => line.join(joiner()))),
  ])

  expect(standings.map((told) => told?.state === 'waiting' && told.ahead)).toEqual(
    tickets.map((_ticket, index) => index),
  )
  for (const answer of joined) {
    if (answer.state !== 'in-line') return expect.unreachable()
    expect(await poll(answer.ticket)).toMatchObject({ state: 'waiting' })
  }
  expect(await at.redis.zcard('line:waiting')).toBe(303)
})

test('a loss of Redis between being called and being told so calls nobody twice', async () => {
  const tickets = inOrder(await crowd(30))
  await at.keep(500)
  const called = await at.worker.queued()
  expect(called).toHaveLength(5)

  await at.redis.flushall()
  await at.worker.publishQuota({ callsPerSecond: 5 })
  await Promise.all(tickets.map(poll))
  await at.keep(1_000)

  expect(await at.worker.queued()).toEqual(called)
  const states = await Promise.all(tickets.map(async (ticket) => (await poll(ticket)).state))
  expect(states.filter((state) => state === 'called')).toHaveLength(5)
})

test('what a process that died had begun is carried on by the next one, three seconds later', async () => {
  const tickets = inOrder(await crowd(30))
  const other = at.another()
  await at.keeper.turn()
  // It dies between taking people from the front and calling them.
  const taken = tickets.slice(5, 7)
  for (const { id, number } of taken) {
    await at.redis.zrem('line:waiting', number)
    await at.redis.hset('line:tickets', number, `${id}g${at.clock.now()}${'0'.repeat(20)}`)
    await at.redis.sadd('line:moving', number)
  }

  at.clock.pass(2_900)
  await other.keeper.turn()
  expect(await at.worker.queued()).toHaveLength(5)
  at.clock.pass(200)
  await other.keeper.turn()

  expect(await at.worker.queued()).toEqual(tickets.slice(0, 7).map(({ id }) => id))
  expect(await Promise.all(taken.map(poll))).toMatchObject([
    { state: 'called' },
    { state: 'called' },
  ])
})

test('a process that stops leaves the line to another at once', async () => {
  await crowd(3)
  const other = at.another()
  await at.keeper.turn()
  await at.keeper.retire()

  await other.keeper.turn()

  expect(await at.redis.hget('line:leader', 'process')).not.toBeNull()
  expect(await at.worker.queued()).toHaveLength(3)
})

test('while no process of ours runs for ten minutes nobody loses their place', async () => {
  await stop()
  const [visible, hidden, parked] = await crowd(3)
  if (!visible || !hidden || !parked) return expect.unreachable()
  for (let second = 0; second < 100; second += 10) {
    await Promise.all([poll(visible), at.line.standing(hidden, 'hidden')])
    await at.keep(10_000, 1_000)
  }
  expect(await at.line.look(parked)).toMatchObject({ state: 'left' })

  at.clock.pass(600_000)
  await at.keep(2_000, 1_000)

  expect((await at.line.look(visible)).state).toBe('waiting')
  expect((await at.line.look(hidden)).state).toBe('waiting')
  expect((await at.line.look(parked)).state).toBe('left')
  await at.keep(45_000, 1_000)
  expect((await at.line.look(visible)).state).toBe('left')
  expect(await poll(parked)).toMatchObject({ state: 'waiting' })
})

test('somebody whose place Postgres has, but of whom Redis was never told, is brought in', async () => {
  await stop()
  const ticket = await at.join()
  const { id, number } = ticket
  await at.redis
    .multi()
    .zrem('line:waiting', number)
    .zrem('line:leases', number)
    .hdel('line:tickets', String(number))
    .exec()

  await at.keep(31_000, 1_000)

  expect(await at.redis.zrank('line:waiting', number)).toBe(0)
  expect(await poll({ id, number })).toMatchObject({ state: 'waiting', ahead: 0 })
})
