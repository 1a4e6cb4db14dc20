import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'
import { expectNoNotices } from '../support/openid-notices.ts'
import { newSigningKey } from '../support/openid-partners.ts'
import { type OpenidWeb, startOpenidWeb } from '../support/openid-web.ts'
import {
  accountAt,
  change,
  connect,
  giveUp,
  outboxRows,
  queuedTokens,
  receiverAt,
} from '../support/security-events.ts'

expectNoNotices()

const taxes = receiverAt('taxes.example', { profile: 'ssf-1.0' })

let database: TestDatabase
let op: OpenidWeb
/** The same deployment after the library has moved. */
let moved: OpenidWeb
beforeAll(async () => {
  database = await startTestDatabase()
  const keys = {
    ANTEROOM_OPENID_SIGNING_KEYS: JSON.stringify([
      await newSigningKey('ES256'),
      await newSigningKey('RS256'),
    ]),
  }
  const at = (host: string) => ({ database, moreOf: { library: receiverAt(host), taxes } })
  op = await startOpenidWeb(keys, at('library.example'))
  moved = await startOpenidWeb(keys, at('library.example.org'))
})
afterAll(async () => {
  await op.stop()
  await moved.stop()
  await database.stop()
})

let accountId: string
beforeEach(async () => {
  await query(
    'truncate web.security_events, web.held_receivers, worker.dead_letters, worker.ledger, ops.audit',
  )
  await query('delete from graphile_worker._private_jobs')
  accountId = await accountAt(op.web, 'maria@example.com')
  for (const partner of ['library', 'taxes']) await connect(op.web, { accountId, partner })
})

async function query<Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> {
  const { rows } = await database.pool('admin').query(text, values)
  return rows
}

async function hold(partner: string, isHeld: boolean): Promise<boolean> {
  const { rows } = await database
    .pool('ops')
    .query('select ops.hold_security_events($1, $2, $3) as done', ['ada', partner, isHeld])
  return rows[0]?.done
}

async function turns({ web } = op): Promise<void> {
  while (((await web.deps.eventKeeper?.turn()) ?? 0) > 0);
}

const statesOf = async (partner: string) =>
  (await outboxRows(op.web, accountId))
    .filter((row) => row.partner === partner)
    .map(({ event, state }) => [event, state])

const toldTo = async (partner: string) =>
  (await queuedTokens(op.web, accountId))
    .filter((token) => token.partner === partner)
    .map(({ event }) => event)

test('what an operator holds for a partner is told in its order once it is released', async () => {
  const held = await hold('library', true)
  await change(op.web, accountId, [{ type: 'account-disabled' }])
  await change(op.web, accountId, [{ type: 'account-enabled' }])
  await turns()
  const meanwhile = [await toldTo('library'), await toldTo('taxes')]

  const released = await hold('library', false)
  await change(op.web, accountId, [{ type: 'recovery-activated' }])
  await turns()

  expect([held, released]).toEqual([true, true])
  expect(meanwhile).toEqual([[], ['account-disabled', 'session-revoked', 'account-enabled']])
  expect(await toldTo('library')).toEqual([
    'account-disabled',
    'account-enabled',
    'recovery-activated',
  ])
  expect(await query('select actor, command, arguments from ops.audit order by id')).toEqual([
    { actor: 'ada', command: 'events hold', arguments: { partner: 'library' } },
    { actor: 'ada', command: 'events release', arguments: { partner: 'library' } },
  ])
})

test('a partner that is gone is told nothing more until it has another address', async () => {
  await change(op.web, accountId, [{ type: 'account-disabled' }])
  const rows = await outboxRows(op.web, accountId)
  await giveUp(op.web, rows.find(({ partner }) => partner === 'library')?.jti ?? '', {
    status: 410,
  })
  await change(op.web, accountId, [{ type: 'account-enabled' }])
  await turns()
  const gone = await statesOf('library')

  await turns(moved)

  expect(gone).toEqual([
    ['account-disabled', 'dead'],
    ['account-enabled', 'held'],
  ])
  expect(await statesOf('library')).toEqual([
    ['account-disabled', 'dead'],
    ['account-enabled', 'queued'],
  ])
  expect(await statesOf('taxes')).not.toContainEqual(['account-enabled', 'held'])
})

test('who only failed is not held', async () => {
  await change(op.web, accountId, [{ type: 'account-disabled' }])
  const rows = await outboxRows(op.web, accountId)
  await giveUp(op.web, rows.find(({ partner }) => partner === 'library')?.jti ?? '')

  await change(op.web, accountId, [{ type: 'account-enabled' }])

  expect(await statesOf('library')).toContainEqual(['account-enabled', 'queued'])
})

test('what an operator holds stays held, whatever the address, and nothing is ordered twice', async () => {
  await hold('library', true)
  await change(op.web, accountId, [{ type: 'account-enabled' }])

  await turns(moved)
  const again = [await hold('library', true), await hold('taxes', false)]

  expect(again).toEqual([false, false])
  expect(await statesOf('library')).toEqual([['account-enabled', 'held']])
})
