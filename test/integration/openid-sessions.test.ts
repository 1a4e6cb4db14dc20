import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNoNotices } from '../support/openid-notices.ts'
import { createPerson } from '../support/openid-person.ts'
import { ask, type OpenidWeb, redeem, startOpenidWeb } from '../support/openid-web.ts'

expectNoNotices()

let op: OpenidWeb
beforeAll(async () => {
  op = await startOpenidWeb()
})
afterAll(() => op.stop())

describe('somebody who is not signed in', () => {
  test('is led to sign in, and from there on to the partner', async () => {
    const person = await createPerson(op.web)
    const asking = await ask(await op.library())

    const away = await person.visitor.get(asking.path)
    const interaction = new URL(away.headers.location ?? '', op.issuer).pathname
    const toSignIn = await person.visitor.get(interaction)
    await person.signIn()
    const callback = await person.reach(interaction)

    expect(toSignIn.headers.location).toBe('/sign-in')
    expect((await redeem(asking, callback)).claims()?.sub).toBeDefined()
  })

  test('is not answered by a form’s redirect, which browsers would hold against our policy', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.reach((await ask(await op.library())).path)
    await person.visitor.post('/session/end')
    const away = await person.visitor.get((await ask(await op.library())).path)
    await person.signIn()

    const page = await person.visitor.get(new URL(away.headers.location ?? '', op.issuer).pathname)

    expect(page.statusCode).toBe(200)
    expect(page.payload).toContain('http-equiv="refresh"')
  })

  test('is not asked where the partner wants no page', async () => {
    const person = await createPerson(op.web)

    const { headers } = await person.follow(
      (await ask(await op.library(), { prompt: 'none' })).path,
    )

    expect(headers.location).toContain('error=login_required')
  })
})

describe('somebody who is signed in', () => {
  test('is asked for consent although the partner wants no page: it is told that it needs one', async () => {
    const person = await createPerson(op.web)
    await person.signIn()

    const { headers } = await person.follow(
      (await ask(await op.library(), { prompt: 'none' })).path,
    )

    expect(headers.location).toContain('error=consent_required')
  })

  test('is answered without a page once they have agreed', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.reach((await ask(await op.library())).path)

    const { headers } = await person.follow(
      (await ask(await op.library(), { prompt: 'none' })).path,
    )

    expect(headers.location).toContain('code=')
  })

  test.each([{ prompt: 'login' }, { max_age: '60' }])(
    'shows anew that they are there where the partner wants it: %j',
    async (parameters) => {
      const person = await createPerson(op.web)
      await person.signIn(['password'], { minutesAgo: 10 })
      await person.reach((await ask(await op.library())).path)
      const asking = await ask(await op.library(), parameters)

      const confirm = await person.follow(asking.path, '/sign-in/confirm')
      await person.signIn()
      const tokens = await redeem(asking, await person.reach(await person.waiting()), {
        maxAge: 60,
      })

      expect(confirm.headers.location).toBe('/sign-in/confirm')
      expect(tokens.claims()?.auth_time).toBeGreaterThan(Date.now() / 1000 - 60)
    },
  )

  test('and wants another person than the partner does is sent back', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const first = await ask(await op.library())
    const { id_token = '' } = await redeem(first, await person.reach(first.path))
    const other = await createPerson(op.web)
    await other.signIn()

    const asking = await ask(await op.library(), { id_token_hint: id_token })
    const { headers } = await other.follow(asking.path)

    expect(headers.location).toContain('error=login_required')
  })

  test('with a password alone is told how to show more, where the partner wants it', async () => {
    const person = await createPerson(op.web)
    await person.signIn(['password'])
    const acr_values = 'http://idmanagement.gov/ns/assurance/aal/2'
    const asking = await ask(await op.library(), { acr_values })

    const page = await person.follow(asking.path)
    await person.signIn(['password', 'totp'])
    const tokens = await redeem(asking, await person.reach(await person.waiting()))

    expect(page.payload).toContain('City Library asks for a second proof')
    expect(tokens.claims()).toMatchObject({ acr: acr_values, amr: ['pwd', 'otp', 'mfa'] })
  })
})

describe('a session that was ended elsewhere', () => {
  test('answers no partner any more, and what it was told opens nothing', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const tokens = await redeem(asking, await person.reach(asking.path))
    await person.endSessions()

    const { headers } = await person.follow(
      (await ask(await op.library(), { prompt: 'none' })).path,
    )

    expect(headers.location).toContain('error=login_required')
    await expect(
      openid.fetchUserInfo(asking.client, tokens.access_token, tokens.claims()?.sub ?? ''),
    ).rejects.toMatchObject({ status: 401 })
  })

  test('leaves no code behind that counts', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const callback = await person.reach(asking.path)

    await person.endSessions()

    await expect(redeem(asking, callback)).rejects.toMatchObject({ error: 'invalid_grant' })
  })
})

test('an account that was deleted is known to nobody, and its consents are gone', async () => {
  const person = await createPerson(op.web)
  await person.signIn()
  const asking = await ask(await op.library())
  const tokens = await redeem(asking, await person.reach(asking.path))

  await op.web.deps.db.query('delete from web.accounts where id = $1', [person.accountId])

  const left = await op.web.deps.openid?.grants.list(person.accountId)
  expect(left).toEqual([])
  await expect(
    openid.fetchUserInfo(asking.client, tokens.access_token, tokens.claims()?.sub ?? ''),
  ).rejects.toMatchObject({ status: 401 })
})

test('an account that is suspended tells partners nothing more, also before its sessions have ended', async () => {
  const person = await createPerson(op.web)
  await person.signIn()
  const asking = await ask(await op.library())
  const tokens = await redeem(asking, await person.reach(asking.path))

  await op.web.deps.db.query('update web.accounts set suspended_at = now() where id = $1', [
    person.accountId,
  ])

  await expect(
    openid.fetchUserInfo(asking.client, tokens.access_token, tokens.claims()?.sub ?? ''),
  ).rejects.toMatchObject({ status: 401 })
})

test('an account that its owner deletes leaves nothing of it with partners in Redis', async () => {
  const before = new Set(await op.web.redis.keys('openid:*'))
  const person = await createPerson(op.web)
  await person.signIn()
  await person.proof()
  const asking = await ask(await op.library(), { scope: 'openid email profile' })
  await redeem(asking, await person.reach(asking.path))
  await person.reach((await ask(await op.library())).path)
  const theirs = async () =>
    (await op.web.redis.keys('openid:*'))
      .filter((key) => !before.has(key))
      .map((key) => key.split(':')[1] ?? '')
      .filter((kind) => /^(AuthorizationCode|AccessToken|Session|details)/.test(kind))
  const kinds = await theirs()

  await person.visitor.get('/account/delete')
  const deleted = await person.visitor.post('/account/delete', { word: 'delete' })

  expect(new Set(kinds)).toEqual(
    new Set([
      'AuthorizationCode',
      'AuthorizationCode-of',
      'AccessToken',
      'AccessToken-of',
      'Session',
      'details',
    ]),
  )
  expect(deleted.headers.location).toBe('/account/deleted')
  expect(await theirs()).toEqual([])
})

test('somebody who was signed in when the request began, and is not any more, is not answered for', async () => {
  const person = await createPerson(op.web)
  await person.signIn()
  await person.reach((await ask(await op.library())).path)
  await person.visitor.post('/session/end')
  const away = await person.visitor.get((await ask(await op.library())).path)
  await person.signIn()
  const page = await person.visitor.get(new URL(away.headers.location ?? '', op.issuer).pathname)
  const goingOn = /content="0; url=([^"]+)"/.exec(page.payload)?.[1] ?? ''

  person.visitor.cookies.delete('anteroom-session')
  const response = await person.visitor.get(goingOn)

  expect(response.headers.location).toContain('error=access_denied')
  expect(response.headers.location).not.toContain('code=')
})

test('nothing of a session that has ended stays for partners', async () => {
  const person = await createPerson(op.web)
  await person.signIn()
  await person.proof()
  const others = await keptOfSessions()
  await person.reach((await ask(await op.library(), { scope: 'openid profile' })).path)
  const kept = (await keptOfSessions()).filter((key) => !others.includes(key))

  await person.visitor.post('/session/end')

  expect(kept.map((key) => key.split(':')[1]).sort()).toEqual(['Session', 'details'])
  const left = await keptOfSessions()
  expect(left.filter((key) => kept.includes(key))).toEqual([])
})

async function keptOfSessions(): Promise<string[]> {
  const kinds = ['openid:details:*', 'openid:Session:*']
  return (await Promise.all(kinds.map((pattern) => op.web.redis.keys(pattern)))).flat()
}

describe('connected services', () => {
  test('lists what a partner may learn, and ends it', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const tokens = await redeem(asking, await person.reach(asking.path))

    const page = await person.visitor.get('/account/services')
    await person.visitor.post('/account/services/revoke', { partner: 'library' })
    const after = await person.visitor.get('/account/services')
    const again = await person.follow((await ask(await op.library())).path)

    expect(page.payload).toContain('City Library')
    expect(page.payload).toContain('Your e-mail address')
    expect(after.payload).not.toContain('City Library')
    expect(again.payload).toContain('Share with City Library?')
    await expect(
      openid.fetchUserInfo(asking.client, tokens.access_token, tokens.claims()?.sub ?? ''),
    ).rejects.toMatchObject({ status: 401 })
    const { rows } = await op.web.deps.db.query(
      'select event from web.account_events where account_id = $1 order by id',
      [person.accountId],
    )
    expect(rows.map(({ event }) => event)).toEqual(['service-connected', 'service-revoked'])
  })

  test('stand in the file with all that is kept about an account', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.reach((await ask(await op.library())).path)

    await person.visitor.get('/account/data')
    const data = (await person.visitor.post('/account/data')).json()

    expect(data.connectedServices).toEqual([
      { name: 'City Library', mayLearn: ['email'], since: expect.stringMatching(/^\d{4}-.*Z$/) },
    ])
  })

  test('is not shown to a stranger', async () => {
    const person = await createPerson(op.web)

    const response = await person.visitor.get('/account/services')

    expect(response.headers.location).toBe('/sign-in')
  })
})

test('nobody who reads Redis learns whom a partner expects', async () => {
  const person = await createPerson(op.web)
  const claims = JSON.stringify({ userinfo: { email: { value: 'hint@example.net' } } })
  const hints = { login_hint: 'hint@example.net', claims }
  const pushed = await ask(await op.library(), hints)
  const direct = await ask(await op.taxes(), hints, { query: true })

  await person.visitor.get(pushed.path)
  await person.visitor.get(direct.path)
  const again = await ask(await op.library(), hints)

  const keys = await op.web.redis.keys('openid:*')
  const values = await Promise.all(keys.map((key) => op.web.redis.get(key).catch(() => '')))
  expect(direct.path).toContain('hint')
  expect(again.path).toContain('request_uri')
  expect(keys.filter((key) => key.startsWith('openid:Interaction'))).not.toEqual([])
  expect(keys.filter((key) => key.startsWith('openid:PushedAuth'))).not.toEqual([])
  const requests = values.flatMap((text) => {
    const request = text ? JSON.parse(text).request : undefined
    return request ? Buffer.from(request.split('.')[1], 'base64url').toString() : []
  })
  expect(JSON.stringify([values, requests])).not.toContain('hint@example.net')
})

test('nobody who reads Redis holds a token', async () => {
  const person = await createPerson(op.web)
  await person.signIn()
  const asking = await ask(await op.library())
  const callback = await person.reach(asking.path)
  const code = new URL(callback).searchParams.get('code') ?? ''
  const { access_token } = await redeem(asking, callback)

  const keys = await op.web.redis.keys('openid:*')
  const values = await Promise.all(keys.map((key) => op.web.redis.get(key).catch(() => '')))

  expect(keys.length).toBeGreaterThan(2)
  const all = JSON.stringify([keys, values])
  expect([code, access_token].filter((secret) => all.includes(secret))).toEqual([])
})
