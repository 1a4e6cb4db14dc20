import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { totpCode } from '../../apps/idp-web/src/factors/totp.ts'
import type { SessionPatch } from '../../apps/idp-web/src/session/session.ts'
import { expectNoNotices } from '../support/openid-notices.ts'
import { createPerson, type OpenidPerson } from '../support/openid-person.ts'
import { ask, type OpenidWeb, redeem, startOpenidWeb } from '../support/openid-web.ts'
import { shownSecret } from '../support/shown-secret.ts'
import { sessionOf } from '../support/signed-in.ts'

expectNoNotices()

let op: OpenidWeb
beforeAll(async () => {
  op = await startOpenidWeb()
})
afterAll(() => op.stop())

const aal2 = 'http://idmanagement.gov/ns/assurance/aal/2'
const ial2 = 'http://idmanagement.gov/ns/assurance/ial/2'
const password = 'rain on a tin roof'

/** Somebody with a password, who signed in with it so long ago. */
async function withPassword(minutesAgo = 0): Promise<OpenidPerson> {
  const { deps } = op.web
  const passwordHash = await deps.passwordHashes.hash(password)
  const address = `${crypto.randomUUID()}@example.test`
  const account = await deps.accounts.create({ address, passwordHash })
  const person = await createPerson(op.web, { accountId: account?.id ?? '' })
  await person.signIn(['password'], { minutesAgo })
  return person
}

/** What the app with this secret shows, so many steps of 30 seconds from now. */
const codeOf = (secret: string, steps = 0): string =>
  totpCode(secret, Math.floor(op.web.deps.now() / 30_000) + steps)

async function addApp({ visitor }: OpenidPerson) {
  const secret = shownSecret((await visitor.get('/account/factors/app')).payload)
  const added = await visitor.post('/account/factors/app', { code: codeOf(secret) })
  return { secret, location: added.headers.location ?? '' }
}

describe('whom a partner asks for a second factor', () => {
  test('adds one, comes back by that alone, and has shown it', async () => {
    const person = await withPassword()
    const asking = await ask(await op.library(), { acr_values: aal2 })

    const page = await person.follow(asking.path)
    const { location } = await addApp(person)
    const tokens = await redeem(asking, await person.reach(location))

    expect(page.payload).toContain('href="/account/factors"')
    expect(page.payload).not.toContain('href="/sign-in/confirm"')
    expect(location).toBe(await atInteraction(page.payload))
    expect(tokens.claims()).toMatchObject({ acr: aal2, amr: ['pwd', 'otp', 'mfa'] })
  })

  test('comes to the page for adding one also if they must confirm first', async () => {
    const person = await withPassword(6)
    const { visitor } = person
    const asking = await ask(await op.library(), { acr_values: aal2 })

    await person.follow(asking.path)
    const away = await visitor.get('/account/factors/app')
    await visitor.get('/sign-in/confirm')
    const confirmed = await visitor.post('/sign-in/confirm', { password })
    const { location } = await addApp(person)

    expect(away.headers.location).toBe('/sign-in/confirm')
    expect(confirmed.headers.location).toBe('/account/factors/app')
    expect(await person.reach(location)).toContain('code=')
  })

  test('confirms with the one that the account has by now, and comes back', async () => {
    const person = await withPassword()
    const { visitor } = person
    const { secret } = await addApp(person)
    await person.signIn(['password'])
    const asking = await ask(await op.library(), { acr_values: aal2 })

    const page = await person.follow(asking.path)
    await visitor.get('/sign-in/confirm')
    const half = await visitor.post('/sign-in/confirm', { password })
    await visitor.get('/sign-in/factor/code')
    const whole = await visitor.post('/sign-in/factor/code', { code: codeOf(secret, 1) })

    expect(page.payload).toContain('href="/sign-in/confirm"')
    expect(half.headers.location).toBe('/sign-in/factor')
    expect(whole.headers.location).toBe(await atInteraction(page.payload))
    expect(await person.reach(whole.headers.location ?? '')).toContain('code=')
  })

  test('goes to their account where no partner waits any more', async () => {
    const person = await withPassword()
    await patch(person, { interaction: 'lapsed-long-ago' })

    const { location } = await addApp(person)

    expect(location).toBe('/account/factors?news=totp-added')
  })
})

const atInteraction = async (payload: string) =>
  /action="(\/openid\/interaction\/[^"]+)"/.exec(payload)?.[1]

async function patch({ visitor }: OpenidPerson, changes: SessionPatch): Promise<void> {
  await op.web.deps.sessions.patch(await sessionOf(op.web, visitor), changes)
}

describe('whom a partner sent to be proofed', () => {
  async function sent() {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library(), { acr_values: ial2 })
    await person.follow(asking.path, '/verify/consent')
    return person
  }
  const attemptId = 'a'

  test.each<[string, string, SessionPatch]>([
    ['where they would agree', '/verify/consent', {}],
    [
      'where their answers were not right',
      '/verify/result',
      { answer: { kind: 'not-verified', check: 'resolution-proofing', attemptId } },
    ],
    [
      'where there was no answer about their photos',
      '/verify/result',
      { answer: { kind: 'failed', check: 'document-proofing', reason: 'timed-out', attemptId } },
    ],
    [
      'where they have tried too often',
      '/verify/result',
      {
        answer: {
          kind: 'limited',
          check: 'address-proofing',
          retryAt: Date.UTC(2100, 0, 1),
        },
      },
    ],
  ])('can go back without it %s', async (_where, url, changes) => {
    const person = await sent()
    await patch(person, changes)

    const page = await person.visitor.get(url)
    const action = (await atInteraction(page.payload)) ?? ''
    const left = await person.visitor.post(action, { choice: 'deny' })

    expect(page.payload).toContain('Go back to City Library without this')
    expect(left.statusCode).toBe(200)
    const next = /content="0; url=([^"]+)"/.exec(left.payload)?.[1] ?? ''
    expect((await person.follow(next)).headers.location).toContain('error=access_denied')
    expect((await person.visitor.get(url)).payload).not.toContain('City Library')
  })

  test('is led on to the partner by the page that says that they are verified', async () => {
    const person = await sent()
    await patch(person, {
      answer: { kind: 'verified', check: 'address-proofing', attemptId },
    })

    const { payload } = await person.visitor.get('/verify/result')

    expect(payload).toContain(`href="${await person.waiting()}"`)
    expect(payload).toContain('Continue to City Library')
  })
})
