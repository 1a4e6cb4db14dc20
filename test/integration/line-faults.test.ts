import { createLog, createShutdown } from '@anteroom/runtime'
import { expect, test } from 'vitest'
import { startKeeper } from '../../apps/idp-web/src/line/keeper.ts'
import type { Ticket } from '../../apps/idp-web/src/line/standing.ts'
import { joiner, useTestLine } from '../support/line.ts'

const at = useTestLine({ callsPerSecond: 5 })

const crowd = (count: number) => Promise.all(Array.from({ length: count }, () => at.join()))
const inOrder = (tickets: readonly Ticket[]) => tickets.toSorted((a, b) => a.number - b.number)
const poll = (ticket: Ticket) => at.line.standing(ticket, 'visible')
/** As if the ticket had been called so long ago that its deadline is in so many milliseconds. */
const setDeadline = ({ number }: Ticket, inMs: number) =>
  at.redis.zadd('line:called', at.clock.now() + inMs, number)
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

test('who only looks at a place that Redis was never told of passes for nobody who is there', async () => {
  const ticket = await at.join()
  await at.line.end(await at.join())
  await at.redis
    .multi()
    .zrem('line:waiting', ticket.number)
    .zrem('line:leases', ticket.number)
    .hdel('line:tickets', String(ticket.number))
    .exec()

  expect(await at.line.look(ticket)).toMatchObject({ state: 'waiting', ahead: 0 })
  await at.keep(1_000)
  expect(await at.worker.queued()).toEqual([])
  await poll(ticket)
  await at.keep(1_000)

  expect(await at.worker.queued()).toEqual([ticket.id])
})

test('while no worker runs nobody’s time is up: the called are put back a minute before, and called anew', async () => {
  const ticket = await at.join()
  await at.keep(500)
  const first = await at.database.pool('admin').query('select deadline_at from web.tickets')
  await setDeadline(ticket, 61_000)

  await at.keep(500)
  const before = Number(await at.redis.zscore('line:called', ticket.number))
  await at.keep(2_000)
  const after = Number(await at.redis.zscore('line:called', ticket.number))

  expect(before).toBe(at.clock.now() - 2_500 + 61_000)
  expect(after).toBeGreaterThan(before + 60_000)
  const second = await at.database.pool('admin').query('select deadline_at from web.tickets')
  expect(second.rows[0].deadline_at > first.rows[0].deadline_at).toBe(true)
  expect(await at.worker.queued()).toEqual([ticket.id])
  expect(await poll(ticket)).toMatchObject({ state: 'called' })
})

test('a ticket that has ended without a word to Redis is taken out half a minute after its deadline', async () => {
  const ticket = await at.join()
  await at.keep(500)
  await at.worker.start([ticket.id])
  await at.database.pool('admin').query(
    `update web.tickets set state = 'issued', ended_at = now(), wire = null,
       person = null, subject = null, holder = null, credential_id = null`,
  )

  await setDeadline(ticket, 0)
  await at.keep(29_000, 1_000)
  expect(await at.redis.zcard('line:called')).toBe(1)
  await at.keep(32_000, 1_000)

  expect(await at.redis.zcard('line:called')).toBe(0)
  expect(await at.redis.hlen('line:tickets')).toBe(0)
  expect(await at.line.look(ticket)).toEqual({ state: 'issued' })
})

test('while Postgres is silent polls are answered all the same, with what the operators said last', async () => {
  const admin = at.database.pool('admin')
  const ticket = await at.join()
  await admin.query(`update web.line_control set message = 'Back at noon.'`)
  at.clock.pass(1_000)
  await poll(ticket)
  const silence = await admin.connect()
  await silence.query('begin')
  await silence.query('lock table web.line_control in access exclusive mode')

  const told = []
  for (let second = 0; second < 2; second += 1) {
    at.clock.pass(1_000)
    told.push(await poll(ticket))
  }

  const asked = await admin.query(
    `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  )
  await silence.query('rollback')
  silence.release()
  await admin.query('update web.line_control set message = null')
  expect(told).toMatchObject(told.map(() => ({ state: 'waiting', message: 'Back at noon.' })))
  expect(asked.rowCount).toBe(1)
})

test('places that are over by the hundred hold up nobody who is called', async () => {
  await stop()
  const gone = await crowd(1_200)
  await Promise.all(gone.map((ticket) => at.line.leave(ticket)))
  const ticket = await at.join()
  await at.redis.zunionstore('line:parked', 1, 'line:parked', 'WEIGHTS', 0)
  await at.worker.publishQuota({ callsPerSecond: 5 })
  const lapsed = async () => {
    const { rows } = await at.database
      .pool('admin')
      .query(`select count(*)::int as count from web.tickets where state = 'lapsed'`)
    return rows[0].count
  }

  await at.keep(1_000, 1_000)
  expect(await at.worker.queued()).toEqual([ticket.id])
  const counts = []
  for (let turn = 0; turn < 4; turn += 1) {
    await at.keep(250)
    counts.push(await lapsed())
  }

  expect(counts).toEqual([500, 1_000, 1_200, 1_200])
})

test('the operators are told how long somebody would wait who joins now, while that is known', async () => {
  const waitTold = async () => {
    const { rows } = await at.database.pool('admin').query(
      `select wait_low_seconds as low, wait_likely_seconds as likely, wait_high_seconds as high
       from web.line_figures`,
    )
    return rows[0]
  }
  const tickets = await crowd(60)
  for (let second = 0; second < 10; second += 1) {
    await Promise.all(tickets.map(poll))
    await at.keep(1_000)
    await at.worker.start(await at.worker.queued())
  }

  const { wait } = await at.line.overview()
  const moving = await waitTold()
  await stop()
  await at.keep(5_000)

  expect(moving.likely).toBeGreaterThan(0)
  expect(Math.abs(moving.likely - (wait?.likely ?? 0))).toBeLessThan(3)
  expect(moving.low).toBeLessThan(moving.high)
  expect(await waitTold()).toEqual({ low: null, likely: null, high: null })
})

test('the operators are told once that nobody is there', async () => {
  const measuredAt = async () => {
    const { rows } = await at.database
      .pool('admin')
      .query('select waiting, measured_at from web.line_figures')
    return rows[0]
  }
  await at.keep(5_000)
  const nobody = await measuredAt()

  await at.keep(5_000)
  expect(await measuredAt()).toEqual(nobody)
  await stop()
  await at.join()
  await at.keep(5_000)

  expect(await measuredAt()).toMatchObject({ waiting: 1 })
})

test('an outage is complained of once in a while, with what was wrong', async () => {
  const lines: string[] = []
  const output = { write: (line: string) => lines.push(line) }
  const log = createLog({ service: 'idp-web', level: 'warn', output })
  const shutdown = createShutdown(log)
  await at.keeper.retire()
  await at.redis.set('line:tickets', 'not what it was')
  await at.redis.sadd('line:moving', 1)

  startKeeper(at.another().keeper, log, shutdown)
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  await at.redis.flushall()
  await shutdown.run()

  const complaints = lines
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'line.turn-failed')
  expect(complaints).toMatchObject([{ code: 'ReplyError' }])
})
