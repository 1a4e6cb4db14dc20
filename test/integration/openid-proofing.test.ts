import { readFile, writeFile } from 'node:fs/promises'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { keepProfile } from '../../apps/idp-web/src/account/identity/profile.ts'
import { expectNoNotices } from '../support/openid-notices.ts'
import { createPerson, type OpenidPerson } from '../support/openid-person.ts'
import { ask, type OpenidWeb, redeem, startOpenidWeb } from '../support/openid-web.ts'

expectNoNotices()

let op: OpenidWeb
beforeAll(async () => {
  op = await startOpenidWeb()
})
afterAll(() => op.stop())

const ial1 = 'http://idmanagement.gov/ns/assurance/ial/1'
const ial2 = 'http://idmanagement.gov/ns/assurance/ial/2'

const nobody = {
  firstName: 'X',
  lastName: 'Okafor',
  dateOfBirth: '1986-04-12',
  address1: '100 Example Street',
  city: 'Seattle',
  state: 'WA',
  zipCode: '98109',
} as const

async function told(person: OpenidPerson, parameters: Record<string, string>) {
  const asking = await ask(await op.library(), parameters)
  const tokens = await redeem(asking, await person.reach(asking.path))
  const claims = tokens.claims()
  const info = await openid.fetchUserInfo(asking.client, tokens.access_token, claims?.sub ?? '')
  return { claims, info }
}

describe('a partner that asks for a proofed identity', () => {
  test.each([
    { acr_values: ial2 },
    { acr_values: 'urn:acr.login.gov:verified' },
    { scope: 'openid profile:birthdate address' },
    { claims: '{"id_token":{"verified_claims":{"claims":{"given_name":null}}}}' },
    { claims: `{"id_token":{"acr":{"essential":true,"value":"${ial2}"}}}` },
  ])('leads somebody who was never proofed to it, and then back: %j', async (parameters) => {
    const person = await createPerson(op.web)
    await person.signIn()
    const allowed = { scope: 'openid email profile address', ...parameters }
    const scope = allowed.scope.replace('profile:birthdate', 'profile')
    const asking = await ask(await op.library(), { ...allowed, scope })

    const away = await person.follow(asking.path, '/verify/consent')
    const back = await person.waiting()
    await person.proof()
    const tokens = await redeem(asking, await person.reach(back))

    expect(away.headers.location).toBe('/verify/consent')
    expect(tokens.claims()?.ial).toBe(ial2)
  })

  test('is told at userinfo who the person is, from what they showed in this very session', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()

    const { info, claims } = await told(person, { scope: 'openid profile address phone' })

    expect(info).toMatchObject({
      ial: ial2,
      given_name: 'Maria',
      family_name: 'Okafor',
      birthdate: '1986-04-12',
      address: { locality: 'Seattle', country: 'US' },
      phone_number: '2025550142',
      verified_at: Date.UTC(2026, 9, 1) / 1000,
    })
    expect(JSON.stringify(claims)).not.toMatch(/Maria|Okafor|1986|Seattle/)
    expect(JSON.stringify([info, claims])).not.toMatch(/900551234|WDLABCD456DG/)
  })

  test('has the person show it again where nothing of it was kept', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()
    await person.visitor.post('/session/end')
    await person.signIn()

    const asking = await ask(await op.library(), { scope: 'openid profile' })
    const { headers } = await person.follow(asking.path, '/verify/consent')

    expect(headers.location).toBe('/verify/consent')
  })

  test('is answered at once where it wants to know no more than that they were proofed', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()
    await person.visitor.post('/session/end')
    await person.signIn()

    const { claims } = await told(person, { acr_values: ial2 })

    expect(claims?.ial).toBe(ial2)
  })

  test('is not told of a proofing that it did not ask for', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()

    const { claims, info } = await told(person, { scope: 'openid email' })

    expect(claims?.ial).toBe('http://idmanagement.gov/ns/assurance/ial/1')
    expect(JSON.stringify([claims, info])).not.toMatch(/verified_at|verified_claims|Maria/)
  })

  test('is not told of it either where it asks for none this time, whatever it was told before', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()
    await told(person, { scope: 'openid profile', acr_values: ial2 })

    const plain = await told(person, { scope: 'openid email' })
    const none = await told(person, { scope: 'openid profile', acr_values: ial1 })

    expect([plain.claims?.ial, plain.info.ial]).toEqual([ial1, ial1])
    expect([none.claims?.ial, none.info.ial]).toEqual([ial1, ial1])
  })

  test('whose scopes were taken back is told nothing by them any more', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()
    const asking = await ask(await op.library(), { scope: 'openid email profile' })
    const tokens = await redeem(asking, await person.reach(asking.path))
    const { partners } = JSON.parse(await readFile(op.partners.file, 'utf8'))
    const narrowed = partners.map((partner: object) => ({
      ...partner,
      scopes: ['openid', 'email'],
    }))
    const file = `${op.partners.file}.narrowed`
    await writeFile(file, JSON.stringify({ partners: narrowed }))

    const { redisUrl: ANTEROOM_REDIS_URL } = op.web.deps.config
    const settings = { ANTEROOM_PARTNERS_FILE: file, ANTEROOM_REDIS_URL }
    const later = await startOpenidWeb(settings, { database: op.web.database })
    const headers = { authorization: `Bearer ${tokens.access_token}` }
    const response = await fetch(`${later.issuer}/openid/userinfo`, { headers })
    const info = JSON.parse(await response.text())
    await later.stop()

    expect(info.email).toBe('maria@example.com')
    expect(Object.keys(info).sort()).toEqual(['email', 'email_verified', 'ial', 'sub'])
    expect(info.ial).toBe(ial1)
  })

  test('is told what was verified in this session, and not what was kept of an earlier one', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()
    const account = await op.web.deps.accounts.read(person.accountId)
    const earlier = { ...nobody, firstName: 'Earlier' }
    if (account) await keepProfile(op.web.deps, account.id, earlier)

    const { info } = await told(person, { scope: 'openid profile' })

    expect(info.given_name).toBe('Maria')
  })

  test('is told no more than it asks for this time, whatever it was told before', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()
    await told(person, { scope: 'openid email profile address' })

    const { info } = await told(person, { scope: 'openid email' })

    expect(JSON.stringify(info)).not.toMatch(/Okafor|1986|Seattle/)
  })
})

describe('somebody who was proofed by records alone', () => {
  test('is led to show a document where a partner asks for a proofed identity', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof({ withDocument: false })

    const asking = await ask(await op.library(), { acr_values: ial2 })
    const { headers } = await person.follow(asking.path, '/verify/consent')

    expect(headers.location).toBe('/verify/consent')
  })

  test('is told of as somebody of IAL1, without a word about how they were proofed', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof({ withDocument: false })

    const { claims, info } = await told(person, {
      scope: 'openid profile identity_assurance',
      acr_values: 'http://idmanagement.gov/ns/assurance/ial/1',
    })

    expect([claims?.ial, info.ial]).toEqual(Array(2).fill(ial2.replace('/2', '/1')))
    expect(JSON.stringify([claims, info])).not.toMatch(/verified_at|verified_claims|ial2/)
  })

  test('is sent back with an error where nobody is asked for documents', async () => {
    const without = await startOpenidWeb({ ANTEROOM_DOCUMENT_PROOFING: 'off' })
    const person = await createPerson(without.web)
    await person.signIn()
    await person.proof({ withDocument: false })

    const asking = await ask(await without.library(), { scope: 'openid profile' })
    const { headers } = await person.follow(asking.path)

    expect(headers.location).toContain('error=unmet_authentication_requirements')
    await without.stop()
  })
})

describe('verified_claims', () => {
  const verified = (claims: object) => JSON.stringify({ id_token: { verified_claims: { claims } } })

  test('stand in the ID token when they are asked for there, and say how the person was proofed', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()

    const { claims } = await told(person, {
      scope: 'openid',
      claims: verified({ given_name: null, birthdate: null }),
    })

    expect(claims?.verified_claims).toEqual({
      verification: {
        trust_framework: 'nist_800_63A',
        assurance_level: 'ial2',
        time: '2026-10-01T00:00:00.000Z',
        evidence: [
          expect.objectContaining({
            type: 'document',
            document_details: { type: 'driving_permit' },
          }),
          expect.objectContaining({ type: 'electronic_record' }),
        ],
      },
      claims: { given_name: 'Maria', birthdate: '1986-04-12' },
    })
    expect(JSON.stringify(claims)).not.toContain('vendor-number')
  })

  test('may be asked for by a list, as Okta does, and are then given as one', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()
    const wanted = [
      {
        verification: { trust_framework: { value: 'nist_800_63A' } },
        claims: { family_name: null },
      },
    ]

    const { claims } = await told(person, {
      scope: 'openid',
      claims: JSON.stringify({ id_token: { verified_claims: wanted } }),
    })

    expect(claims?.verified_claims).toEqual([
      expect.objectContaining({ claims: { family_name: 'Okafor' } }),
    ])
  })

  test('are left out for a partner that wants them by another framework', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()
    const wanted = {
      verification: { trust_framework: { value: 'eidas' } },
      claims: { family_name: null },
    }

    const { claims } = await told(person, {
      scope: 'openid',
      claims: JSON.stringify({ id_token: { verified_claims: wanted } }),
    })

    expect(claims).not.toHaveProperty('verified_claims')
  })

  test('ask for consent to everything inside them, also when a part was agreed to before', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    await person.proof()
    const scope = 'openid'
    await told(person, { scope, claims: verified({ given_name: null }) })

    const asking = await ask(await op.library(), { scope, claims: verified({ address: null }) })
    const page = await person.follow(asking.path)

    expect(page.payload).toContain('Share with City Library?')
    expect(page.payload).toContain('Your home address')
    expect(page.payload).toContain('100 Example Street, Seattle, WA 98109')
  })
})
