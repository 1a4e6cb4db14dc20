import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { codeLimits } from '../../apps/idp-web/src/factors/code-limits.ts'
import { type FactorDesk, startFactorDesk } from '../support/factor-desk.ts'
import { type Answering, createSoftPasskey } from '../support/passkey.ts'
import { createVisitor, type Visitor } from '../support/web.ts'

let desk: FactorDesk
beforeAll(async () => {
  desk = await startFactorDesk()
})
afterAll(() => desk.stop())

const signInOptions = '/sign-in/passkey/options'

/** A browser in which nobody has signed in, on the page for passkeys. */
async function stranger(): Promise<Visitor> {
  const person = createVisitor(desk.web.app)
  await person.get('/sign-in/passkey')
  return person
}

async function owner() {
  const account = await desk.newAccount()
  const person = await desk.signedIn(account)
  return { account, person, passkey: await desk.addPasskey(person) }
}

describe('adding a passkey', () => {
  test('tells the owner, and lets the next sign-in ask for more than the password', async () => {
    const account = await desk.newAccount()
    const person = await desk.signedIn(account)
    const before = await desk.web.deps.factors.hasSecond(account.id)

    await desk.addPasskey(person)

    const list = await person.get('/account/factors?news=passkey-added')
    expect(list.payload).toContain('Your passkey was added.')
    expect(await desk.eventsOf(account)).toEqual(['factor-added'])
    expect(desk.mailbox.mails.at(-1)).toMatchObject({
      to: await desk.web.deps.accounts.openAddress(account),
      template: 'factor-added',
      values: { factor: 'passkey' },
    })
    expect([before, await desk.web.deps.factors.hasSecond(account.id)]).toEqual([false, true])
  })

  test('asks for one that the browser finds by itself and that knows its owner', async () => {
    const { person, passkey } = await owner()

    const question = await desk.question(person, '/account/factors/passkey/options')

    expect(question).toMatchObject({
      rp: { id: 'localhost' },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [{ id: passkey.credentialId }],
    })
  })

  test.each<[string, Answering]>([
    ['from another site', { origin: 'https://evil.example.test' }],
    ['from another port', { origin: 'http://localhost:3001' }],
    ['for another host', { rpId: 'evil.example.test' }],
    ['by an authenticator that does not know its owner', { userVerified: false }],
    ['of a sign-in', { type: 'webauthn.get' }],
  ])('counts for nothing %s', async (_what, how) => {
    const account = await desk.newAccount()
    const person = await desk.signedIn(account)
    const question = await desk.question(person, '/account/factors/passkey/options')

    const answer = createSoftPasskey(desk.site).register(question, how)
    const response = await person.post('/account/factors/passkey', { answer })

    expect(response.statusCode).toBe(422)
    expect(await desk.web.deps.factors.of(account.id)).toEqual([])
    expect(await desk.eventsOf(account)).toEqual([])
  })

  test('takes an answer once, and only to what was asked last', async () => {
    const account = await desk.newAccount()
    const person = await desk.signedIn(account)
    const old = await desk.question(person, '/account/factors/passkey/options')
    const question = await desk.question(person, '/account/factors/passkey/options')
    const answers = [old, question, question].map((asked) =>
      createSoftPasskey(desk.site).register(asked),
    )

    const statuses: number[] = []
    for (const answer of answers) {
      const { statusCode } = await person.post('/account/factors/passkey', { answer })
      statuses.push(statusCode)
    }

    // The first try took the question with it.
    expect(statuses).toEqual([422, 422, 422])
    expect(await desk.web.deps.factors.of(account.id)).toEqual([])
  })

  test('does not take a passkey that another account has', async () => {
    const { passkey } = await owner()
    const other = await desk.newAccount()
    const person = await desk.signedIn(other)
    const question = await desk.question(person, '/account/factors/passkey/options')

    const response = await person.post('/account/factors/passkey', {
      answer: passkey.register(question),
    })

    expect(response.statusCode).toBe(422)
    expect(await desk.web.deps.factors.of(other.id)).toEqual([])
  })

  test('is not open to whoever has not shown lately that they are there', async () => {
    const account = await desk.newAccount()
    const person = await desk.signedIn(account, { at: desk.web.deps.now() - 6 * 60_000 })

    const page = await person.get('/account/factors/passkey')
    const options = await person.post('/account/factors/passkey/options')
    const answer = await person.post('/account/factors/passkey', { answer: '{}' })

    const locations = [page, options, answer].map(({ headers }) => headers.location)
    expect(locations).toEqual(['/sign-in/confirm', '/sign-in/confirm', '/sign-in/confirm'])
  })
})

describe('signing in with a passkey alone', () => {
  test('opens the account in a session that nobody knew before', async () => {
    const { account, passkey } = await owner()
    const person = await stranger()
    const before = person.cookies.get('anteroom-session')
    const question = await desk.question(person, signInOptions)

    const response = await person.post('/sign-in/passkey', { answer: passkey.answer(question) })

    expect(response.headers.location).toBe('/account')
    expect(person.cookies.get('anteroom-session')).not.toBe(before)
    expect(await desk.methodsOf(person)).toEqual(['passkey'])
    expect((await person.get('/account/factors')).payload).toContain('Last used')
    expect((await desk.web.deps.factors.of(account.id))[0]?.lastUsedAt).toBeDefined()
  })

  test('opens the way for codes again where somebody has used up those of 30 days', async () => {
    const { account, passkey } = await owner()
    const { guessLimits } = desk.web.deps
    const [short, lasting] = codeLimits(account.id).map((limit) => [limit])
    for (let guess = 0; guess < 100; guess += 1) await guessLimits.use(lasting ?? [])
    for (let guess = 0; guess < 10; guess += 1) await guessLimits.use(short ?? [])
    const person = await stranger()
    const question = await desk.question(person, signInOptions)

    await person.post('/sign-in/passkey', { answer: passkey.answer(question) })

    expect(await guessLimits.use(lasting ?? [])).toBeUndefined()
    expect(await guessLimits.use(short ?? [])).toBeDefined()
  })

  test('tells nobody which accounts or passkeys there are', async () => {
    const question = await desk.question(await stranger(), signInOptions)

    expect(question).toMatchObject({ rpId: 'localhost', userVerification: 'required' })
    expect(question).not.toHaveProperty('allowCredentials.0')
  })

  test.each<[string, Answering]>([
    ['from another site', { origin: 'https://evil.example.test' }],
    ['for another host', { rpId: 'evil.example.test' }],
    ['by an authenticator that does not know its owner', { userVerified: false }],
    ['of a new passkey', { type: 'webauthn.create' }],
    ['under another key', { signedBy: createSoftPasskey({ origin: '', rpId: '' }) }],
    ['in the name of another account', { userHandle: 'A'.repeat(43) }],
  ])('is refused %s', async (_what, how) => {
    const { passkey } = await owner()
    const person = await stranger()
    const question = await desk.question(person, signInOptions)

    const answer = passkey.answer(question, how)
    const response = await person.post('/sign-in/passkey', { answer })

    expect(response.statusCode).toBe(422)
    expect(await desk.methodsOf(person)).toBeUndefined()
  })

  test('is refused with a passkey that no account has, in the same words', async () => {
    const { passkey } = await owner()
    const [wrong, unknown] = await Promise.all(
      [passkey, createSoftPasskey(desk.site)].map(async (used) => {
        const person = await stranger()
        const question = await desk.question(person, signInOptions)
        const answer = used.answer(question, { rpId: used === passkey ? 'x.test' : 'localhost' })
        const { statusCode, payload } = await person.post('/sign-in/passkey', { answer })
        return { statusCode, page: payload.replaceAll(person.token(), '') }
      }),
    )

    expect(wrong).toEqual(unknown)
  })

  test('works once with one answer, in the same browser and in any other', async () => {
    const { passkey } = await owner()
    const person = await stranger()
    const question = await desk.question(person, signInOptions)
    const answer = passkey.answer(question)
    const first = await person.post('/sign-in/passkey', { answer })

    await person.get('/sign-in/passkey')
    const again = await person.post('/sign-in/passkey', { answer })
    const elsewhere = await stranger()
    await desk.question(elsewhere, signInOptions)
    const replayed = await elsewhere.post('/sign-in/passkey', { answer })

    const statuses = [first, again, replayed].map(({ statusCode }) => statusCode)
    expect(statuses).toEqual([303, 422, 422])
  })

  test('of two answers at once takes one', async () => {
    const { passkey } = await owner()
    const person = await stranger()
    const question = await desk.question(person, signInOptions)
    const answers = [passkey.answer(question), passkey.answer(question)]

    const responses = await Promise.all(
      answers.map((answer) => person.post('/sign-in/passkey', { answer })),
    )

    const statuses = responses.map(({ statusCode }) => statusCode).sort()
    expect(statuses).toEqual([303, 422])
  })

  test('is refused five minutes after it was asked for', async () => {
    const { passkey } = await owner()
    const person = await stranger()
    const question = await desk.question(person, signInOptions)
    const session = await desk.web.deps.sessions.load(person.cookies.get('anteroom-session') ?? '')
    const ceremony = session?.ceremony
    if (!session || !ceremony) throw new Error('Nothing was asked')
    const at = ceremony.at - 5 * 60_000 - 1
    await desk.web.deps.sessions.patch(session, { ceremony: { ...ceremony, at } })

    const response = await person.post('/sign-in/passkey', { answer: passkey.answer(question) })

    expect(response.statusCode).toBe(422)
  })

  test('is refused when the count of signatures has not gone on: there may be two of the passkey', async () => {
    const { passkey } = await owner()
    async function signIn(signCount: number): Promise<number> {
      const person = await stranger()
      const question = await desk.question(person, signInOptions)
      const answer = passkey.answer(question, { signCount })
      return (await person.post('/sign-in/passkey', { answer })).statusCode
    }

    const statuses = [await signIn(7), await signIn(7), await signIn(3), await signIn(8)]

    expect(statuses).toEqual([303, 422, 422, 303])
    expect(desk.web.logLines.join('')).toContain('PASSKEY_COUNT_WENT_BACK')
  })

  test('works again and again with an authenticator that does not count', async () => {
    const { passkey } = await owner()
    const statuses: number[] = []
    for (const _ of [1, 2]) {
      const person = await stranger()
      const question = await desk.question(person, signInOptions)
      const answer = passkey.answer(question, { signCount: 0 })
      statuses.push((await person.post('/sign-in/passkey', { answer })).statusCode)
    }

    expect(statuses).toEqual([303, 303])
  })

  test.each([
    ['nothing', ''],
    ['half of it', '{"id":"x","response":'],
    ['a list', '[]'],
    ['an id alone', '{"id":"x"}'],
    ['more than there can be', 'x'.repeat(15_001)],
  ])('is refused with %s for an answer', async (_what, answer) => {
    const person = await stranger()
    await desk.question(person, signInOptions)

    expect((await person.post('/sign-in/passkey', { answer })).statusCode).toBe(400)
  })
})

describe('a passkey after the password', () => {
  test('is asked for by its name, and finishes the sign-in', async () => {
    const { account, passkey } = await owner()
    const person = await desk.halfSignedIn(account)

    const way = await person.get('/sign-in/factor')
    const page = await person.get('/sign-in/passkey')
    const question = await desk.question(person, signInOptions)
    const response = await person.post('/sign-in/passkey', { answer: passkey.answer(question) })

    expect(way.headers.location).toBe('/sign-in/passkey')
    expect(page.payload).toContain('Your password was right.')
    expect(question).toMatchObject({ allowCredentials: [{ id: passkey.credentialId }] })
    expect(response.headers.location).toBe('/account')
    expect(await desk.methodsOf(person)).toEqual(['password', 'passkey'])
  })

  test('of another account opens that one, and says nothing of the password', async () => {
    const { account } = await owner()
    const { account: other, passkey } = await owner()
    const person = await desk.halfSignedIn(account)
    const question = await desk.question(person, signInOptions)

    await person.post('/sign-in/passkey', { answer: passkey.answer(question) })

    const session = await desk.web.deps.sessions.load(person.cookies.get('anteroom-session') ?? '')
    expect(session?.signIn).toMatchObject({ accountId: other.id, methods: ['passkey'] })
  })

  test('shows that somebody who is signed in is still there, in the same session', async () => {
    const { account, passkey } = await owner()
    const person = await desk.signedIn(account, { at: desk.web.deps.now() - 6 * 60_000 })
    const away = await person.get('/account/factors/app')
    const before = person.cookies.get('anteroom-session')

    await person.get('/sign-in/passkey')
    const question = await desk.question(person, signInOptions)
    const response = await person.post('/sign-in/passkey', { answer: passkey.answer(question) })

    expect(away.headers.location).toBe('/sign-in/confirm')
    expect(response.headers.location).toBe('/account/factors/app')
    expect(person.cookies.get('anteroom-session')).toBe(before)
    expect((await person.get('/account/factors/app')).statusCode).toBe(200)
  })
})

describe('the page to sign in', () => {
  test('offers passkeys, by a button and at the field of the address, also after a mistake', async () => {
    const person = createVisitor(desk.web.app)

    const pages = [
      await person.get('/sign-in'),
      await person.post('/sign-in', { address: 'maria@example.test', password: 'wrong wrong' }),
    ]

    expect(pages.map(({ statusCode }) => statusCode)).toEqual([200, 422])
    for (const { payload, headers } of pages) {
      expect(payload).toContain('autocomplete="username webauthn"')
      expect(payload).toContain('action="/sign-in/passkey"')
      expect(headers['permissions-policy']).toContain('publickey-credentials-get=(self)')
    }
  })

  test('takes the answer of a browser that showed its own list', async () => {
    const { account, passkey } = await owner()
    const person = createVisitor(desk.web.app)
    await person.get('/sign-in')
    const question = await desk.question(person, signInOptions)

    const response = await person.post('/sign-in/passkey', { answer: passkey.answer(question) })

    expect(question).toMatchObject({ allowCredentials: [] })
    expect(response.headers.location).toBe('/account')
    const session = await desk.web.deps.sessions.load(person.cookies.get('anteroom-session') ?? '')
    expect(session?.signIn?.accountId).toBe(account.id)
  })
})

test('only the pages for passkeys may ask a browser for one', async () => {
  const { person } = await owner()
  const policyOf = async (url: string) =>
    String((await person.get(url)).headers['permissions-policy'])

  for (const url of ['/sign-in/passkey', '/account/factors/passkey']) {
    expect(await policyOf(url)).toContain('publickey-credentials-get=(self)')
  }
  for (const url of ['/', '/account/factors', '/verify/consent']) {
    expect(await policyOf(url)).toContain('publickey-credentials-get=()')
  }
})
