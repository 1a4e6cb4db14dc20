import { createHmac, createPublicKey } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  authorizationFraud,
  identityFraud,
  type Reporter,
  type ReportingSite,
  signAs,
  startReportingSite,
} from '../support/event-reporter.ts'
import type { OpenidPerson } from '../support/openid-person.ts'

let site: ReportingSite
let person: OpenidPerson
beforeAll(async () => {
  site = await startReportingSite()
  person = await site.connected(site.legacy, site.shared)
})
afterAll(() => site.stop())

/** Makes one bad token out of a good one. */
type Spoil = (reporter: Reporter, good: JWTPayload) => Promise<string> | string

const claimed =
  (changes: Record<string, unknown>): Spoil =>
  (reporter, good) =>
    signAs(reporter, { ...good, ...changes })

const headed =
  (header: Record<string, unknown>): Spoil =>
  (reporter, good) =>
    signAs(reporter, good, header)

const withEvents =
  (events: (good: Record<string, unknown>) => unknown): Spoil =>
  (reporter, good) =>
    // biome-ignore lint/style/noNonNullAssertion: every good token has one event.
    signAs(reporter, { ...good, events: events(Object.values(good.events as object)[0]!) })

const withSubject =
  (subject: (good: Record<string, unknown>) => unknown): Spoil =>
  (reporter, good) => {
    const isShared = 'sub_id' in good
    if (isShared) return signAs(reporter, { ...good, sub_id: subject(Object(good.sub_id)) })
    const { subject: given } = Object(Object(good.events)[authorizationFraud])
    return signAs(reporter, {
      ...good,
      events: { [authorizationFraud]: { subject: subject(given) } },
    })
  }

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const now = () => Math.floor(Date.now() / 1000)
const day = 24 * 60 * 60

/** What a stranger signs who has made a key of their own. */
async function strangers(good: JWTPayload, header: (jwk: object) => Record<string, unknown>) {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true })
  const jwk = await exportJWK(publicKey)
  const protectedHeader = { typ: 'secevent+jwt', alg: 'RS256', ...header(jwk) }
  return new SignJWT(good).setProtectedHeader(protectedHeader).sign(privateKey)
}

/** The public key taken for the secret of an HMAC, as a library does that goes by the header alone. */
function byPublicKey({ publicKey, kid }: Reporter, good: JWTPayload): string {
  const secret = createPublicKey({ key: publicKey, format: 'jwk' }).export({
    type: 'spki',
    format: 'pem',
  })
  const text = `${part({ typ: 'secevent+jwt', alg: 'HS256', kid })}.${part(good)}`
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const swapped = async (reporter: Reporter, good: JWTPayload): Promise<string> => {
  const [header, , signature] = (await signAs(reporter, good)).split('.')
  return `${header}.${part({ ...good, jti: 'another' })}.${signature}`
}

// What is wrong, how, what Login.gov's partners are told, and what RFC 8935 wants.
const bad: readonly (readonly [string, Spoil, string, string])[] = [
  ['no JWT', () => 'fraud!', 'jwtParse', 'jwtParse'],
  ['nothing', () => '', 'jwtParse', 'jwtParse'],
  ['five parts', () => 'a.b.c.d.e', 'jwtParse', 'jwtParse'],
  ['JWS in JSON', () => '{"payload":"","signatures":[]}', 'jwtParse', 'jwtParse'],
  [
    'a payload that is no object',
    () => `${part({ alg: 'RS256' })}.${part([])}.AA`,
    'jwtParse',
    'jwtParse',
  ],
  ['the type of an ID token', headed({ typ: 'JWT' }), 'jwtHdr', 'invalid_request'],
  ['no type', headed({ typ: undefined }), 'jwtHdr', 'invalid_request'],
  [
    'no signature, and says so',
    (_by, good) => `${part({ typ: 'secevent+jwt', alg: 'none' })}.${part(good)}.`,
    'jwtCrypto',
    'invalid_key',
  ],
  ['an HMAC under the public key', byPublicKey, 'jwtCrypto', 'invalid_key'],
  [
    'a signature cut off',
    async (by, good) => (await signAs(by, good)).replace(/[^.]+$/, ''),
    'jws',
    'invalid_key',
  ],
  ['a payload that was not signed', swapped, 'jws', 'invalid_key'],
  [
    'a stranger’s key in its header',
    (_by, good) => strangers(good, (jwk) => ({ jwk })),
    'jws',
    'invalid_key',
  ],
  [
    'a stranger’s key by the name of the partner’s',
    ({ kid }, good) => strangers(good, () => ({ kid })),
    'jws',
    'invalid_key',
  ],
  [
    'an address to fetch a key from',
    (_by, good) =>
      strangers(good, () => ({
        jku: `${site.op.issuer}/openid/jwks`,
        x5u: 'https://evil.example/',
      })),
    'jws',
    'invalid_key',
  ],
  ['a key’s name that is a path', headed({ kid: '../../../dev/null' }), 'jws', 'invalid_key'],
  ['a key’s name that objects have', headed({ kid: '__proto__' }), 'jws', 'invalid_key'],
  ['a key’s name that is a list', headed({ kid: ['a'] }), 'jwtParse', 'jwtParse'],
  [
    'the key of another partner',
    (by, good) => signAs(site.branch, good, { kid: by.kid }),
    'jws',
    'invalid_key',
  ],
  [
    'an extension that must be understood',
    async (by, good) => {
      const [, payload, signature] = (await signAs(by, good)).split('.')
      return `${part({ typ: 'secevent+jwt', alg: by.alg, kid: by.kid, crit: ['b64'], b64: false })}.${payload}.${signature}`
    },
    'jws',
    'invalid_key',
  ],
  [
    'our issuer as audience',
    (by, good) => claimed({ aud: site.op.issuer })(by, good),
    'jwtAud',
    'invalid_audience',
  ],
  [
    'the audience with a slash more',
    (by, good) => claimed({ aud: `${site.audience}/` })(by, good),
    'jwtAud',
    'invalid_audience',
  ],
  ['no audience', claimed({ aud: undefined }), 'jwtAud', 'invalid_audience'],
  ['a sub', claimed({ sub: 'somebody' }), 'setData', 'invalid_request'],
  ['an exp', claimed({ exp: now() + 3_600 }), 'setData', 'invalid_request'],
  ['no jti', claimed({ jti: undefined }), 'setData', 'invalid_request'],
  ['an empty jti', claimed({ jti: '' }), 'setData', 'invalid_request'],
  ['a jti without end', claimed({ jti: 'x'.repeat(256) }), 'setData', 'invalid_request'],
  ['a jti that no database takes', claimed({ jti: 'a\0b' }), 'setData', 'invalid_request'],
  ['a jti that is a number', claimed({ jti: 7 }), 'setData', 'invalid_request'],
  ['no iat', claimed({ iat: undefined }), 'setData', 'invalid_request'],
  ['an iat of last week', claimed({ iat: now() - 8 * day }), 'setData', 'invalid_request'],
  ['an iat of tomorrow', claimed({ iat: now() + day }), 'setData', 'invalid_request'],
  ['an iat that is a text', claimed({ iat: 'today' }), 'setData', 'invalid_request'],
  ['no events', claimed({ events: undefined }), 'setData', 'invalid_request'],
  ['an empty list of events', claimed({ events: {} }), 'setData', 'invalid_request'],
  ['events in an array', claimed({ events: [authorizationFraud] }), 'setData', 'invalid_request'],
  [
    'two events',
    withEvents((good) => ({ [authorizationFraud]: good, [identityFraud]: good })),
    'setData',
    'invalid_request',
  ],
  [
    'an event that is no object',
    withEvents(() => ({ [authorizationFraud]: true })),
    'setData',
    'invalid_request',
  ],
  [
    'an event of another type',
    withEvents((good) => ({
      'https://schemas.openid.net/secevent/risc/event-type/account-purged': good,
    })),
    'setType',
    'invalid_request',
  ],
  [
    'an event by its short name',
    withEvents((good) => ({ 'authorization-fraud-detected': good })),
    'setType',
    'invalid_request',
  ],
  ['no subject', withSubject(() => undefined), 'setData', 'invalid_request'],
  [
    'an e-mail address for a subject',
    withSubject(() => ({ subject_type: 'email', format: 'email', email: 'maria@example.com' })),
    'setData',
    'invalid_request',
  ],
  [
    'a subject of another issuer',
    withSubject((good) => ({ ...good, iss: 'https://evil.example' })),
    'setData',
    'invalid_request',
  ],
  [
    'a subject that nobody has',
    withSubject((good) => ({ ...good, sub: 'nobody' })),
    'setData',
    'invalid_request',
  ],
  [
    'a subject that no database takes',
    withSubject((good) => ({ ...good, sub: 'a\0b' })),
    'setData',
    'invalid_request',
  ],
  [
    'a subject that is a list',
    withSubject((good) => ({ ...good, sub: ['%'] })),
    'setData',
    'invalid_request',
  ],
  [
    'subjects in both places',
    (by, good) => {
      const iss = site.op.issuer
      const sub = site.subjectAt(by, person)
      return signAs(by, {
        ...good,
        sub_id: { format: 'iss_sub', iss, sub },
        events: { [authorizationFraud]: { subject: { subject_type: 'iss-sub', iss, sub } } },
      })
    },
    'setData',
    'invalid_request',
  ],
  [
    'a time that is still to come',
    withEvents((good) => ({ [authorizationFraud]: { ...good, occurred_at: now() + day } })),
    'setData',
    'invalid_request',
  ],
]

async function nothingHappened(): Promise<void> {
  const { rows } = await site.op.web.database
    .pool('admin')
    .query('select from web.received_events union all select from web.account_events')
  expect(rows).toEqual([])
  expect(site.mailbox.mails).toEqual([])
}

describe.each([
  ['legacy', 2],
  ['shared', 3],
] as const)('a token of the profile %s', (profile, column) => {
  test.each(bad)('with %s is refused by its code, and does nothing', async (...row) => {
    const [, spoil] = row
    const reporter = site[profile]

    const response = await site.send(await spoil(reporter, site.claims(reporter, person)))

    expect(response.statusCode).toBe(400)
    expect(response.json()).toEqual({ err: row[column], description: expect.any(String) })
    expect(response.headers).toMatchObject({
      'content-language': 'en-US',
      'content-type': 'application/json; charset=utf-8',
      'cache-control': 'no-store',
    })
    await nothingHappened()
  })
})

describe('whoever is not identified is answered by the old codes', () => {
  test.each([
    ['an issuer that is nobody', { iss: 'stranger' }, 'setData'],
    ['an issuer that objects have', { iss: 'constructor' }, 'setData'],
    ['no issuer', { iss: undefined }, 'setData'],
    ['ourselves', { iss: 'issuer' }, 'setData'],
    ['a partner that has no key', { iss: 'taxes' }, 'jws'],
  ])('%s', async (_who, changes, err) => {
    const response = await site.send(
      await signAs(site.legacy, { ...site.claims(site.legacy, person), ...changes } as JWTPayload),
    )

    expect(response.json()).toMatchObject({ err })
    await nothingHappened()
  })
})

describe('a token of ours', () => {
  test('that says who signed in is no report, although its key may be the partner’s', async () => {
    const { key, kid, alg, id } = site.legacy
    const assertion = await new SignJWT({ ...site.claims(site.legacy, person), sub: id })
      .setProtectedHeader({ alg, kid })
      .sign(key)

    expect((await site.send(assertion)).json()).toMatchObject({ err: 'jwtHdr' })
    await nothingHappened()
  })
})

describe('a request', () => {
  const send = async (headers: Record<string, string>, text?: string) =>
    site.send(text ?? (await signAs(site.legacy, site.claims(site.legacy, person))), headers)

  test.each([
    ['of another type', 415, () => send({ 'content-type': 'application/jwt' })],
    ['that is a form', 400, () => send({ 'content-type': 'application/x-www-form-urlencoded' })],
    ['that is larger than any token', 413, () => send({}, 'x'.repeat(9_000))],
  ])('%s is refused with its own status', async (_what, status, ask) => {
    const response = await ask()

    expect(response.statusCode).toBe(status)
    expect(response.json()).toMatchObject({ err: 'jwtParse' })
    await nothingHappened()
  })

  test('from a page of somebody else’s is refused', async () => {
    const response = await send({ origin: 'https://evil.example' })

    expect(response.statusCode).toBe(403)
    await nothingHappened()
  })

  test('beyond the limit of partners’ requests is put off', async () => {
    const few = await startReportingSite(
      { ANTEROOM_PARTNER_REQUESTS_PER_WINDOW: '2' },
      { database: site.op.web.database },
    )

    const answers = [await few.send('x'), await few.send('x'), await few.send('x')]
    await few.stop()

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([400, 400, 429])
    expect(answers[2]?.headers['retry-after']).toBeDefined()
  })
})

test('what is refused leaves a code in the log, and nothing of the token', async () => {
  const before = site.op.web.logLines.length
  const claims = { ...site.claims(site.legacy, person), jti: 'canary-jti', exp: 1 }

  await site.send(await signAs(site.legacy, claims))
  const lines = site.op.web.logLines.slice(before).join('')

  expect(lines).toContain('"code":"exp-present"')
  expect(lines).not.toMatch(/canary|maria/)
  expect(lines).not.toContain(site.subjectAt(site.legacy, person))
})
