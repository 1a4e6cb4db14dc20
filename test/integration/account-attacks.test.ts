import { setTimeout as sleep } from 'node:timers/promises'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { passwordLimits } from '../../apps/idp-web/src/account/account-limits.ts'
import { createPasswordHashes } from '../../apps/idp-web/src/account/password-hash.ts'
import { purgeAccountRecords } from '../../apps/idp-web/src/records/upkeep.ts'
import { type AccountDesk, samplePassword, startAccountDesk } from '../support/account-desk.ts'
import { createVisitor, type Visitor } from '../support/web.ts'

let desk: AccountDesk
beforeAll(async () => {
  desk = await startAccountDesk({
    ANTEROOM_MAILS_PER_ADDRESS: '1000',
    ANTEROOM_SIGN_IN_ATTEMPTS: '100',
  })
})
afterAll(() => desk.stop())

const otherHash = createPasswordHashes().hash('three cats asleep in a hat')

async function visitorAt(url: string, app = desk.web.app): Promise<Visitor> {
  const person = createVisitor(app)
  await person.get(url)
  return person
}

/** What an answer says, without what is different in every answer. */
function said({ statusCode, headers, payload }: LightMyRequestResponse, address: string) {
  const { date: _date, 'set-cookie': cookies, 'x-ratelimit-remaining': _left, ...rest } = headers
  const { 'x-ratelimit-reset': _reset, 'content-length': _length, ...telling } = rest
  return {
    statusCode,
    cookies: [cookies ?? []].flat().map((cookie) => cookie.split('=')[0]),
    telling,
    payload: payload
      .replaceAll(address, 'ADDRESS')
      .replaceAll(/name="csrf" value="[^"]+"/g, 'CSRF')
      .replaceAll(/seconds-left="\d+"/g, 'SECONDS'),
  }
}

const forms = [
  ['/sign-up', {}],
  ['/recover', {}],
  ['/sign-in', { password: 'a guess that is wrong' }],
] as const

describe('whether an address has an account', () => {
  test.each(forms)('the answer of %s does not tell, word for word', async (url, fields) => {
    const [known, unknown] = [desk.newAddress(), desk.newAddress()]
    await desk.signedUp(known)

    const answers = await Promise.all(
      [known, unknown].map(async (address) =>
        said(await (await visitorAt(url)).post(url, { address, ...fields }), address),
      ),
    )

    expect(answers[0]).toEqual(answers[1])
  })

  test.each(forms)('the time of %s does not tell', async (url, fields) => {
    const known = desk.newAddress()
    await desk.signedUp(known)
    const person = await visitorAt(url)
    const time = async (address: string) => {
      const startedAt = performance.now()
      await person.post(url, { address, ...fields })
      return performance.now() - startedAt
    }

    // The quickest of many is what the work takes; the rest is what else this machine does, so a busy one takes more rounds.
    let [ofKnown, ofUnknown] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
    const ratio = () => ofKnown / ofUnknown
    for (let round = 0; round < 15 || (round < 150 && !isAlike(ratio())); round += 1) {
      ofKnown = Math.min(ofKnown, await time(known))
      ofUnknown = Math.min(ofUnknown, await time(desk.newAddress()))
    }

    expect(isAlike(ratio())).toBe(true)
  })

  test.each([
    ['/sign-up', 'already-an-account', 'confirm-address'],
    ['/recover', 'recovery', 'no-account'],
  ])(
    'whoever reads the mail of %s learns it, with one message and one link',
    async (url, known, unknown) => {
      const [has, hasNot] = [desk.newAddress(), desk.newAddress()]
      await desk.signedUp(has)
      const before = desk.mailbox.mails.length

      for (const address of [has, hasNot]) await (await visitorAt(url)).post(url, { address })

      const sent = desk.mailbox.mails.slice(before)
      expect(sent.map(({ to, template }) => [to, template])).toEqual([
        [has, known],
        [hasNot, unknown],
      ])
      expect(sent.every(({ link = '' }) => /\/email\/[a-z-]+\/[\w-]{43}$/.test(link))).toBe(true)
    },
  )

  test('guesses at it are counted alike', async () => {
    const { web } = desk
    const [known, unknown] = [desk.newAddress(), desk.newAddress()]
    await desk.signedUp(known)
    const strict = { ...web.deps.config, signInAttempts: 2 }

    const refused = []
    for (const address of [known, unknown]) {
      const rules = passwordLimits({ ...web.deps, config: strict }, address)
      for (let guess = 0; guess < 3; guess += 1) {
        refused.push((await web.deps.guessLimits.use(rules)) !== undefined)
      }
    }

    expect(refused).toEqual([false, false, true, false, false, true])
  })
})

describe('guessing', () => {
  test('comes to an end after so many wrong passwords at once, and a right one is not tried any more', async () => {
    const strict = await startAccountDesk({ ANTEROOM_SIGN_IN_ATTEMPTS: '5' })
    const address = strict.newAddress()
    await strict.signedUp(address)
    const person = await visitorAt('/sign-in', strict.web.app)

    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, guess) =>
        person.post('/sign-in', { address, password: `a wrong password ${guess}` }),
      ),
    )
    const right = await person.post('/sign-in', { address, password: samplePassword })
    await strict.stop()

    const statuses = answers.map(({ statusCode }) => statusCode)
    expect(statuses.filter((status) => status === 422)).toHaveLength(5)
    expect(statuses.filter((status) => status === 429)).toHaveLength(15)
    expect(right.statusCode).toBe(429)
    expect(right.payload).toContain('You can try again after')
    expect(right.payload).toContain('/recover')
  })

  test('is forgotten once the right password is given', async () => {
    const strict = await startAccountDesk({ ANTEROOM_SIGN_IN_ATTEMPTS: '3' })
    const address = strict.newAddress()
    await strict.signedUp(address)

    const statuses: number[] = []
    for (const password of ['wrong', 'wrong', samplePassword, 'wrong', 'wrong', samplePassword]) {
      const person = await visitorAt('/sign-in', strict.web.app)
      statuses.push((await person.post('/sign-in', { address, password })).statusCode)
    }
    await strict.stop()

    expect(statuses).toEqual([422, 422, 303, 422, 422, 303])
  })

  test('from one network comes to an end, whichever addresses are tried', async () => {
    const strict = await startAccountDesk({ ANTEROOM_SIGN_INS_PER_NETWORK: '3' })
    const person = await visitorAt('/sign-in', strict.web.app)

    const statuses: number[] = []
    for (let guess = 0; guess < 5; guess += 1) {
      const form = { address: strict.newAddress(), password: 'a wrong password' }
      statuses.push((await person.post('/sign-in', form)).statusCode)
    }
    await strict.stop()

    expect(statuses).toEqual([422, 422, 422, 429, 429])
  })

  test('mail is not sent to one address without end, whoever asks', async () => {
    const strict = await startAccountDesk({ ANTEROOM_MAILS_PER_ADDRESS: '2' })
    const address = strict.newAddress()

    const statuses: number[] = []
    for (const url of ['/sign-up', '/recover', '/sign-up', '/recover']) {
      statuses.push(
        (await (await visitorAt(url, strict.web.app)).post(url, { address })).statusCode,
      )
    }
    const sent = strict.mailbox.mails.length
    await strict.stop()

    expect(statuses).toEqual([303, 303, 429, 429])
    expect(sent).toBe(2)
  })

  test('with the session of somebody who went away counts against the account as well', async () => {
    const strict = await startAccountDesk({ ANTEROOM_SIGN_IN_ATTEMPTS: '2' })
    const person = await strict.signedUp()
    await person.get('/sign-in/confirm')

    const statuses: number[] = []
    for (const password of ['wrong', 'wrong', samplePassword]) {
      statuses.push((await person.post('/sign-in/confirm', { password })).statusCode)
    }
    await strict.stop()

    expect(statuses).toEqual([422, 422, 429])
  })

  test('comes to an end after a hundred wrong passwords in a row, however long they take', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    const { deps, database } = desk.web
    for (let guess = 0; guess < 100; guess += 1) {
      await deps.guessLimits.use(passwordLimits(deps, address))
    }
    await database
      .pool('admin')
      .query(`update web.limit_uses set used_at = used_at - interval '1 day'`)

    const person = await visitorAt('/sign-in')
    const right = await person.post('/sign-in', { address, password: samplePassword })

    expect(right.statusCode).toBe(429)
    expect(right.payload).toContain('/recover')
  })
})

describe('a session', () => {
  test.each([0, 5, 10, 15, 20, 30, 40, 60])(
    'does not begin with a password that is changed %i ms after it was sent',
    async (ms) => {
      const { accounts, accountSessions } = desk.web.deps
      const address = desk.newAddress()
      await desk.signedUp(address)
      const accountId = await desk.accountId(address)
      const person = await visitorAt('/sign-in')

      const answering = person.post('/sign-in', { address, password: samplePassword })
      await sleep(ms)
      await accounts.setPassword(accountId, await otherHash)
      await accountSessions.endAll(accountId)
      await answering

      expect((await person.get('/account')).headers.location).toBe('/sign-in')
    },
  )

  test('that somebody else knew before the sign-in is worth nothing after it', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    const attacker = await visitorAt('/sign-in')
    const planted = attacker.cookies.get('anteroom-session') ?? ''
    const victim = createVisitor(desk.web.app)
    victim.cookies.set('anteroom-session', planted)

    await victim.get('/sign-in')
    await victim.post('/sign-in', { address, password: samplePassword })

    expect((await victim.get('/account')).statusCode).toBe(200)
    expect(victim.cookies.get('anteroom-session')).not.toBe(planted)
    expect((await attacker.get('/account')).headers.location).toBe('/sign-in')
    expect(await desk.web.deps.sessions.load(planted)).toBeUndefined()
  })

  test('that was known before somebody signed up is worth nothing after it', async () => {
    const address = desk.newAddress()
    const attacker = await visitorAt('/sign-up')
    const victim = createVisitor(desk.web.app)
    victim.cookies.set('anteroom-session', attacker.cookies.get('anteroom-session') ?? '')
    await victim.get('/sign-up')
    await victim.post('/sign-up', { address })
    const link = desk.mailbox.linkTo(address)

    await victim.get(link)
    await victim.post(link, { password: samplePassword })

    expect((await victim.get('/account')).statusCode).toBe(200)
    expect((await attacker.get('/account')).headers.location).toBe('/sign-in')
  })

  test('that is ended from elsewhere is over on every page, and does not come back by being used', async () => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)
    const other = await desk.signIn(address)
    const id = other.cookies.get('anteroom-session') ?? ''
    const accountId = await desk.accountId(address)
    const slot = (await desk.web.deps.sessions.load(id))?.slot ?? ''

    await person.get('/account/sessions')
    await person.post('/account/sessions/others')
    const seen = await desk.web.deps.accountSessions.see(accountId, slot)
    await other.get('/verify/consent')

    expect(seen).toBe(false)
    expect(await desk.web.deps.sessions.load(id)).toBeUndefined()
    expect(await desk.web.deps.accountSessions.list(accountId)).toHaveLength(1)
  })

  test('notes when it was last used, but not at every page', async () => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)
    const { accountSessions } = desk.web.deps
    const accountId = await desk.accountId(address)
    const entry = async () => {
      const [listed] = await accountSessions.list(accountId)
      if (!listed) throw new Error('No session is listed')
      return listed
    }
    const { slot, ...first } = await entry()

    await sleep(20)
    await person.get('/account')
    const soon = await entry()
    await accountSessions.add(accountId, slot, { ...first, seenAt: first.seenAt - 61_000 })
    await person.get('/account')

    expect(soon.seenAt).toBe(first.seenAt)
    expect((await entry()).seenAt).toBeGreaterThan(first.seenAt)
  })
})

describe('forms', () => {
  test.each([
    '/account/password',
    '/account/address',
    '/account/sessions',
    '/account/sessions/others',
    '/account/data',
    '/account/delete',
    '/sign-out',
    '/sign-in/confirm',
  ])('that did not come from our pages do nothing at %s', async (url) => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)
    const fields = { password: 'three cats asleep in a hat', word: 'delete' }

    const forged = await person.post(url, { ...fields, csrf: 'x'.repeat(43) })
    const foreign = await person.post(url, fields, { 'sec-fetch-site': 'cross-site' })

    expect([forged.statusCode, foreign.statusCode]).toEqual([403, 403])
    expect((await person.get('/account')).statusCode).toBe(200)
    expect(await desk.accountId(address)).not.toBe('')
  })

  test('with fields that ours do not have are refused', async () => {
    const person = await visitorAt('/sign-in')

    const answer = await person.post('/sign-in', {
      address: 'a@b.test',
      password: 'x',
      admin: 'yes',
    })

    expect(answer.statusCode).toBe(400)
  })

  test.each(['/account', '/account/sessions', '/account/history', '/account/data'])(
    'the page %s is not kept by browsers, nor shown to others',
    async (url) => {
      const person = await desk.signedUp()

      const own = await person.get(url)
      const stranger = await desk.web.app.inject({ url })

      expect([own.statusCode, own.headers['cache-control']]).toEqual([200, 'no-store'])
      expect(stranger.headers.location).toBe('/sign-in')
    },
  )
})

describe('what is left behind', () => {
  test('no line of the log has an address, a password, a link or an account in it', async () => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)
    await person.get('/recover')
    await person.post('/recover', { address })
    const link = desk.mailbox.linkTo(address)
    await person.get(link)
    await person.get('/email/recovery/nothing-that-we-sent')
    await person.post('/sign-in', { address, password: 'a guess that is wrong' })

    const log = desk.web.logLines.join('\n')

    expect(log).toContain('/email/recovery/:token')
    expect(log).not.toContain(address)
    expect(log).not.toContain(samplePassword)
    expect(log).not.toContain(link.split('/').at(-1))
    expect(log).not.toContain('nothing-that-we-sent')
    expect(log).not.toContain(await desk.accountId(address))
  })

  test('the page of a link tells nobody where somebody came from', async () => {
    const address = desk.newAddress()
    await (await visitorAt('/sign-up')).post('/sign-up', { address })

    const page = await desk.web.app.inject({ url: desk.mailbox.linkTo(address) })

    expect(page.headers['referrer-policy']).toBe('strict-origin')
  })

  test('a link stands in the database only as its hash', async () => {
    const address = desk.newAddress()
    await (await visitorAt('/sign-up')).post('/sign-up', { address })
    const token = desk.mailbox.linkTo(address).split('/').at(-1) ?? ''

    const { rows } = await desk.web.database.pool('admin').query('select * from web.email_links')

    expect(rows.length).toBeGreaterThan(0)
    expect(JSON.stringify(rows)).not.toContain(token)
    expect(JSON.stringify(rows)).not.toContain(address)
  })

  test('history, links and guesses go when they are as old as settings say', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    await desk.signIn(address, 'a guess that is wrong')
    const admin = desk.web.database.pool('admin')
    await (await visitorAt('/sign-up')).post('/sign-up', { address: desk.newAddress() })
    const counts = async () => {
      const { rows } = await admin.query(
        `select (select count(*) from web.account_events)::integer as events,
           (select count(*) from web.email_links)::integer as links,
           (select count(*) from web.limit_uses where limit_key like 'guess/%')::integer as guesses`,
      )
      return rows[0]
    }

    await purgeAccountRecords(desk.web.deps.db, 90)
    const before = await counts()
    await admin.query(`update web.account_events set at = at - interval '91 days'`)
    await admin.query(`update web.email_links set expires_at = now() - interval '1 second'`)
    await admin.query(`update web.limit_uses set used_at = used_at - interval '31 days'`)
    await purgeAccountRecords(desk.web.deps.db, 90)

    expect(Math.min(...Object.values<number>(before))).toBeGreaterThan(0)
    expect(await counts()).toEqual({ events: 0, links: 0, guesses: 0 })
  })
})

test('where accounts are off there is none of this', async () => {
  const without = await startAccountDesk({ ANTEROOM_ACCOUNTS: 'off' })

  const answers = await Promise.all(
    ['/sign-in', '/sign-up', '/account', '/recover'].map((url) => without.web.app.inject({ url })),
  )
  const start = await without.web.app.inject({ url: '/' })
  await without.stop()

  expect(answers.map(({ statusCode }) => statusCode)).toEqual([404, 404, 404, 404])
  expect(start.payload).not.toContain('/sign-in')
})

const isAlike = (ratio: number): boolean => ratio > 0.66 && ratio < 1.5
