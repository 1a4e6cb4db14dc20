import { randomUUID } from 'node:crypto'
import got from 'got'
import { importJWK, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { kidOf, newSigningKey } from '../support/openid-partners.ts'
import { type PartnerSite, startPartnerSite } from '../support/sample-partner.ts'

const keys = [await newSigningKey('ES256'), await newSigningKey('RS256')] as const
const [, rsa] = keys

let site: PartnerSite
beforeAll(async () => {
  site = await startPartnerSite({ ANTEROOM_OPENID_SIGNING_KEYS: JSON.stringify(keys) })
})
afterAll(() => site.stop())

const type = 'https://schemas.openid.net/secevent/risc/event-type/account-enabled'
const now = () => Math.floor(Date.now() / 1000)

function legacy(): JWTPayload {
  const { op, partner } = site
  const subject = { subject_type: 'iss-sub', iss: op.issuer, sub: 'somebody' }
  return {
    iss: op.issuer,
    aud: partner.events.url,
    iat: now(),
    exp: now() + 60,
    jti: randomUUID(),
    events: { [type]: { subject } },
  }
}

function shared(): JWTPayload {
  const { exp: _none, ...claims } = legacy()
  const sub_id = { format: 'iss_sub', iss: site.op.issuer, sub: 'somebody' }
  return { ...claims, aud: 'sample-library', txn: 'one', sub_id, events: { [type]: {} } }
}

async function sign(claims: JWTPayload, key = rsa, header = {}): Promise<string> {
  const alg = key === rsa ? 'RS256' : 'ES256'
  return new SignJWT(claims)
    .setProtectedHeader({ typ: 'secevent+jwt', alg, kid: await kidOf(key), ...header })
    .sign(await importJWK(key, alg))
}

async function push(token: string) {
  const { statusCode, body } = await got.post(site.partner.events.url, {
    body: token,
    headers: { 'content-type': 'application/secevent+jwt', accept: 'application/json' },
    https: { certificateAuthority: site.ca },
    throwHttpErrors: false,
    retry: { limit: 0 },
  })
  return { status: statusCode, body }
}

test.each([
  ['login-gov', legacy],
  ['ssf-1.0', shared],
])(
  'a token of the profile %s is verified over TLS, kept once, and shown',
  async (profile, claims) => {
    const given = claims()
    const token = await sign(given)

    const answers = [await push(token), await push(token)]
    const page = await (await fetch(new URL('/security-events', site.partner.url))).text()

    expect(answers).toEqual([
      { status: 202, body: '' },
      { status: 202, body: '' },
    ])
    const kept = site.partner.events.received().filter(({ jti }) => jti === given.jti)
    expect(kept).toMatchObject([{ type, profile }])
    expect(page.split(given.jti ?? '')).toHaveLength(2)
    expect(page).toContain('account-enabled')
  },
)

test.each([
  ['of somebody else', 'invalid_issuer', () => sign({ ...legacy(), iss: 'https://evil.example' })],
  ['for somebody else', 'invalid_audience', () => sign({ ...legacy(), aud: 'taxes' })],
  ['that has expired', 'invalid_request', () => sign({ ...legacy(), exp: now() - 60 })],
  ['of another type', 'invalid_request', () => sign(legacy(), rsa, { typ: 'JWT' })],
  ['by another algorithm', 'invalid_request', () => sign(legacy(), keys[0])],
  [
    'that expires, of the newer profile',
    'invalid_request',
    () => sign({ ...shared(), exp: now() + 60 }),
  ],
  [
    'under a key that is not published',
    'invalid_key',
    async () => sign(legacy(), rsa, { kid: await kidOf(await newSigningKey('RS256')) }),
  ],
  [
    'with another signature',
    'invalid_key',
    async () => `${(await sign(legacy())).slice(0, -8)}AAAAAAAA`,
  ],
  ['that is none', 'invalid_request', async () => 'a.b.c'],
])('a token %s is refused as %s', async (_what, err, token) => {
  const before = site.partner.events.received().length

  const answer = await push(await token())

  expect(answer.status).toBe(400)
  expect(JSON.parse(answer.body)).toMatchObject({ err })
  expect(site.partner.events.received()).toHaveLength(before)
})

test('somebody who does not trust its certificate sends nothing', async () => {
  const { url } = site.partner.events

  await expect(got.post(url, { body: 'x', retry: { limit: 0 } })).rejects.toThrow()
})
