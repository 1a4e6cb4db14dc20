import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '../../apps/idp-web/src/account/accounts.ts'
import { bindProofing } from '../../apps/idp-web/src/account/identity/bind-proofing.ts'
import { applicant } from '../support/applicant.ts'
import { type CredentialDesk, startCredentialDesk } from '../support/credential-desk.ts'
import { openFixed } from '../support/fixed-keys.ts'
import { newAccount, sessionOf, signInAs } from '../support/signed-in.ts'
import { createVisitor, type Visitor } from '../support/web.ts'

let desk: CredentialDesk
beforeAll(async () => {
  desk = await startCredentialDesk({
    ANTEROOM_ACCOUNTS: 'optional',
    ANTEROOM_PROFILE_KEEPING: 'by-choice',
  })
})
afterAll(() => desk.stop())

interface Owner {
  readonly person: Visitor
  readonly account: Account
}

/** Somebody who is signed in to an account of their own, or of somebody else's. */
async function owner(given?: Account): Promise<Owner> {
  const person = createVisitor(desk.web.app)
  const account = given ?? (await newAccount(desk.web))
  await signInAs(desk.web, person, { accountId: account.id })
  return { person, account }
}

async function verify({ person }: Owner, details = applicant()): Promise<void> {
  await person.reachCheck(details)
  await desk.verifyAgain(person)
}

const sixMinutesAgo = (): number => desk.web.deps.now() - 6 * 60_000

const read = ({ id }: Account) => desk.web.deps.accounts.read(id)

async function eventsOf({ id }: Account): Promise<string[]> {
  const { rows } = await desk.web.database
    .pool('admin')
    .query('select event from web.account_events where account_id = $1 order by id', [id])
  return rows.map(({ event }) => event)
}

describe('being proofed', () => {
  test('belongs to the account that was signed in, without anything that says who it is', async () => {
    const one = await owner()

    await verify(one, applicant({ firstName: 'Ada', lastName: 'Lovelace' }))

    const account = await read(one.account)
    expect(account?.proofing).toEqual({
      at: expect.any(Number),
      checks: [
        { check: 'resolution-proofing', reference: 'r' },
        { check: 'state-id', reference: 's' },
        { check: 'address-proofing', reference: 'a' },
      ],
    })
    expect(await eventsOf(one.account)).toEqual(['proofed'])
    expect(account?.profile).toBeUndefined()
  })

  test('is told on a page of the account', async () => {
    const one = await owner()

    const before = await one.person.get('/account/identity')
    await verify(one)
    const after = await one.person.get('/account/identity')

    expect(before.payload).toContain('You have not proved who you are with this account yet.')
    expect(after.payload).toContain('You have proved who you are.')
    expect(after.payload).toContain('The phone number belongs to you.')
    expect(after.payload).toContain('Nothing that says who you are.')
  })

  test('is nobody’s if nobody was signed in when the person agreed', async () => {
    const account = await newAccount(desk.web)
    const person = createVisitor(desk.web.app)
    await person.reachCheck(applicant())
    // The session cannot become an account's; if it could, this would not be what was found out.
    await signInAs(desk.web, person, { accountId: account.id })

    await desk.verifyAgain(person)

    expect((await read(account))?.proofing).toBeUndefined()
    expect(await eventsOf(account)).toEqual([])
  })

  test('is written once: the same answers of the same vendors are one proofing', async () => {
    const one = await owner()
    await verify(one)
    const first = (await read(one.account))?.proofing

    const session = await sessionOf(desk.web, one.person)
    const references = session.passed?.references ?? []
    await bindProofing(desk.web.deps, { session, references, request: undefined })

    expect((await read(one.account))?.proofing).toEqual(first)
  })

  test('of an account that is gone is written nowhere, and the person still gets their answer', async () => {
    const one = await owner()
    await one.person.reachCheck(applicant())
    await desk.web.deps.accounts.delete(one.account.id)

    await desk.verifyAgain(one.person)

    expect((await one.person.get('/verify/result')).payload).toContain('You are verified')
  })
})

describe('tries', () => {
  const check = async ({ person }: Owner, details = applicant()) => {
    await person.reachCheck(details)
    const response = await person.post('/verify/check')
    await person.get('/verify/wait')
    await person.post('/verify/cancel')
    return response.headers.location
  }

  test('of an account count wherever it is signed in', async () => {
    const account = await newAccount(desk.web)
    const keys = async (one: Owner) => {
      await check(one)
      const { rows } = await desk.web.database.pool('admin').query(
        `select limit_key from web.limit_uses where limit_key like 'resolution-proofing/person/%'
           order by used_at desc limit 2`,
      )
      return rows.map(({ limit_key }) => limit_key)
    }

    const first = await keys(await owner(account))
    const second = await keys(await owner(account))

    // Of the two that stay when a check is stopped, one is the account's and one the device's.
    expect(first.filter((key) => second.includes(key))).toHaveLength(1)
  })

  test('that are under way are not given to the next person at the device', async () => {
    const one = await owner()
    await one.person.reachCheck(applicant())
    await one.person.post('/verify/check')

    const device = one.person.cookies.get('anteroom-device') ?? ''
    const next = createVisitor(desk.web.app)
    next.cookies.set('anteroom-device', device)
    const begun = await next.get('/verify/consent')

    expect(begun.statusCode).toBe(200)
    expect((await sessionOf(desk.web, next)).attempt).toBeUndefined()
  })
})

test('a double click on the consent leaves whoever is signed in where they are', async () => {
  const { person, account } = await owner()
  await person.get('/verify/consent')

  const clicks = await Promise.all(
    [1, 2].map(() => person.post('/verify/consent', { consent: 'yes' })),
  )
  const late = await person.post('/verify/consent', { consent: 'yes' })

  const firstStep = '/verify/details'
  expect([...clicks, late].map(({ headers }) => headers.location)).toEqual(Array(3).fill(firstStep))
  const session = await sessionOf(desk.web, person)
  expect([session.signIn?.accountId, session.consentedAs]).toEqual([account.id, account.id])
})

describe('a profile', () => {
  test('is offered to whoever was verified for their account, and to nobody else', async () => {
    const one = await owner()
    await verify(one)
    const stranger = await desk.verified()

    const offered = (await one.person.get('/verify/result')).payload
    const refused = await stranger.post('/account/identity/profile', { keep: 'yes' })

    expect(offered).toContain('name="keep"')
    expect((await stranger.get('/verify/result')).payload).not.toContain('name="keep"')
    expect(refused.headers.location).toBe('/sign-in')
  })

  test('is not kept without the box', async () => {
    const one = await owner()
    await verify(one)

    const response = await one.person.post('/account/identity/profile')

    expect(response.statusCode).toBe(422)
    expect(response.payload).toContain('href="#keep"')
    expect((await read(one.account))?.profile).toBeUndefined()
  })

  test('is kept sealed, without the Social Security number and the card, and shown to its owner', async () => {
    const one = await owner()
    await verify(one, applicant({ firstName: 'Ada', lastName: 'Lovelace', ssn: '900-77-1234' }))

    const kept = await one.person.post('/account/identity/profile', { keep: 'yes' })
    const result = await one.person.get('/verify/result')
    const page = await one.person.get('/account/identity/profile')

    const { profile = '' } = (await read(one.account)) ?? {}
    const slot = { name: 'account-profile', id: one.account.id }
    const opened = await openFixed('record', slot, profile)
    expect(kept.headers.location).toBe('/verify/result')
    expect(result.payload).toContain('are kept in your account')
    expect(page.payload).toMatch(/Ada Lovelace[\s\S]+April 12, 1986[\s\S]+Seattle, WA 98109/)
    expect(profile).not.toContain('Lovelace')
    expect(JSON.parse(opened)).toMatchObject({ firstName: 'Ada', phone: '+17035550142' })
    expect(opened).not.toMatch(/900771234|WDLABCD/)
    expect(await eventsOf(one.account)).toEqual(['proofed', 'profile-kept'])
  })

  test('is gone when its owner wants it gone; that they were proofed stays', async () => {
    const one = await owner()
    await verify(one)
    await one.person.post('/account/identity/profile', { keep: 'yes' })
    await one.person.get('/account/identity/profile')

    const response = await one.person.post('/account/identity/forget')

    const account = await read(one.account)
    expect(response.headers.location).toBe('/account/identity')
    expect(account?.profile).toBeUndefined()
    expect(account?.proofing).toBeDefined()
    expect(await eventsOf(one.account)).toEqual(['proofed', 'profile-kept', 'profile-removed'])
  })

  test('goes when somebody is proofed anew: their proof is not told of the person before', async () => {
    const one = await owner()
    await verify(one, applicant({ firstName: 'Ada' }))
    await one.person.post('/account/identity/profile', { keep: 'yes' })
    const kept = await read(one.account)

    await verify(await owner(one.account), applicant({ firstName: 'Grace' }))

    const account = await read(one.account)
    expect(kept?.profile).toBeDefined()
    expect(account?.profile).toBeUndefined()
    expect(account?.proofing?.at).toBeGreaterThan(kept?.proofing?.at ?? Number.NaN)
  })

  test('stays when the details it was taken from are proofed anew', async () => {
    const one = await owner()
    await verify(one)
    await one.person.post('/account/identity/profile', { keep: 'yes' })
    const kept = await read(one.account)
    const session = await sessionOf(desk.web, one.person)

    const references = [{ check: 'state-id' }]
    await bindProofing(desk.web.deps, { session, references, request: undefined })

    const account = await read(one.account)
    expect(account?.profile).toBe(kept?.profile)
    expect(account?.proofing?.checks).toEqual([{ check: 'state-id' }])
  })

  test('is shown only to somebody who has just shown that they are there', async () => {
    const one = await owner()
    await verify(one)
    await one.person.post('/account/identity/profile', { keep: 'yes' })
    await signInAs(desk.web, one.person, { accountId: one.account.id, at: sixMinutesAgo() })

    const response = await one.person.get('/account/identity/profile')

    expect(response.headers.location).toBe('/sign-in/confirm')
  })

  test('is deleted only by somebody who has just shown that they are there, and who then comes back to it', async () => {
    const one = await owner()
    await verify(one)
    await one.person.post('/account/identity/profile', { keep: 'yes' })
    await signInAs(desk.web, one.person, { accountId: one.account.id, at: sixMinutesAgo() })

    const response = await one.person.post('/account/identity/forget')

    expect(response.headers.location).toBe('/sign-in/confirm')
    expect((await sessionOf(desk.web, one.person)).wantedPage).toBe('/account/identity/profile')
    expect((await read(one.account))?.profile).toBeDefined()
  })

  test('is not taken of details that have changed since, or with another phone number', async () => {
    const one = await owner()
    await verify(one)
    await one.person.get('/verify/phone')
    await one.person.post('/verify/phone', { phone: '(703) 555-0199' })

    const response = await one.person.post('/account/identity/profile', { keep: 'yes' })

    expect(response.headers.location).toBe('/account/identity')
    expect((await read(one.account))?.profile).toBeUndefined()
  })
})

describe('a credential', () => {
  const claimsOf = async () => {
    const { packed } = desk.line.joined.at(-1)?.joiner ?? {}
    if (!packed) throw new Error('Nobody has joined')
    const slot = { name: packed.job, id: packed.id }
    return { ...packed.clear, ...JSON.parse(await openFixed('payload', slot, packed.sealed)) }
  }

  test('is made once more, the same, for whoever has a profile, without being verified again', async () => {
    const one = await owner()
    await verify(one)
    await one.person.post('/account/identity/profile', { keep: 'yes' })
    await one.person.post('/credential/request')
    const first = await claimsOf()
    await desk.issue()
    await one.person.get('/credential')

    // Ten minutes later, on another device.
    const later = await owner(one.account)
    desk.line.setStanding({ state: 'gone', why: 'lapsed' })
    const profile = await later.person.get('/account/identity/profile')
    const start = await later.person.get('/account/identity/credential')
    const request = await later.person.post('/account/identity/credential')

    expect(profile.payload).toContain('href="/account/identity/credential"')
    expect(start.payload).toContain('action="/account/identity/credential"')
    expect(request.headers.location).toBe('/credential/line')
    expect(await claimsOf()).toEqual(first)
  })

  test('is the same too if the profile was kept after joining the line', async () => {
    const one = await owner()
    await verify(one)
    await one.person.post('/credential/request')
    const first = await claimsOf()
    await one.person.get('/verify/result')
    await one.person.post('/account/identity/profile', { keep: 'yes' })

    const later = await owner(one.account)
    await later.person.get('/account/identity/credential')
    await later.person.post('/account/identity/credential')

    expect((await claimsOf()).credentialId).toBe(first.credentialId)
  })

  test('that is stood in line for is the account’s after a loss of Redis, not the device’s', async () => {
    const one = await owner()
    await verify(one)
    await one.person.post('/credential/request')
    desk.line.lose()

    const session = await sessionOf(desk.web, one.person)
    const { fingerprints } = desk.web.deps
    const seeker = { holder: session.slot, isOwn: () => true }
    const byDevice = await desk.line.takeUp({
      ...seeker,
      person: fingerprints.person(session.device),
    })
    const byAccount = await desk.line.takeUp({
      ...seeker,
      person: fingerprints.account(one.account.id),
    })

    expect(byDevice).toBeUndefined()
    expect(byAccount?.id).toBe(desk.line.joined.at(-1)?.ticket.id)
  })

  test('is not made again for an account that keeps nothing', async () => {
    const one = await owner()
    await verify(one)
    await one.person.post('/credential/request')
    const later = await owner(one.account)
    const before = desk.line.joined.length

    await later.person.get('/account/identity')
    const response = await later.person.post('/account/identity/credential')

    expect(response.headers.location).toBe('/account/identity')
    expect(desk.line.joined).toHaveLength(before)
  })
})

describe('where an account is required', () => {
  let strict: CredentialDesk
  beforeAll(async () => {
    strict = await startCredentialDesk({ ANTEROOM_ACCOUNTS: 'required' })
  })
  afterAll(() => strict.stop())

  test('nobody begins without one, and whoever signs in comes back', async () => {
    const person = createVisitor(strict.web.app)

    const consent = await person.get('/verify/consent')

    expect(consent.headers.location).toBe('/sign-in')
    expect((await sessionOf(strict.web, person)).wantedPage).toBe('/verify/consent')
  })

  test('no step is open to whoever agreed without one', async () => {
    const person = createVisitor(strict.web.app)
    await person.get('/verify/consent')
    const session = await sessionOf(strict.web, person)
    await strict.web.deps.sessions.patch(session, { consentedAt: strict.web.deps.now() })

    const details = await person.get('/verify/details')

    expect(details.headers.location).toBe('/verify/consent')
  })

  test('somebody who is signed in goes all the way', async () => {
    const person = createVisitor(strict.web.app)
    const account = await newAccount(strict.web)
    await signInAs(strict.web, person, { accountId: account.id })

    await person.reachCheck(applicant())
    await strict.verifyAgain(person)

    expect((await strict.web.deps.accounts.read(account.id))?.proofing).toBeDefined()
    expect((await person.get('/verify/result')).payload).not.toContain('name="keep"')
  })
})

test('without accounts there is no page of one, and nobody is asked to sign in', async () => {
  const plain = await startCredentialDesk()
  const person = createVisitor(plain.web.app)

  const consent = await person.get('/verify/consent')

  expect(consent.payload).not.toContain('Sign in')
  expect((await person.get('/account/identity')).statusCode).toBe(404)
  expect((await person.get('/verify/sign-in')).statusCode).toBe(404)
  await plain.stop()
})
