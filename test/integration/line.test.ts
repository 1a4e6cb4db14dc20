import { pushOutcome } from '@anteroom/job-channel'
import { expect, onTestFinished, test } from 'vitest'
import type { Seeker } from '../../apps/idp-web/src/line/line.ts'
import type { Ticket } from '../../apps/idp-web/src/line/standing.ts'
import { joiner, packedJob, useTestLine } from '../support/line.ts'
import { reportOf } from '../support/report.ts'

const at = useTestLine({ callsPerSecond: 1 })

const stateOf = async (ticket: Ticket) => (await at.line.look(ticket)).state
const poll = (ticket: Ticket) => at.line.standing(ticket, 'visible')
const everybodyPolls = (tickets: readonly Ticket[]) => Promise.all(tickets.map(poll))
const crowd = (count: number) => Promise.all(Array.from({ length: count }, () => at.join()))

async function rowOf({ id }: Ticket): Promise<Record<string, unknown> | undefined> {
  const { rows } = await at.database
    .pool('admin')
    .query('select * from web.tickets where id = $1', [id])
  return rows[0]
}

test('people stand in the order in which they came, and everybody is told how many are ahead', async () => {
  const tickets = [await at.join(), await at.join(), await at.join()]

  const standings = await everybodyPolls(tickets)

  expect(standings).toMatchObject([
    { state: 'waiting', ahead: 0, inLine: 3, leaseSeconds: 45 },
    { state: 'waiting', ahead: 1, inLine: 3 },
    { state: 'waiting', ahead: 2, inLine: 3 },
  ])
})

test('two hundred people who join at once in three processes get numbers without doubles', async () => {
  const processes = [at, at.another(), at.another()]

  const joined = await Promise.all(
    Array.from({ length: 200 }, (_, index) => processes[index % 3]?.line.join(joiner())),
  )

  const numbers = joined.map((answer) => (answer?.state === 'in-line' ? answer.ticket.number : 0))
  expect(new Set(numbers).size).toBe(200)
  const standings = await everybodyPolls(
    joined.flatMap((answer) => (answer?.state === 'in-line' ? [answer.ticket] : [])),
  )
  const ranks = standings.map((standing) => (standing.state === 'waiting' ? standing.ahead : -1))
  expect(new Set(ranks)).toEqual(new Set(Array.from({ length: 200 }, (_, rank) => rank)))
})

test('whoever joins twice in a session keeps their place', async () => {
  const me = joiner()
  const first = await at.join(me)
  await at.join()

  const second = await at.join({ ...me, packed: packedJob() })

  expect(second).toEqual(first)
})

test('whoever proves the same number in another session takes the place over', async () => {
  const subject = ['the number']
  const before = await at.join({ subject })
  await at.join()

  const after = await at.join({ subject: ['newer hash', 'the number'] })

  expect(after.number).toBe(before.number)
  expect(after.id).not.toBe(before.id)
  expect(await at.line.standing(before, 'visible')).toEqual({ state: 'gone', why: 'moved' })
  expect(await at.line.standing(after, 'visible')).toMatchObject({ state: 'waiting', ahead: 0 })
})

test('a credential that is being made for one session is not begun for another', async () => {
  const subject = ['the number']
  await at.join({ subject })
  await at.keep(500)

  const other = await at.line.join(joiner({ subject }))

  expect(other).toEqual({ state: 'busy-elsewhere' })
})

test('a person takes only so many places in a window', async () => {
  const limits = [{ key: 'credential/person/me', max: 2, windowSeconds: 3600, lasting: false }]
  const answers: string[] = []

  for (let place = 1; place <= 3; place += 1) {
    const joined = await at.line.join(joiner({ limits }))
    answers.push(joined.state)
    if (joined.state === 'in-line') await at.line.end(joined.ticket)
  }

  expect(answers).toEqual(['in-line', 'in-line', 'limited'])
})

test('people are called in their order, so many that one second of quota waits for its turn', async () => {
  await at.worker.publishQuota({ callsPerSecond: 3 })
  const tickets = await crowd(20)
  await everybodyPolls(tickets)

  await at.keep(2_000)

  const inOrder = tickets.toSorted((a, b) => a.number - b.number).map(({ id }) => id)
  expect(await at.worker.queued()).toEqual(inOrder.slice(0, 3))
  await at.worker.start(inOrder.slice(0, 2))
  await everybodyPolls(tickets)
  await at.keep(500)
  expect(await at.worker.queued()).toEqual(inOrder.slice(2, 5))
})

test('whoever was not heard of lately is passed over, woken, and called when they are', async () => {
  const woken: string[] = []
  const subscriber = at.redis.duplicate()
  subscriber.on('message', (_channel, id) => woken.push(id))
  await subscriber.subscribe('outcomes')
  const [asleep, awake] = [await at.join(), await at.join()]
  at.clock.pass(4_000)
  await at.line.standing(awake, 'visible')

  await at.keep(1_000)

  expect(await stateOf(awake)).toBe('called')
  expect(await at.line.look(asleep)).toMatchObject({ state: 'waiting', ahead: 0 })
  await expect.poll(() => woken).toEqual([asleep.id])
  await at.worker.start([awake.id])
  await at.line.standing(asleep, 'hidden')
  await at.keep(500)
  expect(await stateOf(asleep)).toBe('called')
  subscriber.disconnect()
})

test('a page that asks seldom passes for being there for ten seconds', async () => {
  await at.worker.publishQuota({ callsPerSecond: 1, stopped: true })
  const [silent, seldom] = [await at.join(), await at.join()]
  await at.line.standing(silent, 'hidden')
  at.clock.pass(2_000)
  await at.line.standing(seldom, 'hidden')
  at.clock.pass(9_000)

  await at.worker.publishQuota({ callsPerSecond: 2 })
  await at.keep(500)

  expect(await stateOf(silent)).toBe('waiting')
  expect(await stateOf(seldom)).toBe('called')
})

test('a place whose lease has ended blocks nobody, is kept for five minutes, and is taken again by asking', async () => {
  await at.worker.publishQuota({ callsPerSecond: 1, stopped: true })
  const [absent, present] = [await at.join(), await at.join()]
  for (let second = 0; second < 60; second += 5) {
    await at.line.standing(present, 'visible')
    await at.keep(5_000, 1_000)
  }

  expect(await at.line.look(absent)).toMatchObject({ state: 'left' })
  expect(await at.line.standing(present, 'visible')).toMatchObject({ ahead: 0, inLine: 1 })
  expect(await at.line.standing(absent, 'visible')).toMatchObject({ state: 'waiting', ahead: 0 })
})

test('a place that was kept for five minutes is gone, and nothing is left of whose it was', async () => {
  const ticket = await at.join()
  await at.worker.publishQuota({ callsPerSecond: 1, stopped: true })

  await at.keep(45_000 + 300_000 + 3_000, 1_000)

  expect(await at.line.standing(ticket, 'visible')).toEqual({ state: 'gone', why: 'lapsed' })
  expect(await rowOf(ticket)).toMatchObject({
    ...{ state: 'lapsed', person: null, subject: null, holder: null, wire: null },
  })
})

test('a hidden page may be silent for two and a half minutes', async () => {
  await at.worker.publishQuota({ callsPerSecond: 1, stopped: true })
  const ticket = await at.join()
  await at.line.standing(ticket, 'hidden')

  await at.keep(145_000, 1_000)
  expect(await stateOf(ticket)).toBe('waiting')
  await at.keep(10_000, 1_000)

  expect(await stateOf(ticket)).toBe('left')
})

test('closing the page kills nothing if it loads anew, and ends the lease soon if it does not', async () => {
  await at.worker.publishQuota({ callsPerSecond: 1, stopped: true })
  const [reloads, closes] = [await at.join(), await at.join()]
  await Promise.all([at.line.away(reloads), at.line.away(closes)])
  await at.line.standing(reloads, 'visible')

  await at.keep(17_000, 1_000)

  expect(await stateOf(reloads)).toBe('waiting')
  expect(await stateOf(closes)).toBe('left')
})

test('who leaves by the button is out of the line at once, and only their own word brings them back', async () => {
  await at.worker.publishQuota({ callsPerSecond: 1, stopped: true })
  const [leaves, stays] = [await at.join(), await at.join()]

  await at.line.leave(leaves)

  expect(await at.line.standing(leaves, 'visible')).toEqual({
    state: 'left',
    backUntil: at.clock.now() + 300_000,
  })
  expect(await at.line.standing(stays, 'visible')).toMatchObject({ ahead: 0 })
  expect(await at.line.comeBack(leaves)).toMatchObject({ state: 'waiting', ahead: 0 })
})

test('who leaves after being called gets their job back out of the queue', async () => {
  const ticket = await at.join()
  await at.keep(500)
  expect(await at.worker.queued()).toEqual([ticket.id])

  await at.line.leave(ticket)
  await at.keep(500)

  expect(await at.worker.queued()).toEqual([])
  expect(await at.line.standing(ticket, 'visible')).toMatchObject({ state: 'left' })
  expect(await at.line.comeBack(ticket)).toMatchObject({ state: 'waiting' })
})

test('a pause puts the called back at their place, with the same job', async () => {
  const tickets = [await at.join(), await at.join(), await at.join()]
  await at.keep(500)
  const called = await at.worker.queued()
  expect(called).toEqual([tickets[0]?.id])

  await at.worker.publishQuota({ callsPerSecond: 1, stopped: true })
  await at.keep(1_000)

  expect(await at.worker.queued()).toEqual([])
  expect(await everybodyPolls(tickets)).toMatchObject([
    { state: 'waiting', ahead: 0, paused: 'stopped' },
    { state: 'waiting', ahead: 1, paused: 'stopped' },
    { state: 'waiting', ahead: 2, paused: 'stopped' },
  ])
  await at.worker.publishQuota({ callsPerSecond: 1 })
  await at.keep(1_000)
  expect(await at.worker.queued()).toEqual(called)
})

test('what a worker has claimed is not put back', async () => {
  const ticket = await at.join()
  await at.keep(500)
  await at.worker.start([ticket.id])
  await at.worker.publishQuota({ callsPerSecond: 1, stopped: true })

  await at.keep(60_000, 1_000)

  expect(await stateOf(ticket)).toBe('called')
})

test('an issued ticket is over, and nothing is left of whose it was', async () => {
  const ticket = await at.join()
  await at.keep(500)

  await at.worker.report([ticket.id])
  await at.worker.report([ticket.id])

  expect(await at.line.standing(ticket, 'visible')).toEqual({ state: 'issued' })
  expect(await rowOf(ticket)).toMatchObject({
    ...{ state: 'issued', person: null, subject: null, holder: null, wire: null },
  })
  expect(await at.redis.hlen('line:tickets')).toBe(0)
})

test('who goes on asking what became of their ticket does not reach the database each time', async () => {
  const ticket = await at.join()
  await at.keep(500)
  await at.worker.report([ticket.id])
  await poll(ticket)
  const silence = await at.database.pool('admin').connect()
  onTestFinished(() => silence.release(true))
  await silence.query('begin; lock table web.tickets in access exclusive mode')

  const told = await Promise.all(Array.from({ length: 20 }, () => poll(ticket)))

  expect(told).toEqual(told.map(() => ({ state: 'issued' })))
})

test('what becomes of a kept place later is told within half a minute', async () => {
  const me = joiner()
  const ticket = await at.join(me)
  await at.keep(500)
  await at.worker.report([ticket.id], { state: 'failed', reason: 'vendor-unavailable' })
  expect(await poll(ticket)).toMatchObject({ keepsPlace: true })

  await at.join({ ...me, packed: packedJob() })
  at.clock.pass(30_000)

  expect(await poll(ticket)).toMatchObject({ state: 'failed', keepsPlace: false })
})

test('what is reported of other jobs ends no ticket', async () => {
  const ticket = await at.join()
  await at.keep(500)

  await at.line.applyReports([reportOf(ticket.id, { job: 'resolution-proofing' })])

  expect(await stateOf(ticket)).toBe('called')
  expect(await rowOf(ticket)).toMatchObject({ state: 'called' })
})

test('the outcome is told before the report comes', async () => {
  const ticket = await at.join()
  await at.keep(500)
  const outcome = { state: 'done', sealed: 's' } as const

  await pushOutcome(at.redis.pipeline(), { jobId: ticket.id, outcome, seconds: 600 }).exec()

  expect(await at.line.standing(ticket, 'visible')).toEqual({ state: 'issued' })
})

test('a failure that was not the person’s keeps number and credential for whoever joins again', async () => {
  const me = joiner()
  const first = await at.join(me)
  const other = await at.join()
  await at.keep(500)
  await at.worker.report([first.id], { state: 'failed', reason: 'vendor-unavailable' })
  await at.worker.publishQuota({ callsPerSecond: 1, stopped: true })

  expect(await at.line.standing(first, 'visible')).toEqual({
    state: 'failed',
    reason: 'vendor-unavailable',
    keepsPlace: true,
  })
  const again = await at.join({ ...me, packed: packedJob() })
  await at.keep(1_000)

  expect(again.number).toBe(first.number)
  expect(await at.line.look(again)).toMatchObject({ state: 'waiting', ahead: 0 })
  expect(await at.line.look(other)).toMatchObject({ state: 'waiting', ahead: 1 })
  const row = await rowOf(again)
  const { credentialId } = me.packed.clear
  expect(row).toMatchObject({ credential_id: credentialId, wire: { clear: { credentialId } } })
})

test('a failure that was the person’s keeps nothing', async () => {
  const me = joiner()
  const first = await at.join(me)
  await at.keep(500)
  await at.worker.report([first.id], { state: 'failed', reason: 'rejected-input' })

  const again = await at.join({ ...me, packed: packedJob() })

  expect(await at.line.look(first)).toMatchObject({ state: 'failed', keepsPlace: false })
  expect(again.number).not.toBe(first.number)
})

test('time that is up is said by the web, and the place is kept', async () => {
  const ticket = await at.join()
  await at.keep(500)

  at.clock.pass(13 * 3_600_000)

  expect(await at.line.standing(ticket, 'visible')).toEqual({
    ...{ state: 'failed', reason: 'timed-out', keepsPlace: true },
  })
  expect(await at.line.standing(ticket, 'visible')).toMatchObject({ state: 'failed' })
  at.clock.pass(-13 * 3_600_000)
})

test('a drained line lets in nobody new, says why, and goes on with those who are there', async () => {
  const admin = at.database.pool('admin')
  const me = joiner()
  const before = await at.join(me)
  await admin.query(`update web.line_control set mode = 'drained', message = 'Back at noon.'`)
  at.clock.pass(1_000)

  expect(await at.line.join(joiner())).toEqual({ state: 'closed' })
  expect(await at.join(me)).toEqual(before)
  expect(await at.line.overview()).toMatchObject({ open: false, message: 'Back at noon.' })
  expect(await at.line.standing(before, 'visible')).toMatchObject({ message: 'Back at noon.' })
  await admin.query(`update web.line_control set mode = 'open', message = null`)
  at.clock.pass(1_000)
})

test('a session that ends gives its place up and takes its job out of the queue', async () => {
  const ticket = await at.join()
  await at.keep(500)

  const ended = [await at.line.end(ticket), await at.line.end(ticket)]

  expect(ended).toEqual([true, false])
  expect(await at.worker.queued()).toEqual([])
  expect(await at.line.standing(ticket, 'visible')).toEqual({ state: 'gone', why: 'lapsed' })
})

test('a session that ends while its credential is made frees the number only after that, and leaves nothing behind', async () => {
  const me = joiner()
  const ticket = await at.join(me)
  await at.keep(500)
  await at.worker.start([ticket.id])
  await pushOutcome(at.redis.pipeline(), {
    jobId: ticket.id,
    outcome: { state: 'done', sealed: 'sealed' },
    seconds: 600,
  }).exec()

  await at.line.end(ticket)
  const meanwhile = await at.line.join(joiner({ subject: me.subject }))
  await at.worker.report([ticket.id])
  const afterwards = await at.line.join(joiner({ subject: me.subject }))

  expect(meanwhile.state).toBe('busy-elsewhere')
  expect(afterwards.state).toBe('in-line')
  expect(await at.redis.exists(`outcome:${ticket.id}`)).toBe(0)
})

const seeker = (person: readonly string[], wish: Partial<Seeker> = {}): Seeker => ({
  person,
  holder: 'new session',
  isOwn: () => true,
  ...wish,
})

test('after a loss of Redis a browser finds its ticket for a new session, which is then its holder', async () => {
  const me = joiner()
  const ticket = await at.join(me)
  await at.redis.flushall()

  const found = await at.line.takeUp(seeker(['another', me.person[0] ?? '']))

  expect(found).toEqual(ticket)
  expect(await at.join({ ...me, holder: 'new session', packed: packedJob() })).toEqual(ticket)
  expect(await at.line.takeUp(seeker(['nobody']))).toBeUndefined()
})

test('of the tickets of one device each is found only by whoever shows that it is their own', async () => {
  const [me, other] = [joiner(), joiner()]
  const [mine] = [await at.join(me), await at.join({ ...other, person: me.person })]
  await at.redis.flushall()

  const strangers = await at.line.takeUp(seeker(me.person, { isOwn: () => false }))
  const own = await at.line.takeUp(seeker(me.person, { isOwn: (id) => id === mine.id }))

  expect(strangers).toBeUndefined()
  expect(own).toEqual(mine)
})

test('nobody finds a ticket while Redis has lost nothing, nor a second time', async () => {
  const me = joiner()
  await at.join(me)

  const before = await at.line.takeUp(seeker(me.person))
  await at.redis.flushall()
  await at.line.takeUp(seeker(me.person))
  const second = await at.line.takeUp(seeker(me.person))

  expect([before, second]).toEqual([undefined, undefined])
})

test('nobody finds a ticket whose credential is there', async () => {
  const [known, told] = [joiner(), joiner()]
  await at.worker.publishQuota({ callsPerSecond: 2 })
  const tickets = [await at.join(known), await at.join(told)]
  await at.keep(500)
  await at.redis.flushall()
  const outcome = { state: 'done', sealed: 's' } as const
  const [first, second] = tickets.map(({ id }) => id)

  await pushOutcome(at.redis.pipeline(), { jobId: first ?? '', outcome, seconds: 600 }).exec()
  await at.worker.report([second ?? ''])

  expect(await at.line.takeUp(seeker(known.person))).toBeUndefined()
  expect(await at.line.takeUp(seeker(told.person))).toBeUndefined()
})

test('a line in which one would stand too long lets in nobody new, and says when to come again', async () => {
  const { line } = at.another({ lineLongestWaitSeconds: 60 })
  const me = joiner()
  const mine = await at.join(me)
  await Promise.all(Array.from({ length: 99 }, () => at.join()))
  at.clock.pass(1_000)

  const refused = await line.join(joiner())

  // A hundred people at one a second, where one may wait for sixty: a minute is the soonest that is named, and by the
  // middle of what chance may add to it, a quarter more.
  expect(refused).toEqual({ state: 'full', returnAt: at.clock.now() + 75_000 })
  expect(await line.overview()).toMatchObject({ open: false, inLine: 100 })
  expect(await line.join({ ...me, packed: packedJob() })).toEqual({
    state: 'in-line',
    ticket: mine,
  })
})

test('who is called and yet to have their turn is counted into the wait, and whoever asks to be let in', async () => {
  const { line } = at.another({ lineLongestWaitSeconds: 60 })
  await crowd(58)
  await at.keep(500)
  const answers: string[] = []

  // One is called and 57 wait: the first of these has their turn in the 59th second.
  for (let second = 59; second <= 61; second += 1) {
    at.clock.pass(1_000)
    answers.push((await line.join(joiner())).state)
  }

  expect(answers).toEqual(['in-line', 'in-line', 'full'])
})

test('a number shown does not rise because others come back', async () => {
  await at.worker.publishQuota({ callsPerSecond: 1, stopped: true })
  const [returns, stays] = [await at.join(), await at.join()]
  await at.line.leave(returns)
  expect(await at.line.standing(stays, 'visible')).toMatchObject({ ahead: 0, inLine: 1 })

  await at.line.comeBack(returns)

  expect(await at.line.standing(stays, 'visible')).toMatchObject({ ahead: 0, inLine: 2 })
  expect(await at.redis.zrank('line:waiting', stays.number)).toBe(1)
})
