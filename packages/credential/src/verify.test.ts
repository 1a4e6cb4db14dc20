import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { createTestIssuer, sampleClaims, sampleNow, type TestIssuer } from '../test-data/issuer.ts'
import { credentialType, revocationsType } from './claims.ts'
import { type CheckedCredential, checkCredential, openRevocations } from './verify.ts'

let issuer: TestIssuer
let token: string
beforeAll(async () => {
  issuer = await createTestIssuer()
  token = await issuer.credential()
})

const minute = 60_000
const day = 24 * 60 * minute
const { exp, nbf, rid } = sampleClaims('')

/** What is said of a token by somebody who trusts the test's issuer and has its latest list. */
function check(
  given: string,
  changes: Partial<Parameters<typeof checkCredential>[0]> = {},
): Promise<CheckedCredential> {
  const { origin, keys } = issuer
  return checkCredential({
    token: given,
    keys,
    issuer: origin,
    revocations: undefined,
    now: sampleNow,
    ...changes,
  })
}

const verdictOf = async (...given: Parameters<typeof check>) => (await check(...given)).verdict

const encoded = (value: unknown): string =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')

/** The same token under another header, its signature as it was. */
const under = (header: unknown): string => [encoded(header), ...token.split('.').slice(1)].join('.')

const rightHeader = () => ({ alg: 'ES256', typ: credentialType, kid: issuer.publicKey.kid })

describe('a credential as it was issued', () => {
  test('is valid and says whose it is', async () => {
    expect(await check(token)).toEqual({
      verdict: 'valid',
      claims: sampleClaims(issuer.origin),
      revocation: { state: 'not-checked' },
    })
  })

  test('may be surrounded by white space, as when it was copied', async () => {
    expect(await verdictOf(`\n ${token} \n`)).toBe('valid')
  })

  test('is valid with letters of any script', async () => {
    const name = { fn: 'Zoë 李', ln: 'Ó’Néill-\u202eعمر' }

    expect(await check(await issuer.credential(name))).toMatchObject({
      verdict: 'valid',
      claims: name,
    })
  })

  test('is valid while its key is one of several', async () => {
    const other = await createTestIssuer()
    const keys = { keys: [other.publicKey, { kty: 'RSA', n: 'x' }, 7, issuer.publicKey] }

    expect(await verdictOf(token, { keys })).toBe('valid')
  })

  test('signed with a key that has been replaced and is still listed is valid', async () => {
    const next = await createTestIssuer()

    expect(await verdictOf(token, { keys: { keys: [next.publicKey, issuer.publicKey] } })).toBe(
      'valid',
    )
    expect(await verdictOf(token, { keys: next.keys })).toBe('unknown-issuer')
  })
})

describe('time', () => {
  test.each([
    ['a minute and a second before it begins', nbf * 1_000 - 61_000, 'not-yet-valid'],
    ['a minute before it begins', nbf * 1_000 - minute, 'valid'],
    ['a moment before a minute after it ends', exp * 1_000 + minute - 1, 'valid'],
    ['a minute after it ends', exp * 1_000 + minute, 'expired'],
  ])('%s', async (_when, now, verdict) => {
    expect(await check(token, { now })).toMatchObject({
      verdict,
      claims: { no: 'K7Q2-4821-9930' },
    })
  })
})

describe('revocation', () => {
  test('by a list that does not name it leaves it valid, and says how old the list is', async () => {
    const revocations = await issuer.revocations({ rids: ['0123456789abcdef'] })

    expect(await check(token, { revocations })).toMatchObject({
      verdict: 'valid',
      revocation: { state: 'checked', madeAt: sampleNow - 10 * minute },
    })
  })

  test('by a list that names it', async () => {
    const revocations = await issuer.revocations({ rids: ['0123456789abcdef', rid] })

    expect(await check(token, { revocations })).toMatchObject({
      verdict: 'revoked',
      claims: { no: 'K7Q2-4821-9930' },
      revocation: { state: 'checked' },
    })
  })

  test('counts before time, and however old the list is', async () => {
    const revocations = await issuer.revocations({ rids: [rid] })

    expect(await verdictOf(token, { revocations, now: exp * 1_000 + day })).toBe('revoked')
    expect(await verdictOf(token, { revocations, now: nbf * 1_000 - day })).toBe('revoked')
  })

  test.each([
    ['is a day old', day, 'checked'],
    ['is a week old', 7 * day, 'not-checked'],
    ['is of the next minute, by a slow clock', -minute, 'checked'],
    ['is of the future', -2 * minute, 'not-checked'],
  ])('by a list that %s: %s', async (_what, ageMs, state) => {
    const revocations = await issuer.revocations({ iat: (sampleNow - ageMs) / 1_000 })

    expect(await check(token, { revocations })).toMatchObject({
      verdict: 'valid',
      revocation: { state },
    })
  })

  test.each([
    ['nothing', async () => ''],
    ['no token', async () => 'a.b'],
    ['a credential', () => issuer.credential()],
    ['signed by another', async () => (await createTestIssuer()).revocations({ rids: [rid] })],
    ['of another issuer', () => issuer.revocations({ iss: 'https://x.test', rids: [rid] })],
    [
      'malformed',
      () =>
        issuer.sign(
          { ...rightHeader(), typ: revocationsType },
          JSON.stringify({ iss: issuer.origin, iat: 1, rids: [rid, 'short'] }),
        ),
    ],
    [
      'altered',
      async () => {
        const [header, , signature] = (await issuer.revocations({ rids: [rid] })).split('.')
        return [header, encoded({ iss: issuer.origin, iat: 1, rids: [] }), signature].join('.')
      },
    ],
  ])('is not checked by a list that is %s', async (_what, make) => {
    const revocations = await make()

    expect(await openRevocations(revocations, { issuer: issuer.origin, keys: issuer.keys })).toBe(
      undefined,
    )
    expect(await check(token, { revocations })).toMatchObject({
      verdict: 'valid',
      revocation: { state: 'not-checked' },
    })
  })
})

const otherHeaders: readonly [string, () => unknown, string][] = [
  ['no algorithm', () => ({ ...rightHeader(), alg: 'none' }), 'altered'],
  ['a shared secret', () => ({ ...rightHeader(), alg: 'HS256' }), 'altered'],
  ['another curve', () => ({ ...rightHeader(), alg: 'ES384' }), 'altered'],
  ['a key of its own', () => ({ ...rightHeader(), jwk: issuer.publicKey }), 'altered'],
  ['an address of keys', () => ({ ...rightHeader(), jku: 'https://x.test' }), 'altered'],
  ['a certificate', () => ({ ...rightHeader(), x5u: 'https://x.test' }), 'altered'],
  ['what must be understood', () => ({ ...rightHeader(), crit: ['b64'], b64: false }), 'altered'],
  ['no key', () => ({ alg: 'ES256', typ: credentialType }), 'altered'],
  ['a key we do not know', () => ({ ...rightHeader(), kid: 'x'.repeat(43) }), 'unknown-issuer'],
  ['the type of the list', () => ({ ...rightHeader(), typ: revocationsType }), 'unreadable'],
  ['a general type', () => ({ ...rightHeader(), typ: 'JWT' }), 'unreadable'],
  [
    'our type in capitals',
    () => ({ ...rightHeader(), typ: credentialType.toUpperCase() }),
    'unreadable',
  ],
  ['no type', () => ({ alg: 'ES256', kid: issuer.publicKey.kid }), 'unreadable'],
  ['a list', () => [rightHeader()], 'unreadable'],
  ['nothing', () => null, 'unreadable'],
]

describe('a header that says more or other than ours', () => {
  test.each(otherHeaders)('%s', async (_what, header, verdict) => {
    expect(await check(under(header()))).toEqual({ verdict })
  })

  test.each([
    ['a member that stands twice', (text: string) => text.replace('{', '{"alg":"none",')],
    ['white space', (text: string) => text.replace(',', ', ')],
    ['a byte order mark', (text: string) => `\ufeff${text}`],
  ])('%s', async (_what, change) => {
    expect(await check(under(change(JSON.stringify(rightHeader()))))).toEqual({
      verdict: 'unreadable',
    })
  })

  test('signed with it all the same, it does not count', async () => {
    const claims = JSON.stringify(sampleClaims(issuer.origin))
    const withOwnKey = { ...rightHeader(), jwk: { ...issuer.publicKey } }

    expect(await verdictOf(await issuer.sign(withOwnKey, claims))).toBe('altered')
    expect(await verdictOf(await issuer.sign({ ...rightHeader(), typ: 'JWT' }, claims))).toBe(
      'unreadable',
    )
  })
})

describe('a forgery', () => {
  test('signed with the public key as a shared secret is altered', async () => {
    const secret = Buffer.from(JSON.stringify(issuer.publicKey))
    const forged = await new SignJWT({ ...sampleClaims(issuer.origin) })
      .setProtectedHeader({ ...rightHeader(), alg: 'HS256' })
      .sign(secret)

    expect(await verdictOf(forged)).toBe('altered')
  })

  test('signed with another key under our key’s name is altered', async () => {
    const { privateKey } = await generateKeyPair('ES256')
    const forged = await new SignJWT({ ...sampleClaims(issuer.origin) })
      .setProtectedHeader(rightHeader())
      .sign(privateKey)

    expect(await verdictOf(forged)).toBe('altered')
  })

  test('with the claims of another credential is altered', async () => {
    const [header, , signature] = token.split('.')
    const claims = encoded({ ...sampleClaims(issuer.origin), ln: 'Smith' })

    expect(await check([header, claims, signature].join('.'))).toEqual({ verdict: 'altered' })
  })

  test('with an empty signature, or one of zeros, is altered', async () => {
    const [header, claims] = token.split('.')

    expect(await verdictOf(`${header}.${claims}.`)).toBe('altered')
    expect(await verdictOf(`${header}.${claims}.${'A'.repeat(86)}`)).toBe('altered')
  })

  test('is never valid, whichever single character of a token was changed', async () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    const forged = [...token].flatMap((character, at): string[] => {
      if (character === '.') return []
      const place = alphabet.indexOf(character)
      // Each of the six bits that a character stands for.
      return [0, 1, 2, 3, 4, 5].map(
        (bit) => token.slice(0, at) + alphabet[place ^ (1 << bit)] + token.slice(at + 1),
      )
    })

    const verdicts = new Set(await Promise.all(forged.map((text) => verdictOf(text))))

    expect(forged.length).toBeGreaterThan(2_000)
    expect(verdicts).toEqual(new Set(['altered', 'unreadable', 'unknown-issuer']))
  })

  test('is never valid, whichever character was left out or put in', async () => {
    const forged = [...token].flatMap((_character, at): string[] => [
      token.slice(0, at) + token.slice(at + 1),
      `${token.slice(0, at)}A${token.slice(at)}`,
      `${token.slice(0, at)}.${token.slice(at)}`,
      `${token.slice(0, at)}=${token.slice(at)}`,
      `${token.slice(0, at)} ${token.slice(at)}`.trim(),
    ])

    const verdicts = await Promise.all(
      forged.filter((text) => text !== token).map((text) => verdictOf(text)),
    )

    expect(verdicts).not.toContain('valid')
  })
})

describe('an issuer', () => {
  test('with keys of its own is not known', async () => {
    const other = await createTestIssuer('https://id.other.test')

    expect(await check(await other.credential())).toEqual({ verdict: 'unknown-issuer' })
  })

  test.each(['https://id.example.test/', 'http://id.example.test', 'https://id.example.test:8443'])(
    'that calls itself %s is not ours, whatever key it has',
    async (iss) => {
      expect(await verdictOf(await issuer.credential({ iss }))).toBe('unknown-issuer')
    },
  )

  test.each([
    ['no set', undefined],
    ['an empty set', { keys: [] }],
    ['a text', 'keys'],
  ])('whose keys are %s is not known', async (_what, keys) => {
    expect(await verdictOf(token, { keys })).toBe('unknown-issuer')
  })

  test('whose key is on another curve is not known', async () => {
    const { publicKey } = await generateKeyPair('ES384', { extractable: true })
    const key = { ...(await exportJWK(publicKey)), kid: issuer.publicKey.kid }

    expect(await verdictOf(token, { keys: { keys: [key] } })).toBe('unknown-issuer')
  })

  test('whose key is no point of the curve leaves nothing to be said', async () => {
    const key = { ...issuer.publicKey, y: issuer.publicKey.x }

    await expect(check(token, { keys: { keys: [key] } })).rejects.toThrow()
  })
})

describe('what cannot be read', () => {
  test.each([
    ['nothing', ''],
    ['words', 'This is no credential.'],
    ['two parts', 'eyJh.eyJh'],
    ['five parts', 'a.b.c.d.e'],
    ['another alphabet', 'ä.ö.ü'],
    ['three parts of nothing', '..'],
    ['a megabyte', 'e'.repeat(1_000_000)],
    ['many dots', '.'.repeat(4_000)],
  ])('%s', async (_what, text) => {
    expect(await check(text)).toEqual({ verdict: 'unreadable' })
  })

  test('a credential with more in it than any has', async () => {
    expect(await verdictOf(under({ ...rightHeader(), x: 'x'.repeat(4_096) }))).toBe('unreadable')
  })

  test.each([
    ['no JSON', 'text'],
    [
      'a claim that we do not know',
      JSON.stringify({ ...sampleClaims('https://id.example.test'), x: 1 }),
    ],
    ['a claim that is missing', '{"iss":"https://id.example.test"}'],
    [
      'a claim that stands twice',
      JSON.stringify(sampleClaims('https://id.example.test')).replace('{', '{"fn":"X",'),
    ],
  ])('what the issuer signed, but is %s', async (_what, payload) => {
    expect(await check(await issuer.sign(rightHeader(), payload))).toEqual({
      verdict: 'unreadable',
    })
  })
})
