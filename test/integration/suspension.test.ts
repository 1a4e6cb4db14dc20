import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { accountTurn } from '../../apps/idp-web/src/account/account-keeper.ts'
import { totpCode } from '../../apps/idp-web/src/factors/totp.ts'
import { type AccountDesk, samplePassword, startAccountDesk } from '../support/account-desk.ts'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'
import { fixedSealer } from '../support/fixed-keys.ts'
import { type RecordedEvents, recordEvents } from '../support/recorded-events.ts'
import { createVisitor } from '../support/web.ts'

let database: TestDatabase
let told: RecordedEvents
let desk: AccountDesk
beforeAll(async () => {
  database = await startTestDatabase()
  told = await recordEvents(database)
  desk = await startAccountDesk({}, { database, securityEvents: told.events })
})
afterAll(async () => {
  await desk.stop()
  await database.stop()
})

type Wish = 'suspend' | 'reinstate'

/** Orders it as the command does, by address or by id. Returns the order's id. */
async function order(wish: Wish, whom: string): Promise<string> {
  const id = randomBytes(32).toString('base64url')
  const slot = { purpose: 'settings', name: 'account-order', id } as const
  const named = whom.includes('@')
    ? { address: await fixedSealer.seal(slot, Buffer.from(whom)) }
    : { account: whom }
  await database
    .pool('ops')
    .query('select ops.order_account($1, $2)', ['ada', JSON.stringify({ id, wish, ...named })])
  return id
}

async function carryOut(wish: Wish, whom: string): Promise<string> {
  const id = await order(wish, whom)
  await accountTurn(desk.web.deps)
  return id
}

async function ended(id: string) {
  const { rows } = await database
    .pool('ops')
    .query('select outcome, account from ops.account_order($1)', [id])
  return rows[0]
}

async function trySignIn(address: string, password = samplePassword) {
  const person = createVisitor(desk.web.app)
  await person.get('/sign-in')
  return { person, response: await person.post('/sign-in', { address, password }) }
}

const typesOf = async (id: string) => (await told.toldOf(id)).map(({ type }) => type)

async function somebody() {
  const address = desk.newAddress()
  const person = await desk.signedUp(address)
  return { address, person, id: await desk.accountId(address) }
}

describe('a suspended account', () => {
  test('has nobody signed in, lets nobody in, and is open again once it is reinstated', async () => {
    const { address, person, id } = await somebody()

    const suspended = await carryOut('suspend', address)
    const signedOut = await person.get('/account')
    const { person: next, response } = await trySignIn(address)
    const page = await next.get('/sign-in/suspended')
    const inside = await next.get('/account')
    const reinstated = await carryOut('reinstate', id)
    const again = await trySignIn(address)

    expect(signedOut.headers.location).toBe('/sign-in')
    expect(response.headers.location).toBe('/sign-in/suspended')
    expect(page.statusCode).toBe(403)
    expect(page.payload).toContain('This account is suspended')
    expect(inside.headers.location).toBe('/sign-in')
    expect(again.response.headers.location).toBe('/account')
    expect([await ended(suspended), await ended(reinstated)]).toEqual([
      { outcome: 'done', account: id },
      { outcome: 'done', account: id },
    ])
    expect(await typesOf(id)).toEqual(['account-disabled', 'account-enabled'])
  })

  test('answers a wrong password as an address without an account does', async () => {
    const { address } = await somebody()
    await carryOut('suspend', address)

    const known = await trySignIn(address, 'not the password of it')
    const unknown = await trySignIn(desk.newAddress(), 'not the password of it')

    const plain = ({ payload }: { payload: string }) =>
      payload.replace(/person-\d+|value="[^"]{20,}"|nonce-[^"']+/g, '')
    expect(known.response.statusCode).toBe(unknown.response.statusCode)
    expect(plain(known.response)).toBe(plain(unknown.response))
  })

  test('says so only after everything that it asks for', async () => {
    const { address, id } = await somebody()
    const app = { secret: Buffer.alloc(20, 7).toString('base64url'), step: 1, name: 'App' }
    await desk.web.deps.factors.apps.add(desk.web.deps.db, id, app)
    await carryOut('suspend', id)

    const { person, response } = await trySignIn(address)
    const step = Math.floor(desk.web.deps.now() / 30_000)
    const after = await person.post('/sign-in/factor/code', { code: totpCode(app.secret, step) })

    expect(response.headers.location).toBe('/sign-in/factor')
    expect(after.headers.location).toBe('/sign-in/suspended')
  })

  test('is not opened by a new password', async () => {
    const { address } = await somebody()
    await carryOut('suspend', address)
    const stranger = createVisitor(desk.web.app)
    await stranger.get('/recover')
    await stranger.post('/recover', { address })
    const link = desk.mailbox.linkTo(address)
    await stranger.get(link)
    await stranger.post(link, { password: 'another roof in the rain' })

    const { response } = await trySignIn(address, 'another roof in the rain')

    expect(response.headers.location).toBe('/sign-in/suspended')
  })

  test('lets in nobody whose session was left on its list', async () => {
    const { person, id } = await somebody()
    await database
      .pool('admin')
      .query('update web.accounts set suspended_at = now() where id = $1', [id])

    const response = await person.get('/account')

    expect(response.headers.location).toBe('/sign-in')
  })
})

describe('an order', () => {
  test('that was interrupted before sessions ended is carried out again, and told once', async () => {
    const { address, person, id } = await somebody()
    const first = await carryOut('suspend', id)
    await database
      .pool('admin')
      .query('update web.account_orders set outcome = null where id = $1', [first])
    await desk.web.deps.accountSessions.add(id, 'slot', {
      signedInAt: Date.now(),
      seenAt: Date.now(),
    })

    await Promise.all([1, 2, 3].map(() => accountTurn(desk.web.deps)))

    expect(await desk.web.deps.accountSessions.list(id)).toEqual([])
    expect(await ended(first)).toMatchObject({ outcome: 'done' })
    expect(await typesOf(id)).toEqual(['account-disabled'])
    expect((await person.get('/account')).headers.location).toBe('/sign-in')
    expect((await trySignIn(address)).response.headers.location).toBe('/sign-in/suspended')
  })

  test('for many accounts and in turn is carried out in its order', async () => {
    const { id } = await somebody()
    for (const wish of ['suspend', 'reinstate', 'suspend', 'reinstate'] as const) {
      await order(wish, id)
    }

    await Promise.all([1, 2, 3].map(() => accountTurn(desk.web.deps)))

    expect(await typesOf(id)).toEqual([
      'account-disabled',
      'account-enabled',
      'account-disabled',
      'account-enabled',
    ])
  })

  test.each(['nobody@example.test', 'x'.repeat(43)])('for %s finds nobody', async (whom) => {
    const id = await carryOut('suspend', whom)

    expect(await ended(id)).toMatchObject({ outcome: 'unknown' })
  })

  test('that cannot be read is nobody’s, and however many there are, others are carried out', async () => {
    const { id } = await somebody()
    const broken = Array.from({ length: 101 }, () => randomBytes(32).toString('base64url'))
    for (const one of broken) {
      const wrong = { id: one, wish: 'suspend', address: 'not sealed' }
      await database
        .pool('ops')
        .query('select ops.order_account($1, $2)', ['ada', JSON.stringify(wrong)])
    }

    await accountTurn(desk.web.deps)
    const next = await carryOut('suspend', id)

    expect(await ended(next)).toMatchObject({ outcome: 'done' })
    expect(await ended(broken.at(-1) ?? '')).toMatchObject({ outcome: 'unknown' })
  })

  test('leaves no address behind that could be read, and its line in the audit', async () => {
    const { address } = await somebody()

    const id = await order('suspend', address)
    const rows = async () =>
      JSON.stringify([
        (await database.pool('admin').query('select * from web.account_orders')).rows,
        (await database.pool('admin').query('select * from ops.audit')).rows,
      ])
    const before = await rows()
    await accountTurn(desk.web.deps)

    const { rows: left } = await database
      .pool('admin')
      .query('select address from web.account_orders where id = $1', [id])
    expect(`${before} ${await rows()}`).not.toContain(address)
    expect(desk.web.logLines.join('')).not.toContain(address)
    expect(left).toEqual([{ address: null }])
    const { rows: audit } = await database
      .pool('ops')
      .query(`select actor, command, arguments from ops.audit where arguments ->> 'order' = $1`, [
        id,
      ])
    expect(audit).toEqual([{ actor: 'ada', command: 'account suspend', arguments: { order: id } }])
  })
})
