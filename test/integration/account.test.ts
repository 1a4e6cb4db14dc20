import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createPasswordHashes } from '../../apps/idp-web/src/account/password-hash.ts'
import { recentMs } from '../../apps/idp-web/src/account/signed-in.ts'
import { codeLimits } from '../../apps/idp-web/src/factors/code-limits.ts'
import { newTotpSecret } from '../../apps/idp-web/src/factors/totp.ts'
import { type AccountDesk, samplePassword, startAccountDesk } from '../support/account-desk.ts'
import { applicant } from '../support/applicant.ts'
import { createVisitor, type Visitor } from '../support/web.ts'

let desk: AccountDesk
beforeAll(async () => {
  desk = await startAccountDesk()
})
afterAll(() => desk.stop())

const another = 'three cats asleep in a hat'
const firefoxOnAndroid = { 'user-agent': 'Mozilla/5.0 (Android 16; Mobile) Firefox/140.0' }
const isoMoment = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/

async function titleAt(person: Visitor, url: string): Promise<string> {
  return titleOf((await person.get(url)).payload)
}

function titleOf(payload: string): string {
  return /<h1>([^<]*)</.exec(payload)?.[1] ?? ''
}

async function eventsOf(address: string): Promise<string[]> {
  const { rows } = await desk.web.database
    .pool('admin')
    .query('select event from web.account_events where account_id = $1 order by id', [
      await desk.accountId(address),
    ])
  return rows.map(({ event }) => event)
}

/** The person last showed that they are there a moment too long ago. */
async function age(person: Visitor): Promise<void> {
  const { deps } = desk.web
  const session = await deps.sessions.load(person.cookies.get('anteroom-session') ?? '')
  if (!session?.signIn) throw new Error('Nobody is signed in')
  const signIn = { ...session.signIn, at: session.signIn.at - recentMs - 1 }
  await deps.sessions.patch(session, { signIn })
}

describe('signing up', () => {
  test('leads by a link in an e-mail and a password into the account', async () => {
    const address = desk.newAddress()
    const person = createVisitor(desk.web.app)

    await person.get('/sign-up')
    const asked = await person.post('/sign-up', { address: ` ${address.toUpperCase()} ` })
    const { to, template, link = '' } = desk.mailbox.mails.at(-1) ?? {}
    const chosen = await person.get(new URL(link).pathname)
    const done = await person.post(new URL(link).pathname, { password: samplePassword })
    const account = await person.get('/account')

    expect(asked.headers.location).toBe('/email/sent')
    expect([to?.toLowerCase(), template]).toEqual([address, 'confirm-address'])
    expect(titleOf(chosen.payload)).toBe('Choose a password')
    expect(done.headers.location).toBe('/account')
    expect(account.payload).toContain('PERSON')
    expect(await eventsOf(address)).toEqual(['account-created', 'signed-in'])
  })

  test('keeps neither address nor password readable', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)

    const { rows } = await desk.web.database.pool('admin').query('select * from web.accounts')

    expect(JSON.stringify(rows)).not.toContain(address)
    expect(JSON.stringify(rows)).not.toContain(samplePassword)
    expect(rows[0].password).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  })

  test('does nothing when a program opens the link, however often', async () => {
    const address = desk.newAddress()
    const person = createVisitor(desk.web.app)
    await person.post('/sign-up', { address })
    const link = desk.mailbox.linkTo(address)

    for (let round = 0; round < 3; round += 1) await createVisitor(desk.web.app).get(link)

    expect(await desk.accountId(address)).toBe('')
    expect((await person.post(link, { password: samplePassword })).statusCode).toBe(303)
  })

  test('takes a link once, and only for what it was sent for', async () => {
    const address = desk.newAddress()
    const person = createVisitor(desk.web.app)
    await person.post('/sign-up', { address })
    const link = desk.mailbox.linkTo(address)

    const elsewhere = await person.get(link.replace('sign-up', 'recovery'))
    const short = await person.post(link, { password: 'too short' })
    const answers = await Promise.all(
      [1, 2, 3].map(() => createVisitor(desk.web.app).post(link, { password: samplePassword })),
    )

    expect(elsewhere.statusCode).toBe(410)
    expect(short.statusCode).toBe(422)
    expect(answers.map(({ statusCode }) => statusCode).sort()).toEqual([303, 410, 410])
  })

  test('does not take a link that is too old', async () => {
    const address = desk.newAddress()
    const person = createVisitor(desk.web.app)
    await person.post('/sign-up', { address })
    const link = desk.mailbox.linkTo(address)
    await desk.web.database
      .pool('admin')
      .query('update web.email_links set expires_at = now() - make_interval(secs => 1)')

    const answer = await person.post(link, { password: samplePassword })

    expect([answer.statusCode, titleOf(answer.payload)]).toEqual([
      410,
      'This link does not work any more',
    ])
  })

  test.each(['', 'susan', 'susan@example.test\r\nBcc: x@example.test'])(
    'with %j says what to put right, and sends nothing',
    async (address) => {
      const before = desk.mailbox.mails.length

      const answer = await createVisitor(desk.web.app).post('/sign-up', { address })

      expect(answer.statusCode).toBe(422)
      expect(answer.payload).toContain('usa-error-message')
      expect(desk.mailbox.mails).toHaveLength(before)
    },
  )
})

describe('signing in', () => {
  test('asks for address and password, and nothing less lets anybody in', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)

    const right = await desk.signIn(address.toUpperCase())
    const wrong = await desk.signIn(address, another)

    expect(await titleAt(right, '/account')).toBe('Your account')
    expect((await wrong.get('/account')).headers.location).toBe('/sign-in')
  })

  test('leads back to the page that was wanted', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    const person = createVisitor(desk.web.app)

    await person.get('/account/history')
    await person.get('/sign-in')
    const answer = await person.post('/sign-in', { address, password: samplePassword })

    expect(answer.headers.location).toBe('/account/history')
  })

  test('hashes a password anew whose hash was cheaper, and finds the account as before', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    const cheap = await createPasswordHashes({ memory: 64, passes: 1, lanes: 1 }).hash(
      samplePassword,
    )
    const id = await desk.accountId(address)
    await desk.web.deps.accounts.setPassword(id, cheap)

    await desk.signIn(address)
    const known = await desk.web.deps.accounts.findWithPassword(address)

    expect(known?.passwordHash).toMatch(/m=19456/)
    expect(await titleAt(await desk.signIn(address), '/account')).toBe('Your account')
  })

  test('from a browser that the account does not know is told to its owner, and later ones are not', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    const browser = { 'user-agent': 'Mozilla/5.0 (Windows NT 10.0) Firefox/140.0' }
    const signIn = async () => {
      const person = createVisitor(desk.web.app)
      await person.get('/sign-in', browser)
      await person.post('/sign-in', { address, password: samplePassword }, browser)
    }
    const before = desk.mailbox.mails.length

    await signIn()
    const first = desk.mailbox.mails.slice(before)
    await signIn()

    expect(first).toEqual([
      {
        to: address,
        template: 'new-sign-in',
        link: 'http://127.0.0.1:3000/account',
        values: { browser: 'Firefox', system: 'Windows', at: expect.stringMatching(isoMoment) },
      },
    ])
    expect(desk.mailbox.mails).toHaveLength(before + 1)
  })

  test('with a second factor shows nothing of the account before that is shown as well', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    const app = { secret: newTotpSecret(), step: 0, name: 'Authenticator app' }
    await desk.web.deps.factors.apps.add(desk.web.deps.db, await desk.accountId(address), app)
    const person = createVisitor(desk.web.app)
    await person.get('/sign-in')

    const answer = await person.post('/sign-in', { address, password: samplePassword })
    const inside = await person.get('/account')

    expect(answer.headers.location).toBe('/sign-in/factor')
    expect(inside.headers.location).toBe('/sign-in')
  })
})

describe('a new password by e-mail', () => {
  test('replaces the old one, ends every session, signs nobody in, and its owner is told', async () => {
    const address = desk.newAddress()
    const before = await desk.signedUp(address)
    const person = createVisitor(desk.web.app)

    await person.get('/recover')
    await person.post('/recover', { address })
    const older = desk.mailbox.linkTo(address)
    await person.post('/recover', { address })
    const link = desk.mailbox.linkTo(address)
    await person.get(link)
    const done = await person.post(link, { password: another })

    expect(done.headers.location).toBe('/recover/done')
    expect(desk.mailbox.last(address).template).toBe('password-changed')
    expect((await before.get('/account')).headers.location).toBe('/sign-in')
    expect((await person.get('/account')).headers.location).toBe('/sign-in')
    expect((await person.get(older)).statusCode).toBe(410)
    const inside = async (password: string) =>
      titleAt(await desk.signIn(address, password), '/account')
    expect(await inside(samplePassword)).not.toBe('Your account')
    expect(await inside(another)).toBe('Your account')
    expect(await eventsOf(address)).toContain('recovered')
  })

  test('is not set by a link that went to an address which is not the account’s any more', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    const id = await desk.accountId(address)
    // As if it had been asked for before the address changed, and made after.
    await desk.web.deps.accounts.setAddress(id, desk.newAddress())
    const link = await desk.web.deps.emailLinks.make({
      purpose: 'recovery',
      address,
      accountId: id,
    })
    const before = await desk.web.deps.accounts.readWithPassword(id)
    const person = createVisitor(desk.web.app)
    await person.get(link)

    const response = await person.post(link, { password: another })

    expect(response.statusCode).toBe(410)
    expect(await desk.web.deps.accounts.readWithPassword(id)).toEqual(before)
  })

  test('opens the way for codes again, once in 30 days, where somebody has used all of them up', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    const { guessLimits, emailLinks } = desk.web.deps
    const accountId = await desk.accountId(address)
    const lasting = codeLimits(accountId).filter(({ max }) => max === 100)
    const isFreeAfterRecovery = async () => {
      for (let guess = 0; guess < 100; guess += 1) await guessLimits.use(lasting)
      const link = await emailLinks.make({ purpose: 'recovery', address, accountId })
      const person = createVisitor(desk.web.app)
      await person.get(link)
      await person.post(link, { password: another })
      return (await guessLimits.use(lasting)) === undefined
    }

    expect([await isFreeAfterRecovery(), await isFreeAfterRecovery()]).toEqual([true, false])
  })

  test('opens the way again for an owner whom somebody else has locked out by guessing', async () => {
    const address = desk.newAddress()
    await desk.signedUp(address)
    for (let guess = 0; guess < 11; guess += 1) await desk.signIn(address, `wrong ${guess}`)
    const person = createVisitor(desk.web.app)
    await person.get('/sign-in')
    const locked = await person.post('/sign-in', { address, password: samplePassword })

    await person.post('/recover', { address })
    const link = desk.mailbox.linkTo(address)
    await person.post(link, { password: another })

    expect(locked.statusCode).toBe(429)
    expect(await titleAt(await desk.signIn(address, another), '/account')).toBe('Your account')
  })
})

describe('an account', () => {
  test.each(['/account/password', '/account/address', '/account/data', '/account/delete'])(
    'asks once more who is there before it opens %s',
    async (url) => {
      const address = desk.newAddress()
      const person = await desk.signedUp(address)
      expect((await person.get(url)).statusCode).toBe(200)
      await age(person)

      const asked = await person.get(url)
      const posted = await person.post(url, { password: another, address: 'x@example.test' })
      await person.get(url)
      await person.get('/sign-in/confirm')
      const wrong = await person.post('/sign-in/confirm', { password: another })
      const right = await person.post('/sign-in/confirm', { password: samplePassword })

      expect([asked.headers.location, posted.headers.location]).toEqual([
        '/sign-in/confirm',
        '/sign-in/confirm',
      ])
      expect([wrong.statusCode, right.headers.location]).toEqual([422, url])
      expect((await person.get(url)).statusCode).toBe(200)
    },
  )

  test('gets another password, which ends the other sessions and not this one', async () => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)
    const other = await desk.signIn(address)

    await person.get('/account/password')
    const same = await person.post('/account/password', { password: 'short' })
    const changed = await person.post('/account/password', { password: another }, firefoxOnAndroid)

    expect(same.statusCode).toBe(422)
    expect((await person.get(changed.headers.location ?? '')).payload).toContain(
      'Your new password is saved',
    )
    expect((await other.get('/account')).headers.location).toBe('/sign-in')
    expect(desk.mailbox.last(address)).toMatchObject({
      template: 'password-changed',
      values: { browser: 'Firefox', system: 'Android', at: expect.stringMatching(isoMoment) },
    })
    expect(await titleAt(await desk.signIn(address, another), '/account')).toBe('Your account')
  })

  test('gets another address only by its owner, who reads the mail there', async () => {
    const [address, next] = [desk.newAddress(), desk.newAddress()]
    const person = await desk.signedUp(address)
    const stranger = await desk.signedUp()

    await person.get('/account/address')
    await person.post('/account/address', { address: next })
    const link = desk.mailbox.linkTo(next)
    const shown = await createVisitor(desk.web.app).get(link)
    const tried = await stranger.post(link)
    const stillThere = await desk.accountId(address)
    await person.get(link)
    const done = await person.post(link, {}, firefoxOnAndroid)

    expect(shown.payload).not.toContain(next)
    expect(tried.statusCode).toBe(410)
    expect(stillThere).not.toBe('')
    expect(done.headers.location).toBe('/account?changed=address')
    expect(await desk.accountId(next)).toBe(stillThere)
    expect(await desk.accountId(address)).toBe('')
    expect(desk.mailbox.last(address)).toMatchObject({
      template: 'address-changed',
      values: { browser: 'Firefox', system: 'Android', at: expect.stringMatching(isoMoment) },
    })
    expect(await titleAt(await desk.signIn(next), '/account')).toBe('Your account')
  })

  test('does not get an address that has an account, and whoever reads mail there learns why', async () => {
    const taken = desk.newAddress()
    await desk.signedUp(taken)
    const person = await desk.signedUp()

    await person.get('/account/address')
    const answer = await person.post('/account/address', { address: taken })

    expect(answer.headers.location).toBe('/email/sent')
    expect(desk.mailbox.last(taken).template).toBe('already-an-account')
  })

  test('lists its sessions, and ends one or all others', async () => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)
    const others = [await desk.signIn(address), await desk.signIn(address)]

    const listed = (await person.get('/account/sessions')).payload
    const [slot = ''] = [...listed.matchAll(/name="slot" value="([^"]+)"/g)].map(([, it]) => it)
    await person.post('/account/sessions', { slot })
    const left = await Promise.all(others.map((other) => titleAt(other, '/account')))
    await person.post('/account/sessions/others')
    const leftLater = await Promise.all(others.map((other) => titleAt(other, '/account')))

    expect(listed.match(/name="slot"/g)).toHaveLength(2)
    expect(left.filter((title) => title === 'Your account')).toHaveLength(1)
    expect(leftLater).toEqual(['', ''])
    expect(await titleAt(person, '/account')).toBe('Your account')
    expect(await eventsOf(address)).toContain('session-ended')
  })

  test('remembers the end of a session only if one has ended', async () => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)
    await person.get('/account/sessions')

    await person.post('/account/sessions', { slot: 'of-nobody' })
    await person.post('/account/sessions/others')

    expect(await eventsOf(address)).toEqual(['account-created', 'signed-in'])
  })

  test('cannot end the session of another account', async () => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)
    const victim = await desk.signedUp()
    const session = await desk.web.deps.sessions.load(victim.cookies.get('anteroom-session') ?? '')

    await person.get('/account/sessions')
    await person.post('/account/sessions', { slot: session?.slot ?? '' })

    expect(await titleAt(victim, '/account')).toBe('Your account')
  })

  test('tells its history, and gives all that is kept about it in one file', async () => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)

    const history = (await person.get('/account/history')).payload
    await person.get('/account/data')
    const file = await person.post('/account/data')
    const data = JSON.parse(file.payload)

    expect(history).toContain('The account was made')
    expect(file.headers['content-disposition']).toContain('anteroom-account.json')
    expect(file.headers['cache-control']).toBe('no-store')
    expect(data).toMatchObject({ address, identity: null, profile: null, waysToSignIn: [] })
    expect(data.history.map(({ event }: { event: string }) => event)).toEqual([
      'data-downloaded',
      'signed-in',
      'account-created',
    ])
    expect(file.payload).not.toContain('argon2')
    expect(file.payload).not.toContain('slot')
  })

  test('is deleted by its owner, who has typed that they mean it, with all that hangs on it', async () => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)
    const other = await desk.signIn(address)
    const id = await desk.accountId(address)

    await person.get('/account/delete')
    const unsure = await person.post('/account/delete', { word: 'yes' })
    const sure = await person.post('/account/delete', { word: ' Delete ' })
    const { rows } = await desk.web.database.pool('admin').query(
      `select (select count(*) from web.account_events where account_id = $1)::integer as events,
         (select count(*) from web.accounts where id = $1)::integer as accounts`,
      [id],
    )

    expect([unsure.statusCode, sure.headers.location]).toEqual([422, '/account/deleted'])
    expect(rows).toEqual([{ events: 0, accounts: 0 }])
    expect((await other.get('/account')).headers.location).toBe('/sign-in')
    expect((await person.get('/account')).headers.location).toBe('/sign-in')
    expect(desk.mailbox.last(address).template).toBe('account-deleted')
    expect(await titleAt(await desk.signedUp(address), '/account')).toBe('Your account')
  })

  test('is left by signing out, and what was done in the session goes with it', async () => {
    const address = desk.newAddress()
    const person = await desk.signedUp(address)
    const session = person.cookies.get('anteroom-session') ?? ''

    await person.get('/sign-out')
    const left = await person.post('/sign-out')

    expect(left.headers['clear-site-data']).toBe('"cache", "storage"')
    expect(await titleAt(person, '/sign-out')).toBe('You are signed out')
    expect(await desk.web.deps.sessions.load(session)).toBeUndefined()
    expect(await desk.web.deps.accountSessions.list(await desk.accountId(address))).toEqual([])
  })
})

describe('a check that is under way', () => {
  async function waiting(address: string): Promise<Visitor> {
    const person = await desk.signedUp(address)
    await person.reachCheck(applicant())
    await person.post('/verify/check')
    return person
  }

  test('is found again after a loss of Redis by whoever signs in, and by nobody else', async () => {
    const address = desk.newAddress()
    const device = (await waiting(address)).cookies.get('anteroom-device') ?? ''
    await desk.web.redis.flushall()
    const next = createVisitor(desk.web.app)
    next.cookies.set('anteroom-device', device)

    const byDevice = await next.get('/verify/consent')
    const person = createVisitor(desk.web.app)
    await person.get('/sign-in')
    const { headers } = await person.post('/sign-in', { address, password: samplePassword })

    expect(byDevice.statusCode).toBe(200)
    expect(headers.location).toBe('/verify/wait')
    expect((await person.get('/verify/wait')).statusCode).toBe(200)
  })

  test('stays with the session that waits for it', async () => {
    const address = desk.newAddress()
    const first = await waiting(address)

    const second = await desk.signIn(address)

    expect((await second.get('/verify/consent')).statusCode).toBe(200)
    expect((await first.get('/verify/wait')).statusCode).toBe(200)
  })
})
