import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { jtiIn, newJti, type PushBed, startPushBed } from '../support/push-bed.ts'

let bed: PushBed
let workers: { stop(): Promise<void> }
beforeAll(async () => {
  bed = await startPushBed({ partners: { library: {}, archive: {} } })
  workers = await bed.startWorkers(3)
})
afterAll(async () => {
  await workers.stop()
  await bed.stop()
})
beforeEach(() => {
  bed.receiver.received.length = 0
})

const openJobs = async () => {
  const [row] = await bed.query<{ open: number }>(
    `select count(*)::integer as open from graphile_worker._private_jobs`,
  )
  return row?.open ?? 0
}

/** What was put off comes at once, again and again, until nothing is left. */
async function untilAllEnded(): Promise<void> {
  for (let round = 0; round < 400; round += 1) {
    if ((await openJobs()) === 0) return
    await bed.makeDue()
    await bed.query(`select pg_notify('jobs:insert', '{"r":1,"count":100}')`)
    await pause(50)
  }
  throw new Error('Some jobs never end')
}

const event = fc.record({
  stream: fc.integer({ min: 0, max: 3 }),
  partner: fc.constantFrom('library', 'archive'),
  failures: fc.integer({ min: 0, max: 3 }),
  refused: fc.boolean(),
})

test('what is said to a partner of one subject comes in order, whatever fails meanwhile', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(event, { minLength: 2, maxLength: 24 }), async (events) => {
      bed.receiver.received.length = 0
      const run = newJti()
      const told = events.map((one) => ({
        ...one,
        jti: newJti(),
        subject: `${one.stream}-${run}`,
      }))
      const byJti = new Map(told.map((one) => [one.jti, { ...one, left: one.failures }]))
      bed.receiver.script = ({ body }) => {
        const one = byJti.get(jtiIn(body))
        if (one && one.left > 0) {
          one.left -= 1
          return { status: 503 }
        }
        return { status: one?.refused ? 410 : 202 }
      }

      await bed.announce(told)
      await untilAllEnded()

      const tries = bed.receiver.received.map(({ body }) => jtiIn(body))
      for (const stream of new Set(told.map(streamOf))) {
        const expected = told
          .filter((one) => streamOf(one) === stream)
          .flatMap(({ jti, failures }) => Array.from({ length: failures + 1 }, () => jti))
        expect(tries.filter((jti) => streamOf(byJti.get(jti)) === stream)).toEqual(expected)
      }
    }),
    { numRuns: 12 },
  )
}, 120_000)

const streamOf = (one: { partner: string; subject: string } | undefined): string =>
  `${one?.partner} ${one?.subject}`

test('an event that cannot be delivered holds up its own stream alone', async () => {
  const stuck = newJti()
  const subject = newJti()
  bed.receiver.script = ({ body }) => ({ status: jtiIn(body) === stuck ? 503 : 202 })
  const others = Array.from({ length: 50 }, () => ({ partner: 'library', subject: newJti() }))

  await bed.announce([
    { partner: 'library', subject, jti: stuck },
    { partner: 'library', subject },
    ...others,
    { partner: 'archive', subject },
  ])

  await expect.poll(() => bed.receiver.received.length, { timeout: 10_000 }).toBe(52)
  await pause(500)
  expect(bed.receiver.received).toHaveLength(52)
  bed.receiver.script = () => ({ status: 202 })
  await untilAllEnded()
  expect(bed.receiver.received).toHaveLength(54)
})

test('the next one leaves at once when the one before it has ended', async () => {
  const subject = newJti()
  bed.receiver.script = async () => {
    await pause(100)
    return { status: 202 }
  }

  await bed.announce(Array.from({ length: 10 }, () => ({ partner: 'library', subject })))

  await expect.poll(() => bed.receiver.received.length, { timeout: 10_000 }).toBe(10)
  const [first, last] = [bed.receiver.received.at(0), bed.receiver.received.at(-1)]
  expect((last?.at ?? 0) - (first?.at ?? 0)).toBeLessThan(6_000)
  await untilAllEnded()
})
