import { inTransaction } from '@anteroom/job-channel'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Account } from '../../apps/idp-web/src/account/accounts.ts'
import { recentMs } from '../../apps/idp-web/src/account/signed-in.ts'
import { totpCode } from '../../apps/idp-web/src/factors/totp.ts'
import { type FactorDesk, startFactorDesk } from '../support/factor-desk.ts'
import { shownSecret } from '../support/shown-secret.ts'
import { startTestWeb, type Visitor } from '../support/web.ts'

let desk: FactorDesk
beforeAll(async () => {
  desk = await startFactorDesk()
})
afterAll(() => desk.stop())

/** What an app shows now. */
const shownNow = (secret: string): string => totpCode(secret, stepNow())

/** What it shows in the next step: good already, whatever was used so far, and still good if the step begins meanwhile. */
const shownNext = (secret: string): string => totpCode(secret, stepNow() + 1)

const stepNow = (): number => Math.floor(desk.web.deps.now() / 30_000)

async function addApp(person: Visitor): Promise<string> {
  const secret = shownSecret((await person.get('/account/factors/app')).payload)
  await person.post('/account/factors/app', { code: shownNow(secret) })
  return secret
}

async function withApp() {
  const account = await desk.newAccount()
  const person = await desk.signedIn(account)
  return { account, person, secret: await addApp(person) }
}

async function makeCodes(person: Visitor): Promise<readonly string[]> {
  await person.get('/account/factors/codes')
  const { payload } = await person.post('/account/factors/codes')
  return payload.match(/\b(?:[0-9A-Z]{4}-){3}[0-9A-Z]{4}\b/g) ?? []
}

/** Signs in as far as the code, and sends this one. */
async function tryCode(account: Account, code: string, way = 'code') {
  const person = await desk.halfSignedIn(account)
  const response = await person.post(`/sign-in/factor/${way}`, { code })
  return { person, response }
}

const idsOf = async ({ id }: Account) =>
  (await desk.web.deps.factors.of(id)).map((factor) => factor.id)
const kindsOf = async ({ id }: Account) =>
  (await desk.web.deps.factors.of(id)).map(({ kind }) => kind)

describe('an authenticator app', () => {
  test('is added once it has shown a right code, and its owner is told', async () => {
    const account = await desk.newAccount()
    const person = await desk.signedIn(account)
    const page = await person.get('/account/factors/app')
    const secret = shownSecret(page.payload)

    const wrong = await person.post('/account/factors/app', { code: '000000' })
    const missing = await person.post('/account/factors/app', { code: ' ' })
    const right = await person.post('/account/factors/app', { code: shownNow(secret) })

    expect([wrong, missing].map(({ statusCode }) => statusCode)).toEqual([422, 422])
    expect(wrong.payload).toContain(/typed-secret">([^<]+)/.exec(page.payload)?.[1])
    expect(right.headers.location).toBe('/account/factors?news=totp-added')
    expect(await kindsOf(account)).toEqual(['totp'])
    expect(await desk.eventsOf(account)).toEqual(['factor-added'])
    expect(desk.mailbox.mails.at(-1)).toMatchObject({
      template: 'factor-added',
      values: { factor: 'totp' },
    })
  })

  test('is added once, however often its form is sent at the same time', async () => {
    const account = await desk.newAccount()
    const person = await desk.signedIn(account)
    const code = shownNow(shownSecret((await person.get('/account/factors/app')).payload))

    const responses = await Promise.all(
      [1, 2, 3, 4].map(() => person.post('/account/factors/app', { code })),
    )

    expect(responses.map(({ statusCode }) => statusCode)).toEqual([303, 303, 303, 303])
    expect(await kindsOf(account)).toEqual(['totp'])
  })

  test('leaves its secret nowhere that it could be read', async () => {
    const { account, secret } = await withApp()

    const { rows } = await desk.web.database
      .pool('admin')
      .query('select * from web.account_factors where account_id = $1', [account.id])
    const stored = JSON.stringify(rows)
    expect(stored).not.toContain(secret)
    expect(stored).not.toContain('Authenticator')
    expect(desk.web.logLines.join('')).not.toContain(secret)
  })

  test('shows the same secret after a reload, and another for another app', async () => {
    const { person, secret } = await withApp()

    const [first, second] = [
      shownSecret((await person.get('/account/factors/app')).payload),
      shownSecret((await person.get('/account/factors/app')).payload),
    ]

    expect(first).toBe(second)
    expect(first).not.toBe(secret)
  })

  test('opens the account after the password, each code once', async () => {
    const { account, secret } = await withApp()
    const code = shownNext(secret)

    const first = await tryCode(account, `${code.slice(0, 3)} ${code.slice(3)}`)
    const again = await tryCode(account, code)
    const before = await tryCode(account, shownNow(secret))

    expect(first.response.headers.location).toBe('/account')
    expect(await desk.methodsOf(first.person)).toEqual(['password', 'totp'])
    expect([again, before].map(({ response }) => response.statusCode)).toEqual([422, 422])
  })

  test('takes a code once, however many send it at the same time', async () => {
    const { account, secret } = await withApp()
    const code = shownNext(secret)
    const people = await Promise.all([1, 2, 3, 4].map(() => desk.halfSignedIn(account)))

    const responses = await Promise.all(
      people.map((person) => person.post('/sign-in/factor/code', { code })),
    )

    const statuses = responses.map(({ statusCode }) => statusCode).sort()
    expect(statuses).toEqual([303, 422, 422, 422])
  })

  test('moves whoever signs in to a session that nobody knew before', async () => {
    const { account, secret } = await withApp()
    const person = await desk.halfSignedIn(account)
    const before = person.cookies.get('anteroom-session')

    await person.post('/sign-in/factor/code', { code: shownNext(secret) })

    expect(person.cookies.get('anteroom-session')).not.toBe(before)
    expect(await desk.web.deps.sessions.load(before ?? '')).toBeUndefined()
  })

  test('of another account opens nothing', async () => {
    const { secret } = await withApp()
    const { account } = await withApp()

    expect((await tryCode(account, shownNext(secret))).response.statusCode).toBe(422)
  })

  test('cannot be guessed: after ten wrong codes none is looked at, the right one neither', async () => {
    const { account, secret } = await withApp()
    for (let tried = 0; tried < 10; tried += 1) await tryCode(account, '000000')

    const { person, response } = await tryCode(account, shownNext(secret))

    expect(response.statusCode).toBe(429)
    expect(response.payload).toMatch(/You can try again after .*<time datetime/)
    expect(await desk.methodsOf(person)).toBeUndefined()
  })

  test('forgets wrong codes once a right one has come', async () => {
    const { account, secret } = await withApp()
    for (let tried = 0; tried < 9; tried += 1) await tryCode(account, '000000')
    const right = await tryCode(account, shownNext(secret))

    const wrong = await tryCode(account, '000000')

    expect([right, wrong].map(({ response }) => response.statusCode)).toEqual([303, 422])
  })

  test('is not added beyond two', async () => {
    const { account, person } = await withApp()
    await addApp(person)

    const page = await person.get('/account/factors/app')

    expect(page.headers.location).toBe('/account/factors')
    expect(await kindsOf(account)).toEqual(['totp', 'totp'])
  })
})

describe('the way from the password to the rest', () => {
  test.each(['/sign-in/factor', '/sign-in/factor/code', '/sign-in/factor/backup-code'])(
    'begins anew at %s for whoever has not given a password, or too long ago',
    async (url) => {
      const { account } = await withApp()
      const late = await desk.halfSignedIn(account, desk.web.deps.now() - 11 * 60_000)
      const stranger = await desk.signedIn(await desk.newAccount())

      const locations = [await late.get(url), await stranger.get(url)].map(
        ({ headers }) => headers.location,
      )

      expect(locations).toEqual(['/sign-in', '/sign-in'])
    },
  )

  test('shows nothing of the account before it has come to its end', async () => {
    const { account } = await withApp()
    const person = await desk.halfSignedIn(account)

    for (const url of ['/account/factors', '/account/factors/app', '/account/factors/codes']) {
      expect((await person.get(url)).headers.location).toBe('/sign-in')
    }
  })

  test('begins anew once the password has been changed meanwhile', async () => {
    const { account, secret } = await withApp()
    const half = await desk.halfSignedIn(account)
    await desk.web.deps.accounts.setPassword(account.id, 'another-hash')

    const page = await half.get('/sign-in/factor')
    const response = await half.post('/sign-in/factor/code', { code: shownNext(secret) })

    expect([page, response].map(({ headers }) => headers.location)).toEqual([
      '/sign-in',
      '/sign-in',
    ])
    expect(await desk.methodsOf(half)).toBeUndefined()
  })

  test('is forgotten by whoever goes back to sign in as somebody else', async () => {
    const { account } = await withApp()
    const half = await desk.halfSignedIn(account)

    await half.get('/sign-in')

    expect((await half.get('/sign-in/factor')).headers.location).toBe('/sign-in')
  })

  test('leads to what the account has, and names the rest of it', async () => {
    const { account, person } = await withApp()
    await makeCodes(person)
    const half = await desk.halfSignedIn(account)

    const first = await half.get('/sign-in/factor')
    const page = await half.get('/sign-in/factor/code')

    expect(first.headers.location).toBe('/sign-in/factor/code')
    expect(page.payload).toContain('autocomplete="one-time-code"')
    expect(page.payload).toContain('href="/sign-in/factor/backup-code"')
    expect(page.payload).not.toContain('href="/sign-in/passkey"')
  })
})

describe('confirming that one is still there', () => {
  const password = 'rain on a tin roof'

  async function longSignedIn() {
    const { account, secret } = await withApp()
    const { accounts, passwordHashes, now } = desk.web.deps
    await accounts.setPassword(account.id, await passwordHashes.hash(password))
    const person = await desk.signedIn(account, { at: now() - recentMs - 1 })
    await person.get('/account/factors/codes')
    await person.get('/sign-in/confirm')
    return { person, secret }
  }

  test('takes the second factor too, in the same session', async () => {
    const { person, secret } = await longSignedIn()
    const before = person.cookies.get('anteroom-session')

    const half = await person.post('/sign-in/confirm', { password })
    const between = await person.get('/account/factors/codes')
    const page = await person.get('/sign-in/factor/code')
    const whole = await person.post('/sign-in/factor/code', { code: shownNext(secret) })

    expect(half.headers.location).toBe('/sign-in/factor')
    expect(between.headers.location).toBe('/sign-in/confirm')
    expect(page.payload).toContain('Go back to your account')
    expect(whole.headers.location).toBe('/account/factors/codes')
    expect(person.cookies.get('anteroom-session')).toBe(before)
    expect((await person.get('/account/factors/codes')).statusCode).toBe(200)
  })

  test('signs nobody in who was signed out in between', async () => {
    const { person, secret } = await longSignedIn()
    await person.post('/sign-in/confirm', { password })
    const session = await desk.web.deps.sessions.load(person.cookies.get('anteroom-session') ?? '')
    await desk.web.deps.accountSessions.endAll(session?.signIn?.accountId ?? '')

    const response = await person.post('/sign-in/factor/code', { code: shownNext(secret) })

    expect(response.headers.location).toBe('/sign-in')
  })
})

describe('backup codes', () => {
  test('are shown once, ten of them, and kept as hashes alone', async () => {
    const { account, person } = await withApp()

    const codes = await makeCodes(person)

    const { rows } = await desk.web.database.pool('admin').query('select * from web.backup_codes')
    const page = await person.get('/account/factors/codes')
    expect(new Set(codes).size).toBe(10)
    expect(JSON.stringify(rows)).not.toContain(codes[0])
    expect(page.payload).not.toContain(codes[0])
    expect(await desk.eventsOf(account)).toEqual(['factor-added', 'backup-codes-made'])
    expect((await person.get('/account/factors')).payload).toContain('10 codes are left.')
  })

  test('open the account after the password, each once, whatever way they are typed', async () => {
    const { account, person } = await withApp()
    const [code = ''] = await makeCodes(person)

    const first = await tryCode(account, code.toLowerCase().replaceAll('-', ' '), 'backup-code')
    const again = await tryCode(account, code, 'backup-code')

    expect(first.response.headers.location).toBe('/account')
    expect(await desk.methodsOf(first.person)).toEqual(['password', 'backup-code'])
    expect(again.response.statusCode).toBe(422)
    expect((await person.get('/account/factors')).payload).toContain('9 codes are left.')
  })

  test('work once, however many send one at the same time', async () => {
    const { account, person } = await withApp()
    const [code = ''] = await makeCodes(person)
    const people = await Promise.all([1, 2, 3, 4].map(() => desk.halfSignedIn(account)))

    const responses = await Promise.all(
      people.map((half) => half.post('/sign-in/factor/backup-code', { code })),
    )

    const statuses = responses.map(({ statusCode }) => statusCode).sort()
    expect(statuses).toEqual([303, 422, 422, 422])
  })

  test('stop working when there are new ones', async () => {
    const { account, person } = await withApp()
    const [old = ''] = await makeCodes(person)
    const [fresh = ''] = await makeCodes(person)

    const statuses = [
      (await tryCode(account, old, 'backup-code')).response.statusCode,
      (await tryCode(account, fresh, 'backup-code')).response.statusCode,
    ]

    expect(statuses).toEqual([422, 303])
    expect(await kindsOf(account)).toEqual(['totp', 'backup-codes'])
  })

  test('of two sets made at once only one is good', async () => {
    const { account } = await withApp()

    const sets = await Promise.all(
      [1, 2, 3].map(() =>
        inTransaction(desk.web.deps.db, (tx) =>
          desk.web.deps.factors.backupCodes.make(tx, account.id),
        ),
      ),
    )

    const good = await Promise.all(
      sets.map(([code = '']) => desk.web.deps.factors.backupCodes.use(account.id, code)),
    )
    expect(good.filter(Boolean)).toHaveLength(1)
  })

  test('of another account open nothing', async () => {
    const { person } = await withApp()
    const [code = ''] = await makeCodes(person)
    const { account } = await withApp()

    expect((await tryCode(account, code, 'backup-code')).response.statusCode).toBe(422)
  })

  test('stand in for something else and are not made without it', async () => {
    const account = await desk.newAccount()
    const person = await desk.signedIn(account)
    await person.get('/account/factors')

    const page = await person.get('/account/factors/codes')
    const made = await person.post('/account/factors/codes')

    expect([page, made].map(({ headers }) => headers.location)).toEqual([
      '/account/factors',
      '/account/factors',
    ])
    expect(await kindsOf(account)).toEqual([])
  })
})

describe('removing', () => {
  test('asks first, then takes it away, and the owner is told', async () => {
    const { account, person } = await withApp()
    const [id = ''] = await idsOf(account)

    const page = await person.get(`/account/factors/remove?id=${id}`)
    const response = await person.post('/account/factors/remove', { id })

    expect(page.payload).toContain('It is all you have beside your password.')
    expect(response.headers.location).toBe('/account/factors?news=removed')
    expect(await kindsOf(account)).toEqual([])
    expect(await desk.eventsOf(account)).toEqual(['factor-added', 'factor-removed'])
    expect(desk.mailbox.mails.at(-1)).toMatchObject({
      template: 'factor-removed',
      values: { factor: 'totp' },
    })
  })

  test('takes backup codes away with the last thing that they stand in for', async () => {
    const { account, person } = await withApp()
    await makeCodes(person)
    const [id = ''] = await idsOf(account)

    await person.post('/account/factors/remove', { id })

    expect(await kindsOf(account)).toEqual([])
  })

  test('does not reach what belongs to another account', async () => {
    const victim = await withApp()
    const [id = ''] = await idsOf(victim.account)
    const { account, person } = await withApp()

    const shown = await person.get(`/account/factors/remove?id=${id}`)
    const named = await person.get(`/account/factors/name?id=${id}`)
    const removed = await person.post('/account/factors/remove', { id })
    const renamed = await person.post('/account/factors/name', { id, name: 'Mine' })

    expect([shown, named].map(({ headers }) => headers.location)).toEqual([
      '/account/factors',
      '/account/factors',
    ])
    expect([removed, renamed].map(({ statusCode }) => statusCode)).toEqual([404, 404])
    expect(await idsOf(victim.account)).toEqual([id])
    expect((await victim.person.get('/account/factors')).payload).not.toContain('Mine')
    expect(await desk.eventsOf(account)).toEqual(['factor-added'])
  })

  test('needs that the person has shown lately that they are there, and leads back', async () => {
    const { account } = await withApp()
    const [id = ''] = await idsOf(account)
    const person = await desk.signedIn(account, { at: desk.web.deps.now() - recentMs - 1_000 })

    const response = await person.post('/account/factors/remove', { id })

    const session = await desk.web.deps.sessions.load(person.cookies.get('anteroom-session') ?? '')
    expect(response.headers.location).toBe('/sign-in/confirm')
    expect(session?.wantedPage).toBe(`/account/factors/remove?id=${id}`)
    expect(await idsOf(account)).toEqual([id])
  })

  test('is not done for whoever has only given the password', async () => {
    const { account } = await withApp()
    const [id = ''] = await idsOf(account)
    const person = await desk.halfSignedIn(account)

    const response = await person.post('/account/factors/remove', { id })

    expect(response.headers.location).toBe('/sign-in')
    expect(await idsOf(account)).toEqual([id])
  })

  test('leaves the last way into an account without a password, also when two are removed at once', async () => {
    const account = await desk.newAccount({ hasPassword: false })
    const person = await desk.signedIn(account)
    await desk.addPasskey(person)
    await desk.addPasskey(person)
    await addApp(person)
    const [one = '', other = ''] = await idsOf(account)

    const responses = await Promise.all(
      [one, other].map((id) => person.post('/account/factors/remove', { id })),
    )

    const statuses = responses.map(({ statusCode }) => statusCode).sort()
    expect(statuses).toEqual([303, 409])
    expect(await kindsOf(account)).toEqual(['passkey', 'totp'])
  })

  test.each(['/account/factors/remove', '/account/factors/name'])(
    'refuses at %s what our form does not send',
    async (url) => {
      const { person } = await withApp()

      const bodies = [{}, { id: 'x' }, { id: 'A'.repeat(43), name: 'x', more: '1' }]
      for (const body of bodies) {
        expect((await person.post(url, body)).statusCode).toBe(400)
      }
    },
  )
})

describe('renaming', () => {
  test('keeps the name as it was typed, and shows it as text', async () => {
    const { account, person } = await withApp()
    const [id = ''] = await idsOf(account)

    const response = await person.post('/account/factors/name', { id, name: ' <b>Mine</b> ' })

    const list = await person.get('/account/factors?news=renamed')
    expect(response.headers.location).toBe('/account/factors?news=renamed')
    expect(list.payload).toContain('&#60;b&#62;Mine&#60;/b&#62;')
    expect(list.payload).toContain('The new name was saved.')
    expect(await desk.eventsOf(account)).toEqual(['factor-added'])
  })

  test.each([
    ['', 'Enter a name.'],
    ['x'.repeat(41), 'Use at most 40 letters'],
    ['a\u202Eb', 'Use at most 40 letters'],
  ])('refuses “%s”', async (name, message) => {
    const { account, person } = await withApp()
    const [id = ''] = await idsOf(account)

    const response = await person.post('/account/factors/name', { id, name })

    expect(response.statusCode).toBe(422)
    expect(response.payload).toContain(message)
  })
})

test('a deployment without accounts has none of these pages', async () => {
  const web = await startTestWeb()
  try {
    for (const url of ['/account/factors', '/sign-in/factor', '/sign-in/passkey']) {
      expect((await web.app.inject({ url })).statusCode).toBe(404)
    }
  } finally {
    await web.stop()
  }
})
