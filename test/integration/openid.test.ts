import { createLocalJWKSet, jwtVerify } from 'jose'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNoNotices } from '../support/openid-notices.ts'
import { kidOf, libraryBye, libraryCallback, newSigningKey } from '../support/openid-partners.ts'
import { createPerson } from '../support/openid-person.ts'
import { ask, type OpenidWeb, redeem, startOpenidWeb, subjectKey } from '../support/openid-web.ts'

expectNoNotices()

let op: OpenidWeb
beforeAll(async () => {
  op = await startOpenidWeb()
})
afterAll(() => op.stop())

describe('a partner', () => {
  test('learns who signed in by code, PKCE and a pushed request', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())

    const callback = await person.reach(asking.path)
    const tokens = await redeem(asking, callback)
    const claims = tokens.claims()
    const info = await openid.fetchUserInfo(asking.client, tokens.access_token, claims?.sub ?? '')

    expect(callback.startsWith(libraryCallback)).toBe(true)
    expect(claims).toMatchObject({
      acr: 'http://idmanagement.gov/ns/assurance/aal/1',
      amr: ['pwd'],
      ial: 'http://idmanagement.gov/ns/assurance/ial/1',
    })
    expect(info).toMatchObject({ email: 'maria@example.com', email_verified: true })
  })

  test('finds what it was told by scope at userinfo, and nothing of it in the ID token', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())

    const tokens = await redeem(asking, await person.reach(asking.path))

    expect(JSON.stringify(tokens.claims())).not.toMatch(/maria|email/)
  })

  test('gets no refresh token, and can use none', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const client = await op.library()
    const asking = await ask(client, { scope: 'openid offline_access', prompt: 'consent' })

    const tokens = await redeem(asking, await person.reach(asking.path))

    expect(tokens.refresh_token).toBeUndefined()
    await expect(openid.refreshTokenGrant(client, 'anything')).rejects.toMatchObject({
      status: 400,
    })
  })

  test('is answered anew without a page once the person has agreed', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.reach((await ask(await op.library())).path)

    const again = await person.follow((await ask(await op.library())).path)

    expect(again.headers.location).toMatch(/^https:\/\/library\.example\/callback\?code=/)
  })

  test('knows a person by another subject than the next partner, and always by the same', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const subjectAt = async (client: openid.Configuration) => {
      const asking = await ask(client)
      return (await redeem(asking, await person.reach(asking.path))).claims()?.sub
    }

    const library = await subjectAt(await op.library())
    const taxes = await subjectAt(await op.taxes())

    expect(await subjectAt(await op.library())).toBe(library)
    expect(taxes).not.toBe(library)
    expect([library, taxes]).not.toContain(person.accountId)
  })

  test('that proves itself by a secret is known by its hash', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const wrong = await openid.discovery(
      new URL(op.issuer),
      'taxes',
      {},
      openid.ClientSecretBasic('A'.repeat(43)),
      { execute: [openid.allowInsecureRequests] },
    )

    await expect(ask(wrong)).rejects.toMatchObject({ status: 401 })
  })

  test('can take its token back', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const tokens = await redeem(asking, await person.reach(asking.path))
    const subject = tokens.claims()?.sub ?? ''

    await openid.tokenRevocation(asking.client, tokens.access_token)

    await expect(
      openid.fetchUserInfo(asking.client, tokens.access_token, subject),
    ).rejects.toMatchObject({ status: 401 })
  })

  test('is told where everything is, at addresses that no header can change', async () => {
    const response = await op.web.app.inject({
      url: '/.well-known/openid-configuration',
      headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' },
    })

    expect(response.json()).toMatchObject({
      issuer: op.issuer,
      authorization_endpoint: `${op.issuer}/openid/authorize`,
      pushed_authorization_request_endpoint: `${op.issuer}/openid/par`,
      end_session_endpoint: `${op.issuer}/openid/logout`,
      grant_types_supported: ['authorization_code', 'client_credentials'],
      subject_types_supported: ['pairwise'],
      code_challenge_methods_supported: ['S256'],
    })
    expect(response.payload).not.toContain('evil')
  })
})

describe('signing keys', () => {
  test('of a set that was rotated are all published, and the first signs', async () => {
    const [next, old, rsa] = [
      await newSigningKey('ES256'),
      await newSigningKey('ES256'),
      await newSigningKey('RS256'),
    ]
    const rotated = await startOpenidWeb(
      { ANTEROOM_OPENID_SIGNING_KEYS: JSON.stringify([next, old, rsa]) },
      { database: op.web.database },
    )
    const person = await createPerson(rotated.web)
    await person.signIn()
    const asking = await ask(await rotated.library())

    const tokens = await redeem(asking, await person.reach(asking.path))
    const set = (await rotated.web.app.inject('/openid/jwks')).json()
    const { protectedHeader } = await jwtVerify(tokens.id_token ?? '', createLocalJWKSet(set))
    await rotated.stop()

    const kids = set.keys.map(({ kid }: { kid: string }) => kid)
    expect(kids).toEqual(await Promise.all([next, old, rsa].map(kidOf)))
    expect(protectedHeader.kid).toBe(kids[0])
    expect(JSON.stringify(set)).not.toMatch(/"(d|p|q|dp|dq|qi)":/)
  })

  test('do not change by whom a person is known', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const before = await ask(await op.library())
    const subject = (await redeem(before, await person.reach(before.path))).claims()?.sub
    const rotated = await startOpenidWeb(
      { ANTEROOM_OPENID_SUBJECT_KEY: subjectKey },
      { database: op.web.database },
    )
    const same = await createPerson(rotated.web, { accountId: person.accountId })
    await same.signIn()
    const after = await ask(await rotated.library())

    const tokens = await redeem(after, await same.reach(after.path))
    await rotated.stop()

    expect(tokens.claims()?.sub).toBe(subject)
  })
})

describe('signing out at a partner', () => {
  test('asks, signs out here too, ends the token, and leads back with the state', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const tokens = await redeem(asking, await person.reach(asking.path))
    const url = openid.buildEndSessionUrl(asking.client, {
      id_token_hint: tokens.id_token ?? '',
      post_logout_redirect_uri: libraryBye,
      state: 'back',
    })

    const page = await person.visitor.get(`${url.pathname}${url.search}`)
    const left = await person.visitor.post('/openid/logout', {
      ...Object.fromEntries(url.searchParams),
      choice: 'leave',
    })
    const next = await person.follow((await ask(await op.library(), { prompt: 'none' })).path)

    expect(page.payload).toContain('City Library has signed you out')
    expect(page.headers['content-security-policy']).toContain(
      "form-action 'self' https://library.example;",
    )
    expect(left.headers.location).toBe(`${libraryBye}?state=back`)
    expect(next.headers.location).toContain('error=login_required')
    await expect(
      openid.fetchUserInfo(asking.client, tokens.access_token, tokens.claims()?.sub ?? ''),
    ).rejects.toMatchObject({ status: 401 })
  })

  test('leads to no address that the partner has not named', async () => {
    const person = await createPerson(op.web)
    await person.signIn()

    const response = await person.visitor.get(
      '/openid/logout?client_id=library&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F',
    )

    expect(response.statusCode).toBe(400)
  })

  test('is not done by a link: without the form nobody is signed out', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.visitor.get('/openid/logout?client_id=library')

    const response = await person.visitor.get('/account/services')

    expect(response.statusCode).toBe(200)
  })
})
