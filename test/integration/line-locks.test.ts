import type pg from 'pg'
import { expect, onTestFinished, test } from 'vitest'
import { joiner, packedJob, useTestLine } from '../support/line.ts'

const at = useTestLine({ callsPerSecond: 1 })

/** A transaction of the web's that the test holds open. */
async function begin(): Promise<pg.PoolClient> {
  const client = await at.database.pool('web').connect()
  onTestFinished(() => client.release(true))
  await client.query('begin')
  return client
}

const call = 'select from web.move_tickets($1, $2, $3, 300)'
const lock = 'select from web.tickets where id = $1 for update'

/** Until as many sessions wait for somebody else's lock. */
async function untilWaiting(count: number): Promise<void> {
  const waits = `select count(*)::int as waiting from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`
  await expect
    .poll(async () => (await at.database.pool('admin').query(waits)).rows[0]?.waiting)
    .toBe(count)
}

const stateOf = async (id: string) => {
  const { rows } = await at.database
    .pool('admin')
    .query('select state from web.tickets where id = $1', [id])
  return rows[0]?.state
}

test('who joins waits for nobody else’s place', async () => {
  const other = await at.join()
  const mover = await begin()
  await mover.query(lock, [other.id])

  const ticket = await at.join()

  expect(await stateOf(ticket.id)).toBe('waiting')
})

test('who gives their place up while they are being called leaves no job behind', async () => {
  const ticket = await at.join()
  const caller = await begin()
  await caller.query(call, [[ticket.id], [], []])

  const ending = at.line.end(ticket)
  await untilWaiting(1)
  await caller.query('commit')
  await ending

  expect(await at.worker.queued()).toEqual([])
  expect(await stateOf(ticket.id)).toBe('given-up')
})

test('who gives their place up while they are being put back holds up nobody', async () => {
  const ticket = await at.join()
  await at.keep(500)
  const mover = await begin()
  await mover.query(lock, [ticket.id])

  const ending = at.line.end(ticket)
  await untilWaiting(1)
  await mover.query(call, [[], [ticket.id], []])
  await mover.query('commit')
  await ending

  expect(await at.worker.queued()).toEqual([])
  expect(await stateOf(ticket.id)).toBe('given-up')
})

test('people who ask for their places again, in whatever order, and who moves these places wait for each other', async () => {
  const people = [joiner(), joiner()]
  const tickets = [await at.join(people[0]), await at.join(people[1])]
  const ids = tickets.map(({ id }) => id).toSorted()
  const again = people
    .map((person, index) => ({ person, id: tickets[index]?.id ?? '' }))
    .toSorted((a, b) => (a.id < b.id ? 1 : -1))
    .map(({ person: { person, subject: subjects, holder, limits } }) => {
      return { wire: packedJob(), person: person[0], subjects, holder, isFull: false, limits }
    })
  const mover = await begin()
  await mover.query(lock, [ids[0]])

  const joining = at.database
    .pool('web')
    .query<{ answer: string; ticket_id: string }>('select * from web.join_line($1)', [
      JSON.stringify(again),
    ])
  await untilWaiting(1)
  await mover.query(lock, [ids[1]])
  await mover.query('commit')

  const { rows } = await joining
  expect(rows.map(({ ticket_id: id }) => id)).toEqual(ids.toReversed())
})
