import { SignJWT } from 'jose'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNoNotices } from '../support/openid-notices.ts'
import { libraryCallback, taxesCallback } from '../support/openid-partners.ts'
import { createPerson } from '../support/openid-person.ts'
import { ask, type OpenidWeb, redeem, startOpenidWeb } from '../support/openid-web.ts'
import type { Visitor } from '../support/web.ts'

expectNoNotices()

let op: OpenidWeb
beforeAll(async () => {
  op = await startOpenidWeb()
})
afterAll(() => op.stop())

const interactionIn = (payload: string) =>
  /action="(\/openid\/interaction\/[^"]+)"/.exec(payload)?.[1] ?? ''

describe('a request is refused', () => {
  test.each([
    ['an address that is not registered', { redirect_uri: 'https://evil.example/callback' }],
    ['no PKCE', { code_challenge: '', code_challenge_method: '' }],
    ['PKCE without a hash', { code_challenge_method: 'plain' }],
    ['another flow', { response_type: 'code id_token' }],
    ['another way to answer', { response_mode: 'form_post' }],
    ['a scope beyond the partner', { scope: 'openid phone' }],
    ['a claim beyond the partner', { claims: '{"userinfo":{"birthdate":null}}' }],
    [
      'a claim beyond the partner, inside verified_claims',
      { claims: '{"id_token":{"verified_claims":{"claims":{"birthdate":null}}}}' },
    ],
  ])('that has %s', async (_what, parameters) => {
    const client = await op.taxes()

    await expect(ask(client, parameters)).rejects.toMatchObject({ status: 400 })
  })

  test('in the address bar, of a partner that must push it', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library(), {}, { query: true })

    const response = await person.follow(asking.path)

    expect(response.headers.location).toContain('error=invalid_request')
  })

  test('with our page and no redirect where the address is not the partner’s', async () => {
    const person = await createPerson(op.web)
    const query = { redirect_uri: 'https://evil.example/' }
    const asking = await ask(await op.taxes(), query, { query: true })

    const response = await person.follow(asking.path)

    expect(response.statusCode).toBe(400)
    expect(response.headers.location).toBeUndefined()
    expect(response.payload).toContain('<h1>')
  })

  test('that was pushed and answered before', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    await person.reach(asking.path)

    const response = await person.follow(asking.path)

    expect(response.statusCode).toBe(400)
    expect(response.headers.location).toBeUndefined()
    expect(response.payload).toContain('<h1>')
  })

  test('for a proofed identity, of a partner that may not ask for one', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.taxes(), {
      acr_values: 'http://idmanagement.gov/ns/assurance/ial/2',
    })

    const response = await person.follow(asking.path)

    expect(response.headers.location).toContain('error=invalid_request')
  })
})

describe('a code is worth nothing', () => {
  test('without the verifier', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const callback = await person.reach(asking.path)

    const verifier = openid.randomPKCECodeVerifier()
    await expect(redeem(asking, callback, { pkceCodeVerifier: verifier })).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  test('to another partner', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const { searchParams } = new URL(await person.reach(asking.path))

    const stolen = `${taxesCallback}?${searchParams}`
    await expect(redeem({ ...asking, client: await op.taxes() }, stolen)).rejects.toMatchObject({
      error: 'invalid_grant',
    })
  })

  test('a second time, and then the token of the first is worth nothing either', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const callback = await person.reach(asking.path)
    const tokens = await redeem(asking, callback)

    await expect(redeem(asking, callback)).rejects.toMatchObject({ error: 'invalid_grant' })
    await expect(
      openid.fetchUserInfo(asking.client, tokens.access_token, tokens.claims()?.sub ?? ''),
    ).rejects.toMatchObject({ status: 401 })
  })

  test('to more than one of two who bring it at once', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const callback = await person.reach(asking.path)

    const both = await Promise.allSettled([redeem(asking, callback), redeem(asking, callback)])

    const errors = both.map((one) => (one.status === 'rejected' ? one.reason.error : 'none'))
    expect(errors.sort()).toEqual(['invalid_grant', 'none'])
  })
})

test('an assertion of a partner’s key counts once', async () => {
  const seen: string[] = []
  const client = await op.library()
  client[openid.customFetch] = (url, options) => {
    seen.push(String(options.body))
    return fetch(url, { ...options, body: String(options.body) })
  }
  await ask(client)

  const again = await fetch(`${op.issuer}/openid/par`, {
    method: 'POST',
    body: new URLSearchParams(seen[0]),
  })

  expect(again.status).toBe(401)
})

describe('an assertion of a partner’s key', () => {
  const push = async (client_assertion: string) => {
    const body = new URLSearchParams({
      client_id: 'library',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
      response_type: 'code',
      redirect_uri: libraryCallback,
      scope: 'openid',
      code_challenge: await openid.calculatePKCECodeChallenge(openid.randomPKCECodeVerifier()),
      code_challenge_method: 'S256',
    })
    return (await fetch(`${op.issuer}/openid/par`, { method: 'POST', body })).status
  }
  const assertion = (goodForSeconds: number) =>
    new SignJWT({ exp: Date.now() / 1000 + goodForSeconds })
      .setProtectedHeader({ alg: 'ES256' })
      .setIssuer('library')
      .setSubject('library')
      .setAudience(op.issuer)
      .setJti(openid.randomState())
      .sign(op.partners.key)

  test('counts once also where it ends at a fraction of a second', async () => {
    const one = await assertion(60.5)

    expect([await push(one), await push(one)]).toEqual([201, 401])
  })

  test('counts once for many that send it at the same time', async () => {
    const one = await assertion(60)

    const statuses = await Promise.all(Array.from({ length: 8 }, () => push(one)))

    expect(statuses.sort()).toEqual([201, ...Array(7).fill(401)])
  })

  test.each([11 * 60, 1e12, 1e30])('that is good for %d seconds is refused', async (seconds) => {
    expect(await push(await assertion(seconds))).toBe(401)
  })
})

describe('consent', () => {
  test('is asked again as soon as a partner asks for more', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.reach((await ask(await op.library(), { scope: 'openid' })).path)

    const more = await person.follow((await ask(await op.library())).path)

    expect(more.payload).toContain('Share with City Library?')
    expect(more.payload).toContain('maria@example.com')
  })

  test('is not given by whoever says no', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const page = await person.follow((await ask(await op.library())).path)

    const denied = await person.visitor.post(interactionIn(page.payload), { choice: 'deny' })
    const next = /content="0; url=([^"]+)"/.exec(denied.payload)?.[1] ?? ''
    const { headers } = await person.follow(next)

    expect(headers.location).toContain('error=access_denied')
    expect(headers.location).not.toContain('code=')
  })

  test('takes the token of our own form', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const page = await person.follow((await ask(await op.library())).path)

    const forged = await person.visitor.post(interactionIn(page.payload), {
      csrf: 'A'.repeat(43),
      choice: 'allow',
    })

    expect(forged.statusCode).toBe(403)
  })

  test('cannot be given in another browser than the one that brought the request', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const page = await person.follow((await ask(await op.library())).path)
    const other = await createPerson(op.web)
    await other.signIn()
    await other.visitor.get('/account/services')

    const response = await other.visitor.post(interactionIn(page.payload), { choice: 'allow' })

    expect(response.statusCode).toBe(404)
  })

  test.each([
    ['has ended', (visitor: Visitor) => visitor.post('/session/end')],
    ['was only forgotten', (visitor: Visitor) => visitor.cookies.delete('anteroom-session')],
  ])(
    'cannot be given by another account in the same browser, where the first %s',
    async (_how, leave) => {
      const first = await createPerson(op.web)
      await first.signIn()
      const page = await first.follow((await ask(await op.library())).path)
      const second = await createPerson(op.web, { visitor: first.visitor })
      await leave(second.visitor)
      await second.signIn()
      await second.visitor.get('/account/services')

      const response = await second.visitor.post(interactionIn(page.payload), { choice: 'allow' })

      expect(response.statusCode).toBe(404)
      expect(await op.web.deps.openid?.grants.list(second.accountId)).toEqual([])
    },
  )

  test('is shown on a page whose form may end at this partner and at no other', async () => {
    const person = await createPerson(op.web)
    await person.signIn()

    const page = await person.follow((await ask(await op.library())).path)

    expect(page.headers['content-security-policy']).toContain(
      "form-action 'self' https://library.example;",
    )
    expect(page.headers['cache-control']).toBe('no-store')
  })
})
