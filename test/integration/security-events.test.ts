import { inTransaction } from '@anteroom/job-channel'
import { securityEventTypes, tokenJsonSchema } from '@anteroom/security-events'
import { Ajv2020 } from 'ajv/dist/2020.js'
import fc from 'fast-check'
import { createLocalJWKSet, jwtVerify } from 'jose'
import * as openid from 'openid-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { expectNoNotices } from '../support/openid-notices.ts'
import { createPerson } from '../support/openid-person.ts'
import { ask, type OpenidWeb, redeem, startOpenidWeb } from '../support/openid-web.ts'
import {
  accountAt,
  change,
  connect,
  outboxRows,
  publishedKeys,
  queuedTokens,
  receiverAt,
} from '../support/security-events.ts'

expectNoNotices()

let op: OpenidWeb
beforeAll(async () => {
  op = await startOpenidWeb(
    {},
    {
      moreOf: {
        library: receiverAt('library.example', { email_events: true }),
        taxes: receiverAt('taxes.example', { profile: 'ssf-1.0', email_events: true }),
      },
      partners: [
        plainPartner('careful', receiverAt('careful.example')),
        plainPartner('schools', receiverAt('schools.example', { profile: 'ssf-1.0' })),
        plainPartner('silent', {}),
      ],
    },
  )
})
afterAll(() => op.stop())

function plainPartner(id: string, more: object): object {
  return {
    id,
    name: id,
    redirect_uris: [`https://${id}.example/callback`],
    client_auth: 'client_secret_basic',
    secret_hashes: ['A'.repeat(43)],
    ...more,
  }
}

async function connected(...partners: string[]): Promise<string> {
  const accountId = await accountAt(op.web, 'maria@example.com')
  for (const partner of partners) {
    await connect(op.web, { accountId, partner, told: 'maria@example.com' })
  }
  return accountId
}

describe('what partners are told', () => {
  test('names the person as the ID token does, and is signed with a key that we publish', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const subjectAt = async (client: openid.Configuration) => {
      const asking = await ask(client)
      return (await redeem(asking, await person.reach(asking.path))).claims()
    }
    const library = await subjectAt(await op.library())
    const taxes = await subjectAt(await op.taxes())

    await change(op.web, person.accountId, [{ type: 'account-disabled' }])
    const tokens = await queuedTokens(op.web, person.accountId)
    const keys = createLocalJWKSet(await publishedKeys(op))
    const at = (partner: string) => tokens.filter((token) => token.partner === partner)

    for (const { set } of tokens)
      await jwtVerify(set, keys, { typ: 'secevent+jwt', algorithms: ['RS256'] })
    expect(at('library').map(({ claims }) => claims)).toEqual([
      {
        iss: library?.iss,
        iat: expect.any(Number),
        exp: expect.any(Number),
        jti: expect.stringMatching(/^[0-9a-f]{32}$/),
        aud: 'https://library.example/events',
        events: {
          'https://schemas.openid.net/secevent/risc/event-type/account-disabled': {
            subject: { subject_type: 'iss-sub', iss: library?.iss, sub: library?.sub },
            reason: 'account-suspension',
          },
        },
      },
    ])
    expect(at('taxes').map(({ claims }) => claims.sub_id)).toEqual([
      { format: 'iss_sub', iss: taxes?.iss, sub: taxes?.sub },
      { format: 'iss_sub', iss: taxes?.iss, sub: taxes?.sub },
    ])
    expect(at('library')[0]?.claims.exp).toBe((at('library')[0]?.claims.iat ?? 0) + 43_200)
  })

  test.each(securityEventTypes)('of %s is what the published JSON Schemas say', async (type) => {
    const accountId = await connected('library', 'taxes', 'careful')
    const about = type.startsWith('identifier-') ? { email: 'maria@example.com' } : {}

    await change(op.web, accountId, [{ type, ...about }])
    const tokens = await queuedTokens(op.web, accountId)

    expect(tokens.length).toBeGreaterThan(1)
    for (const { claims, event, partner, jti } of tokens) {
      const profile = partner === 'taxes' ? 'ssf-1.0' : 'login-gov'
      const validate = new Ajv2020({ formats: { uri: true } }).compile(tokenJsonSchema(profile))
      expect(validate(claims), JSON.stringify(validate.errors)).toBe(true)
      expect(Object.keys(claims.events)).toHaveLength(1)
      expect(Object.keys(claims.events)[0]?.split('/').at(-1)).toBe(event)
      expect(claims.jti).toBe(jti)
    }
  })

  test.each([
    { name: 'without jti', spoil: ({ jti: _, ...claims }: Record<string, unknown>) => claims },
    { name: 'with sub', spoil: (claims: object) => ({ ...claims, sub: 'x' }) },
    {
      name: 'with two events',
      spoil: (claims: object) => ({
        ...claims,
        events: { 'https://a.example': {}, 'https://b.example': {} },
      }),
    },
    { name: 'with a name', spoil: (claims: object) => ({ ...claims, given_name: 'Maria' }) },
  ])('would be refused by the schemas $name', async ({ spoil }) => {
    const accountId = await connected('library', 'taxes')

    await change(op.web, accountId, [{ type: 'account-purged' }])
    const tokens = await queuedTokens(op.web, accountId)

    for (const { claims, partner } of tokens) {
      const profile = partner === 'taxes' ? 'ssf-1.0' : 'login-gov'
      const validate = new Ajv2020({ formats: { uri: true } }).compile(tokenJsonSchema(profile))
      expect(validate(spoil(claims))).toBe(false)
    }
  })

  test('holds the claims that are allowed, and no other, at any depth', async () => {
    const allowed = new Set([
      ...['iss', 'iat', 'exp', 'jti', 'aud', 'txn', 'events', 'subject', 'subject_type', 'sub_id'],
      ...['sub', 'format', 'email', 'reason', 'event_timestamp', 'credential_type', 'change_type'],
      ...['namespace', 'current_level'],
    ])
    const tokens = await queuedTokens(op.web)

    const names = (value: unknown): string[] =>
      typeof value === 'object' && value !== null
        ? Object.entries(value).flatMap(([name, inner]) => [name, ...names(inner)])
        : []
    const found = tokens
      .flatMap(({ claims }) => names(claims))
      .filter((name) => !name.startsWith('http'))

    expect(tokens.length).toBeGreaterThan(20)
    expect(found.filter((name) => !allowed.has(name))).toEqual([])
  })

  test('says which credential changed to whom the Shared Signals profile is sent', async () => {
    const accountId = await connected('taxes')

    await change(op.web, accountId, [
      { type: 'recovery-information-changed', credential: { credential: 'app', change: 'create' } },
      { type: 'password-reset' },
      { type: 'reproof-completed' },
      { type: 'mfa-limit-account-locked' },
    ])
    const tokens = await queuedTokens(op.web, accountId)

    const event_timestamp = expect.any(Number)
    const caep = 'https://schemas.openid.net/secevent/caep/event-type'
    expect(tokens.map(({ claims }) => claims.events)).toEqual([
      {
        [`${caep}/credential-change`]: {
          event_timestamp,
          credential_type: 'app',
          change_type: 'create',
        },
      },
      {
        [`${caep}/credential-change`]: {
          event_timestamp,
          credential_type: 'password',
          change_type: 'update',
        },
      },
      {
        [`${caep}/assurance-level-change`]: {
          event_timestamp,
          namespace: 'NIST-IAL',
          current_level: 'nist-ial2',
        },
      },
      { [`${op.issuer}/secevent/event-type/mfa-limit-account-locked`]: {} },
    ])
  })

  test('of one change has one txn and a jti for each token', async () => {
    const accountId = await connected('taxes', 'library')

    await change(op.web, accountId, [{ type: 'account-disabled' }, { type: 'account-enabled' }])
    const rows = await outboxRows(op.web, accountId)
    const inTokens = (await queuedTokens(op.web, accountId)).flatMap(
      ({ claims }) => claims.txn ?? [],
    )

    expect(new Set(rows.map(({ txn }) => txn)).size).toBe(1)
    expect(new Set(rows.map(({ jti }) => jti)).size).toBe(rows.length)
    expect(inTokens).toHaveLength(3)
    expect(new Set(inTokens).size).toBe(1)
  })

  test('has nothing by which two partners could tell that they know the same person', async () => {
    const accountId = await connected('taxes', 'schools')

    await change(op.web, accountId, [{ type: 'account-disabled' }])
    const [row] = await outboxRows(op.web, accountId)
    const tokens = await queuedTokens(op.web, accountId)
    const told = (partner: string) =>
      tokens
        .filter((token) => token.partner === partner)
        .flatMap(({ claims: { jti, txn, sub_id: subject } }) => [jti, txn, JSON.stringify(subject)])
    const [taxes, schools] = [told('taxes'), told('schools')]

    expect(taxes).toHaveLength(6)
    expect(schools).toHaveLength(6)
    expect(taxes.filter((one) => schools.includes(one))).toEqual([])
    expect([...taxes, ...schools]).not.toContain(row?.txn)
  })
})

describe('who is told', () => {
  test.each([
    { link: 'none', isTold: false },
    { link: 'grant', isTold: true },
    { link: 'expired', isTold: false },
    { link: 'revoked', isTold: false },
    { link: 'not a receiver', isTold: false },
    { link: 'not in the file', isTold: false },
  ])('a partner with the link "$link": $isTold', async ({ link, isTold }) => {
    const accountId = await accountAt(op.web, 'maria@example.com')
    const partner = { 'not a receiver': 'silent', 'not in the file': 'gone' }[link] ?? 'library'
    if (link !== 'none') await connect(op.web, { accountId, partner, expired: link === 'expired' })
    if (link === 'revoked') await op.web.deps.openid?.grants.revoke(accountId, partner)

    await change(op.web, accountId, [{ type: 'account-enabled' }])

    expect(await queuedTokens(op.web, accountId)).toHaveLength(isTold ? 1 : 0)
    expect(await outboxRows(op.web, accountId)).toHaveLength(isTold ? 1 : 0)
  })

  test('is told of the end of an account that goes in the same transaction', async () => {
    const accountId = await connected('library')

    const announcement = await op.web.deps.securityEvents.announce(accountId, [
      { type: 'account-purged' },
    ])
    await inTransaction(op.web.deps.db, async (tx) => {
      await announcement.write(tx)
      await op.web.deps.accounts.delete(accountId, tx)
    })

    expect(await queuedTokens(op.web, accountId)).toMatchObject([{ event: 'account-purged' }])
  })

  const happenings = [
    { type: 'identifier-changed', email: 'maria@example.com' },
    { type: 'recovery-information-changed' },
  ] as const

  test.each([
    { partner: 'library', told: 'maria@example.com', isTold: true },
    { partner: 'library', told: 'Maria@Example.com', isTold: false },
    { partner: 'library', told: 'other@example.com', isTold: false },
    { partner: 'library', told: undefined, isTold: false },
    { partner: 'taxes', told: 'maria@example.com', isTold: true },
    { partner: 'taxes', told: undefined, isTold: false },
    // It has not agreed.
    { partner: 'careful', told: 'maria@example.com', isTold: false },
  ])(
    '$partner, which was told $told, hears of that address: $isTold',
    async ({ partner, told, isTold }) => {
      const accountId = await accountAt(op.web, 'maria@example.com')
      await connect(op.web, { accountId, partner, ...(told && { told }) })

      await change(op.web, accountId, happenings)
      const tokens = await queuedTokens(op.web, accountId)

      expect(tokens.map(({ event }) => event)).toEqual([
        ...(isTold ? ['identifier-changed'] : []),
        'recovery-information-changed',
      ])
      expect(JSON.stringify(tokens.map(({ claims }) => claims)).includes('maria@')).toBe(isTold)
    },
  )

  test('counts as told an address from the moment that userinfo says it, and not before', async () => {
    const person = await createPerson(op.web)
    await person.signIn()
    const asking = await ask(await op.library())
    const tokens = await redeem(asking, await person.reach(asking.path))
    const told = () => op.web.deps.openid?.grants.findFor(person.accountId, 'library')

    const before = await told()
    await openid.fetchUserInfo(asking.client, tokens.access_token, tokens.claims()?.sub ?? '')
    await openid.fetchUserInfo(asking.client, tokens.access_token, tokens.claims()?.sub ?? '')
    const after = await told()

    expect(before?.toldAddresses).toEqual([])
    expect(after?.toldAddresses).toEqual(op.web.deps.fingerprints.address('maria@example.com'))
  })

  test('is told only in the profile that something is for', async () => {
    const accountId = await connected('library', 'taxes')

    await change(op.web, accountId, [{ type: 'account-enabled', profile: 'login-gov' }])

    expect(await queuedTokens(op.web, accountId)).toMatchObject([{ partner: 'library' }])
  })
})

describe('a change and its announcement', () => {
  test('are one: of 200 changes, those that fail announce nothing and all others do', async () => {
    const accountId = await connected('library', 'taxes')
    const fails = fc.sample(fc.boolean(), { numRuns: 200, seed: 7 })

    const attempt = async (fail: boolean, password: string): Promise<boolean> => {
      const { db, securityEvents } = op.web.deps
      const announcement = await securityEvents.announce(accountId, [{ type: 'account-enabled' }])
      return inTransaction(db, async (tx) => {
        await tx.query('update web.accounts set password = $2 where id = $1', [accountId, password])
        await announcement.write(tx)
        if (fail) throw new Error('the change fails')
        return true
      }).catch(() => false)
    }

    const committed: boolean[] = []
    for (let at = 0; at < fails.length; at += 5) {
      const some = fails.slice(at, at + 5)
      committed.push(...(await Promise.all(some.map((fail, index) => attempt(fail, `${index}`)))))
    }
    const rows = await outboxRows(op.web, accountId)
    const tokens = await queuedTokens(op.web, accountId)

    const count = committed.filter(Boolean).length
    expect(committed).toEqual(fails.map((fail) => !fail))
    expect(count).toBeGreaterThan(50)
    expect(rows).toHaveLength(2 * count)
    expect(tokens.map(({ jti }) => jti).toSorted()).toEqual(rows.map(({ jti }) => jti).toSorted())
    const order = (partner: string) => rows.filter((row) => row.partner === partner)
    for (const partner of ['library', 'taxes']) {
      expect(tokens.filter((token) => token.partner === partner).map(({ jti }) => jti)).toEqual(
        order(partner).map(({ jti }) => jti),
      )
    }
  })

  test('name one stream for one partner and person, and it is no one else’s', async () => {
    const [one, other] = [await connected('library', 'taxes'), await connected('library')]

    for (const id of [one, one, other]) await change(op.web, id, [{ type: 'account-enabled' }])
    const streams = async (id: string) =>
      new Set((await queuedTokens(op.web, id)).map(({ stream }) => stream))

    expect((await streams(one)).size).toBe(2)
    const others = await streams(other)
    expect([...(await streams(one))].filter((stream) => others.has(stream))).toEqual([])
  })

  test('leave nothing readable in the database', async () => {
    const accountId = await accountAt(op.web, 'needle@haystack.example')
    await connect(op.web, { accountId, partner: 'library', told: 'needle@haystack.example' })

    await change(op.web, accountId, [
      { type: 'identifier-changed', email: 'needle@haystack.example' },
    ])
    const { rows } = await op.web.database.pool('admin').query(
      `select table_schema, table_name from information_schema.tables
       where table_schema in ('web', 'worker', 'ops', 'channel', 'graphile_worker') and table_type = 'BASE TABLE'`,
    )
    const tables = await Promise.all(
      rows.map(async ({ table_schema, table_name }) => {
        const all = await op.web.database
          .pool('admin')
          .query(`select t::text as line from ${table_schema}.${table_name} as t`)
        return all.rows.map(({ line }) => line).join('\n')
      }),
    )
    const dump = tables.join('\n')

    expect(await queuedTokens(op.web, accountId)).toHaveLength(1)
    expect(dump).toContain(accountId)
    for (const needle of ['needle', 'bmVlZGxl', 'haystack', 'eyJhbGciOiJSUzI1NiI']) {
      expect(dump).not.toContain(needle)
    }
  })
})
