import { sealsByKey } from '@anteroom/infra/rotation/rotations.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bindProofing } from '../../apps/idp-web/src/account/identity/bind-proofing.ts'
import { keepProfile, openProfile } from '../../apps/idp-web/src/account/identity/profile.ts'
import { renewSeals } from '../../apps/idp-web/src/records/renew-seals.ts'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'
import { startTestWeb, type TestWeb } from '../support/web.ts'

const key = (id: string, byte: number) => `${id}:${Buffer.alloc(32, byte).toString('base64url')}`

let database: TestDatabase
let webs: TestWeb[]
let before: TestWeb
let between: TestWeb
let after: TestWeb
beforeAll(async () => {
  database = await startTestDatabase()
  const keys = (sessionKeys: string, fingerprintKeys: string) =>
    startTestWeb(
      {
        ANTEROOM_SESSION_ENCRYPTION_KEYS: sessionKeys,
        ANTEROOM_FINGERPRINT_KEYS: fingerprintKeys,
      },
      { database },
    )
  before = await keys(key('1', 9), key('1', 6))
  between = await keys(`${key('2', 10)},${key('1', 9)}`, `${key('2', 7)},${key('1', 6)}`)
  after = await keys(key('2', 10), key('2', 7))
  webs = [before, between, after]
})
afterAll(async () => {
  await Promise.all(webs.map((web) => web.stop()))
  await database.stop()
})

const susan = {
  firstName: 'Susan',
  lastName: 'Okafor',
  dateOfBirth: '1986-04-12',
  address1: '100 Example Street',
  city: 'Seattle',
  state: 'WA' as const,
  zipCode: '98109',
}

/** The details that the profile was taken from. */
const verification = 'd'
const step = 59_000_000

/** An account with all that an account can keep. */
async function keepEverything({ deps }: TestWeb, address: string): Promise<string> {
  const account = await deps.accounts.create({ address, passwordHash: 'none' })
  if (!account) throw new Error('The address has an account')
  await keepProfile(deps, account.id, { ...susan, verification })
  await deps.factors.apps.add(deps.db, account.id, {
    secret: 'AAAA',
    step: step - 1,
    name: 'Phone',
  })
  return account.id
}

test('what older keys sealed is sealed anew once, and opens when only the newest key is left', async () => {
  const addresses = Array.from({ length: 25 }, (_, index) => `person-${index}@example.test`)
  for (const address of addresses) await keepEverything(before, address)

  const renewed = await renewSeals(between.deps)
  const again = await renewSeals(between.deps)
  const found = await Promise.all(addresses.map((one) => after.deps.accounts.findByAddress(one)))

  expect(renewed).toEqual({ count: addresses.length * 4, unopenable: 0 })
  expect(again).toEqual({ count: 0, unopenable: 0 })
  for (const [index, account] of found.entries()) {
    if (!account) throw new Error(`${addresses[index]} is not found`)
    expect(await after.deps.accounts.openAddress(account)).toBe(addresses[index])
    expect(await openProfile(after.deps, account)).toMatchObject(susan)
    expect(await after.deps.factors.of(account.id)).toMatchObject([{ name: 'Phone' }])
  }
})

test('what consumers are told by is sealed anew as well', async () => {
  const id = 'permits-office'
  const [email, webhookSecret] = await Promise.all(
    ['transfer-email', 'transfer-webhook'].map((name) =>
      before.deps.sealRecord({ name, id }, `its ${name}`),
    ),
  )
  const consumer = { id, destinations: ['x'], maxBytes: 1, perMinute: 1, email }
  const places = { webhookUrl: 'https://hooks.example/in', webhookSecret }
  const save = (changes: object, isNew: boolean) =>
    database
      .pool('ops')
      .query('select ops.save_transfer_consumer($1, $2, $3)', [
        'ada',
        JSON.stringify(changes),
        isNew,
      ])
  await save({ ...consumer, ...places }, true)
  await save({ id, webhookSecret }, false)

  const renewed = await renewSeals(between.deps)
  const inUse = await database.pool('admin').query(sealsByKey)

  expect(renewed).toEqual({ count: 3, unopenable: 0 })
  const ofConsumers = inUse.rows.filter(({ place }) => place === 'consumers')
  expect(ofConsumers).toMatchObject([{ session_encryption_key: '2', count: '3' }])
  const { rows } = await database
    .pool('admin')
    .query('select email, webhook_secret, webhook_secret_before from web.transfer_consumers')
  const open = (name: string, message: string) => after.deps.openRecord({ name, id }, message)
  expect(await open('transfer-email', rows[0].email)).toBe('its transfer-email')
  expect(await open('transfer-webhook', rows[0].webhook_secret)).toBe('its transfer-webhook')
  expect(await open('transfer-webhook', rows[0].webhook_secret_before)).toBe('its transfer-webhook')
})

test('what no key opens stays as it is, and is told', async () => {
  const id = await keepEverything(before, 'late@example.test')

  const renewed = await renewSeals(after.deps)

  const account = await before.deps.accounts.read(id)
  expect(renewed).toEqual({ count: 0, unopenable: 4 })
  expect(account && (await before.deps.accounts.openAddress(account))).toBe('late@example.test')
})

test('a proofing that is noted while the profile is sealed anew keeps the profile', async () => {
  const id = await keepEverything(before, 'meanwhile@example.test')
  const { accounts } = between.deps
  let isSealedAnew = false
  const read: typeof accounts.read = async (...whose) => {
    const account = await accounts.read(...whose)
    if (!isSealedAnew) {
      isSealedAnew = true
      await renewSeals(between.deps)
    }
    return account
  }

  await bindProofing(
    { ...between.deps, accounts: { ...accounts, read } },
    {
      session: {
        id: 'a session',
        slot: 'its slot',
        csrf: 'c',
        createdAt: 0,
        device: 'd',
        signIn: { accountId: id, at: 0, methods: ['password'] },
        consentedAs: id,
        detailsId: verification,
      },
      references: [{ check: 'resolution-proofing', reference: 'r' }],
      request: undefined,
    },
  )

  const account = await accounts.read(id)
  expect(account?.proofing?.checks).toHaveLength(1)
  expect(account && (await openProfile(between.deps, account))).toMatchObject(susan)
})
