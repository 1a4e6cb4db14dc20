import { type AnnouncedAction, announcedActions } from '@anteroom/security-events'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { accountTurn } from '../../apps/idp-web/src/account/account-keeper.ts'
import { bindProofing } from '../../apps/idp-web/src/account/identity/bind-proofing.ts'
import { reinstate, suspend } from '../../apps/idp-web/src/account/suspension.ts'
import { totpCode } from '../../apps/idp-web/src/factors/totp.ts'
import { type AccountDesk, startAccountDesk } from '../support/account-desk.ts'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'
import { createSoftPasskey } from '../support/passkey.ts'
import { type RecordedEvents, recordEvents } from '../support/recorded-events.ts'
import { shownSecret } from '../support/shown-secret.ts'
import { sessionOf, signInAs } from '../support/signed-in.ts'
import { createVisitor, type Visitor } from '../support/web.ts'

const publicUrl = 'http://localhost:3000'
const site = { origin: publicUrl, rpId: 'localhost' }
const otherPassword = 'a kite above the harbour'

let database: TestDatabase
let told: RecordedEvents
let desk: AccountDesk
beforeAll(async () => {
  database = await startTestDatabase()
  told = await recordEvents(database)
  const options = { database, securityEvents: told.events }
  desk = await startAccountDesk({ ANTEROOM_PUBLIC_URL: publicUrl }, options)
})
afterAll(async () => {
  await desk.stop()
  await database.stop()
})
beforeEach(() => told.fail(false))

interface Owner {
  readonly person: Visitor
  readonly address: string
  readonly id: string
}

async function owner(): Promise<Owner> {
  const address = desk.newAddress()
  const person = await desk.signedUp(address)
  return { person, address, id: await desk.accountId(address) }
}

const typesOf = (action: AnnouncedAction) => announcedActions[action].map(({ type }) => type)
const toldTypes = async (id: string) => (await told.toldOf(id)).map(({ type }) => type)

async function eventsOf(id: string): Promise<string[]> {
  const { rows } = await database
    .pool('admin')
    .query('select event from web.account_events where account_id = $1 order by id', [id])
  return rows.map(({ event }) => event)
}

/** The account, as it lies in the database. */
async function rowsOf(id: string): Promise<unknown> {
  const { rows } = await database.pool('admin').query(
    `select to_jsonb(accounts) as account,
       (select jsonb_agg(to_jsonb(factor) order by factor.id)
        from web.account_factors as factor where account_id = $1) as factors
     from web.accounts where id = $1`,
    [id],
  )
  return rows
}

const codeNow = (secret: string, ahead = 0) =>
  totpCode(secret, Math.floor(desk.web.deps.now() / 30_000) + ahead)

async function addApp({ person }: Owner): Promise<string> {
  const secret = shownSecret((await person.get('/account/factors/app')).payload)
  await person.post('/account/factors/app', { code: codeNow(secret) })
  return secret
}

async function addPasskey({ person }: Owner): Promise<void> {
  await person.get('/account/factors/passkey')
  const question = (await person.post('/account/factors/passkey/options')).json()
  const answer = createSoftPasskey(site).register(question)
  await person.post('/account/factors/passkey', { answer })
}

async function makeCodes({ person }: Owner): Promise<void> {
  await person.get('/account/factors/codes')
  await person.post('/account/factors/codes')
}

async function removeFirst({ person, id }: Owner): Promise<void> {
  const [first] = await desk.web.deps.factors.of(id)
  await person.get(`/account/factors/remove?id=${first?.id}`)
  await person.post('/account/factors/remove', { id: first?.id ?? '' })
}

async function changePassword({ person }: Owner): Promise<void> {
  await person.get('/account/password')
  await person.post('/account/password', { password: otherPassword })
}

async function changeAddress({ person }: Owner, address: string): Promise<void> {
  await person.get('/account/address')
  await person.post('/account/address', { address })
  const link = desk.mailbox.linkTo(address)
  await person.get(link)
  await person.post(link)
}

async function askRecovery(address: string): Promise<Visitor> {
  const stranger = createVisitor(desk.web.app)
  await stranger.get('/recover')
  await stranger.post('/recover', { address })
  return stranger
}

async function recover({ address }: Owner): Promise<void> {
  const stranger = await askRecovery(address)
  const link = desk.mailbox.linkTo(address)
  await stranger.get(link)
  await stranger.post(link, { password: otherPassword })
}

async function deleteAccount({ person }: Owner): Promise<void> {
  await person.get('/account/delete')
  await person.post('/account/delete', { word: 'delete' })
}

async function proof({ id }: Owner, reference: string): Promise<void> {
  const visitor = createVisitor(desk.web.app)
  await signInAs(desk.web, visitor, { accountId: id })
  const session = { ...(await sessionOf(desk.web, visitor)), consentedAs: id }
  const references = [{ check: 'address-proofing', reference }]
  await bindProofing(desk.web.deps, { session, references, request: undefined })
}

/** Types the password and then wrong codes, and returns the pages' statuses. */
async function typeWrongCodes({ address }: Owner, times: number): Promise<number[]> {
  const person = await desk.signIn(address)
  const statuses: number[] = []
  for (let at = 0; at < times; at += 1) {
    const { statusCode } = await person.post('/sign-in/factor/code', { code: '000000' })
    statuses.push(statusCode)
  }
  return statuses
}

interface Flow {
  /** What else is announced on the way to it. */
  readonly before?: readonly AnnouncedAction[]
  readonly prepare?: (one: Owner) => Promise<unknown>
  readonly act: (one: Owner) => Promise<unknown>
}

/** How each action comes about. The compiler wants one for every action of the table. */
const flows: Readonly<Record<Exclude<AnnouncedAction, 'address-taken'>, Flow>> = {
  'password-changed': { act: changePassword },
  'password-recovered': { act: recover },
  'recovery-asked': {
    prepare: ({ address }) => askRecovery(address),
    act: () => accountTurn(desk.web.deps),
  },
  'address-changed': { act: (one) => changeAddress(one, desk.newAddress()) },
  'factor-added': { act: addApp },
  'factor-removed': { before: ['factor-added'], prepare: addApp, act: removeFirst },
  'backup-codes-made': { before: ['factor-added'], prepare: addApp, act: makeCodes },
  'codes-locked': {
    before: ['factor-added'],
    prepare: addApp,
    act: (one) => typeWrongCodes(one, 10),
  },
  reproofed: {
    prepare: (one) => proof(one, 'first'),
    act: (one) => proof(one, 'second'),
  },
  suspended: { act: ({ id }) => suspend(desk.web.deps, id) },
  reinstated: {
    before: ['suspended'],
    prepare: ({ id }) => suspend(desk.web.deps, id),
    act: ({ id }) => reinstate(desk.web.deps, id),
  },
  deleted: { act: deleteAccount },
}
const all = Object.entries(flows)
const known = Object.keys(announcedActions)
const isAction = (name: string): name is AnnouncedAction => known.includes(name)

describe.each(all)('%s', (name, { before = [], prepare, act }) => {
  const action = isAction(name) ? name : 'deleted'

  test('is told in the order of the table, once, by the transaction that made the change', async () => {
    const one = await owner()
    await prepare?.(one)
    const earlier = await told.transactionsOf(one.id)

    await act(one)

    expect(await toldTypes(one.id)).toEqual([...before, action].flatMap(typesOf))
    const later = (await told.transactionsOf(one.id)).filter((tx) => !earlier.includes(tx))
    expect(later).toHaveLength(1)
    const { rows } = await database
      .pool('admin')
      .query(`select event from web.account_events where account_id = $1 and xmin::text = $2`, [
        one.id,
        String(BigInt(later[0] ?? 0) % 2n ** 32n),
      ])
    // Neither who asks for recovery nor an account that has gone has a line in the history.
    expect(rows).toHaveLength(['recovery-asked', 'deleted'].includes(action) ? 0 : 1)
  })

  test('is not so if partners cannot be told, and nobody is told of it', async () => {
    const one = await owner()
    await prepare?.(one)
    const [rows, events, types] = [
      await rowsOf(one.id),
      await eventsOf(one.id),
      await toldTypes(one.id),
    ]
    told.fail(true)

    await act(one).catch(() => undefined)

    expect(await toldTypes(one.id)).toEqual(types)
    expect(await eventsOf(one.id)).toEqual(events)
    expect(await rowsOf(one.id)).toEqual(rows)
  })
})

describe('an address', () => {
  test('is named as it was, in the events that are about it and in no other', async () => {
    const one = await owner()

    await changeAddress(one, desk.newAddress())

    expect(await told.toldOf(one.id)).toEqual([
      { type: 'identifier-recycled', profile: 'login-gov', email: one.address },
      { type: 'identifier-changed', email: one.address },
      { type: 'recovery-information-changed' },
    ])
  })

  test('that somebody else takes is told to partners of whoever had it, once', async () => {
    const one = await owner()
    await changeAddress(one, desk.newAddress())
    const before = await told.toldOf(one.id)

    const heir = await desk.signedUp(one.address)
    await changeAddress({ person: heir, address: one.address, id: '' }, desk.newAddress())
    const next = await owner()
    await changeAddress(next, one.address)

    const since = (await told.toldOf(one.id)).slice(before.length)
    expect(since).toEqual([{ type: 'identifier-recycled', profile: 'ssf-1.0', email: one.address }])
  })

  test('that its own account takes back is told of as any other change', async () => {
    const one = await owner()
    const other = desk.newAddress()
    await changeAddress(one, other)

    await changeAddress(one, one.address)

    const profiles = (await told.toldOf(one.id)).map(({ profile }) => profile)
    expect(profiles).not.toContain('ssf-1.0')
    expect(profiles).toHaveLength(6)
  })
})

describe('a credential', () => {
  const credentialsOf = async (id: string) =>
    (await told.toldOf(id)).map(({ credential }) => credential)

  test('is named by its kind and by what became of it', async () => {
    const one = await owner()

    await addPasskey(one)
    await makeCodes(one)
    await makeCodes(one)
    await changePassword(one)
    await removeFirst(one)

    expect(await credentialsOf(one.id)).toEqual([
      { credential: 'fido2-platform', change: 'create' },
      { credential: 'backup-codes', change: 'create' },
      { credential: 'backup-codes', change: 'update' },
      { credential: 'password', change: 'update' },
      { credential: 'fido2-platform', change: 'delete' },
    ])
  })
})

describe('recovery', () => {
  test('takes the same steps for an address without an account, and tells nobody', async () => {
    const unknown = desk.newAddress()
    const count = async () => {
      const { rows } = await database
        .pool('admin')
        .query(
          'select count(*)::integer as n, (select count(*)::integer from web.told) as told from web.recoveries_asked',
        )
      return rows[0]
    }
    await accountTurn(desk.web.deps)
    const before = await count()

    await askRecovery(unknown)
    const asked = await count()
    await accountTurn(desk.web.deps)

    expect(asked).toEqual({ n: 1, told: before.told })
    expect(await count()).toEqual({ n: 0, told: before.told })
  })

  test('is told by one of many processes', async () => {
    const one = await owner()
    await askRecovery(one.address)

    await Promise.all([1, 2, 3, 4].map(() => accountTurn(desk.web.deps)))

    expect(await toldTypes(one.id)).toEqual(['recovery-activated'])
  })

  test('of a suspended account is told to nobody', async () => {
    const one = await owner()
    await suspend(desk.web.deps, one.id)
    await askRecovery(one.address)

    await accountTurn(desk.web.deps)

    expect(await toldTypes(one.id)).toEqual(['account-disabled'])
  })
})

describe('a lock', () => {
  test('is told once, however often codes are tried meanwhile', async () => {
    const one = await owner()
    await addApp(one)

    const statuses = await typeWrongCodes(one, 13)

    expect(statuses.slice(9)).toEqual([422, 429, 429, 429])
    expect(await toldTypes(one.id)).toEqual([
      'recovery-information-changed',
      'mfa-limit-account-locked',
    ])
    expect((await eventsOf(one.id)).filter((event) => event === 'codes-locked')).toHaveLength(1)
  })

  test('is told again once the one before has ended', async () => {
    const one = await owner()
    await addApp(one)
    await typeWrongCodes(one, 10)
    await database
      .pool('admin')
      .query(
        `update web.accounts set codes_locked_until = now() - interval '1 second' where id = $1`,
        [one.id],
      )

    await typeWrongCodes(one, 2)

    expect((await toldTypes(one.id)).slice(1)).toEqual([
      'mfa-limit-account-locked',
      'mfa-limit-account-locked',
    ])
  })

  test('is not told of nine wrong codes and a right one', async () => {
    const one = await owner()
    const secret = await addApp(one)
    await typeWrongCodes(one, 9)
    const person = await desk.signIn(one.address)
    await person.post('/sign-in/factor/code', { code: codeNow(secret, 1) })

    await typeWrongCodes(one, 9)

    expect(await toldTypes(one.id)).toEqual(['recovery-information-changed'])
  })
})

describe('being proofed', () => {
  test('for the first time is told to nobody, and the same proofing twice is not told anew', async () => {
    const one = await owner()

    await proof(one, 'first')
    await proof(one, 'first')

    expect(await told.toldOf(one.id)).toEqual([])
    expect(await eventsOf(one.id)).toEqual(['account-created', 'signed-in', 'proofed'])
  })
})

describe('what comes to nothing', () => {
  test('is told to nobody: a link that was used, a factor that is not there, a deletion twice', async () => {
    const one = await owner()
    const stranger = await askRecovery(one.address)
    const link = desk.mailbox.linkTo(one.address)
    await stranger.get(link)

    const answers = await Promise.all(
      [1, 2, 3].map(() => stranger.post(link, { password: otherPassword })),
    )
    const again = await desk.signIn(one.address, otherPassword)
    await again.post('/account/factors/remove', { id: 'x'.repeat(43) })
    await again.get('/account/delete')
    await Promise.all([1, 2, 3].map(() => again.post('/account/delete', { word: 'delete' })))

    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 410, 410])
    expect(await toldTypes(one.id)).toEqual(['password-reset', 'account-purged'])
  })
})
