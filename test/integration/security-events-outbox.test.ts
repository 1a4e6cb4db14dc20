import { createLocalJWKSet, type JWK, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  applyEventReports,
  purgeSecurityEvents,
} from '../../apps/idp-web/src/security-events/outbox-upkeep.ts'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'
import { expectNoNotices } from '../support/openid-notices.ts'
import { kidOf, newSigningKey } from '../support/openid-partners.ts'
import { type OpenidWeb, startOpenidWeb } from '../support/openid-web.ts'
import { reportOf } from '../support/report.ts'
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

const moreOf = {
  library: receiverAt('library.example', { email_events: true }),
  taxes: receiverAt('taxes.example', { profile: 'ssf-1.0' }),
}
const [elliptic, first, second] = [
  await newSigningKey('ES256'),
  await newSigningKey('RS256'),
  await newSigningKey('RS256'),
]
const signedBy = (...keys: JWK[]) => ({
  ANTEROOM_OPENID_SIGNING_KEYS: JSON.stringify([elliptic, ...keys]),
})

let database: TestDatabase
let op: OpenidWeb
/** The same deployment with what holds events back. */
let holding: OpenidWeb
beforeAll(async () => {
  database = await startTestDatabase()
  const sameSubjects = { moreOf, database }
  op = await startOpenidWeb(signedBy(first), sameSubjects)
  holding = await startOpenidWeb(
    { ...signedBy(first), ANTEROOM_RISC_NOTIFICATIONS_ACTIVE_JOB_ENABLED: 'false' },
    sameSubjects,
  )
})
afterAll(async () => {
  await op.stop()
  await holding.stop()
  await database.stop()
})

async function connected(...partners: string[]): Promise<string> {
  const accountId = await accountAt(op.web, 'maria@example.com')
  for (const partner of partners) {
    await connect(op.web, { accountId, partner, told: 'maria@example.com' })
  }
  return accountId
}

async function turns(web = op): Promise<void> {
  while (((await web.web.deps.eventKeeper?.turn()) ?? 0) > 0);
}

const report = (jobId: string, changes: object) =>
  applyEventReports(op.web.deps.db, [reportOf(jobId, { job: 'risc-delivery', ...changes })])

describe('while risc_notifications_active_job_enabled is off', () => {
  test('events are held without a token, and told in their order once it is on', async () => {
    const accountId = await connected('library', 'taxes')

    await change(holding.web, accountId, [{ type: 'account-disabled' }])
    await change(holding.web, accountId, [
      { type: 'identifier-changed', email: 'maria@example.com' },
      { type: 'account-enabled' },
    ])
    const held = await outboxRows(op.web, accountId)
    // What comes now comes behind them.
    await change(op.web, accountId, [{ type: 'account-purged' }])
    const behind = (await outboxRows(op.web, accountId)).slice(held.length)
    await turns()
    const tokens = await queuedTokens(op.web, accountId)

    expect(new Set([...held, ...behind].map(({ state }) => state))).toEqual(new Set(['held']))
    expect(held.every(({ job_id }) => job_id === null)).toBe(true)
    expect(tokens.filter(({ partner }) => partner === 'library').map(({ event }) => event)).toEqual(
      ['account-disabled', 'identifier-changed', 'account-enabled', 'account-purged'],
    )
    expect(tokens.filter(({ partner }) => partner === 'taxes').map(({ event }) => event)).toEqual([
      'account-disabled',
      'session-revoked',
      'account-enabled',
      'account-purged',
    ])
    expect(tokens.map(({ jti }) => jti).toSorted()).toEqual(
      [...held, ...behind].map(({ jti }) => jti).toSorted(),
    )
  })

  test('what is held for who is not connected any more is never told', async () => {
    const accountId = await connected('library', 'taxes')

    await change(holding.web, accountId, [{ type: 'account-enabled' }])
    await op.web.deps.openid?.grants.revoke(accountId, 'library')
    await turns()

    expect(await outboxRows(op.web, accountId)).toMatchObject([
      { partner: 'taxes', state: 'queued' },
      { partner: 'library', state: 'dead', reason: 'not-connected' },
    ])
  })

  test('an address that does not open any more holds up no other event', async () => {
    const [broken, whole] = [await connected('library'), await connected('library')]
    for (const accountId of [broken, whole]) {
      const email = 'maria@example.com'
      await change(holding.web, accountId, [{ type: 'identifier-changed', email }])
    }

    await database
      .pool('admin')
      .query(`update web.security_events set record = 'not sealed' where account_id = $1`, [broken])
    await turns()

    expect(await outboxRows(op.web, broken)).toMatchObject([
      { state: 'dead', reason: 'unreadable' },
    ])
    expect(await outboxRows(op.web, whole)).toMatchObject([{ state: 'queued' }])
  })

  test('what is held of a deleted account is told to the end', async () => {
    const accountId = await connected('library')

    await change(holding.web, accountId, [{ type: 'account-purged' }])
    await op.web.deps.accounts.delete(accountId)
    await turns()

    expect(await queuedTokens(op.web, accountId)).toMatchObject([{ event: 'account-purged' }])
  })

  test('two processes release nothing twice', async () => {
    const accountId = await connected('library')
    for (let at = 0; at < 30; at += 1) {
      await change(holding.web, accountId, [{ type: 'recovery-activated' }])
    }

    const held = await outboxRows(op.web, accountId)
    await Promise.all([turns(), turns(), change(op.web, accountId, [{ type: 'account-purged' }])])
    await turns()
    const tokens = await queuedTokens(op.web, accountId)

    expect(tokens.slice(0, 30).map(({ jti }) => jti)).toEqual(held.map(({ jti }) => jti))
    expect(tokens.map(({ event }) => event).at(-1)).toBe('account-purged')
    expect(tokens).toHaveLength(31)
  })
})

test('with push_notifications_enabled off, nothing is written down', async () => {
  const quiet = await startOpenidWeb(
    { ...signedBy(first), ANTEROOM_PUSH_NOTIFICATIONS_ENABLED: 'false' },
    { moreOf, database },
  )
  const accountId = await connected('library', 'taxes')

  await change(quiet.web, accountId, [{ type: 'account-disabled' }])
  await quiet.stop()

  expect(await outboxRows(op.web, accountId)).toEqual([])
})

describe('reports of the worker', () => {
  async function queued() {
    const accountId = await connected('library')
    await change(op.web, accountId, [{ type: 'identifier-changed', email: 'maria@example.com' }])
    const [token] = await queuedTokens(op.web, accountId)
    const jobId = token?.jobId ?? ''
    return { jobId, row: async () => (await outboxRows(op.web, accountId))[0] }
  }

  test('advance an event, and delivery takes its address away', async () => {
    const { jobId, row } = await queued()

    await report(jobId, { state: 'waiting', seq: 1, attempt: 1, nextTry: 1_900_000_000_000 })
    const waiting = await row()
    await report(jobId, { state: 'done', seq: 2, attempt: 2 })

    expect(waiting).toMatchObject({ state: 'queued', attempts: 1, record: expect.any(String) })
    expect(await row()).toMatchObject({ state: 'delivered', attempts: 2, record: null })
  })

  test('count once and never backwards, in whatever order they come', async () => {
    const { jobId, row } = await queued()

    await report(jobId, { state: 'done', seq: 3 })
    await report(jobId, { state: 'waiting', seq: 2, attempt: 1 })
    await report(jobId, { state: 'failed', reason: 'internal', seq: 1 })

    expect(await row()).toMatchObject({ state: 'delivered', reason: null })
  })

  test('make an event that failed for good dead, and delivered once it is replayed', async () => {
    const { jobId, row } = await queued()

    await report(jobId, { state: 'failed', reason: 'vendor-unavailable', seq: 1, attempt: 6 })
    const dead = await row()
    await report(jobId, { state: 'done', seq: 2, attempt: 7 })

    expect(dead).toMatchObject({ state: 'dead', reason: 'vendor-unavailable' })
    expect(await row()).toMatchObject({ state: 'delivered', reason: null })
  })

  test('of other jobs change nothing', async () => {
    const { jobId, row } = await queued()

    await applyEventReports(op.web.deps.db, [reportOf(jobId)])

    expect(await row()).toMatchObject({ state: 'queued' })
  })
})

describe('an operator who has dead events signed anew', () => {
  const resign = (...values: unknown[]) =>
    database
      .pool('ops')
      .query<{ marked: number }>(
        'select ops.resign_security_events($1, $2, $3, $4) as marked',
        values,
      )

  async function dead(email = true) {
    const accountId = await connected('library')
    await change(op.web, accountId, [
      email
        ? { type: 'identifier-changed', email: 'maria@example.com' }
        : { type: 'account-disabled' },
    ])
    const [token] = await queuedTokens(op.web, accountId)
    await report(token?.jobId ?? '', { state: 'failed', reason: 'timed-out', seq: 1 })
    return { accountId, token }
  }

  test('gets tokens with a new jti and the same txn, event and subject', async () => {
    const { accountId, token } = await dead()

    const { rows } = await resign('kim', 'library', [token?.jti], null)
    await turns()
    const [old, successor] = await outboxRows(op.web, accountId)
    const [, again] = await queuedTokens(op.web, accountId)

    expect(rows).toEqual([{ marked: 1 }])
    expect(old).toMatchObject({ state: 'resigned', record: null })
    expect(successor).toMatchObject({ state: 'queued', resigns: old?.jti, txn: old?.txn })
    expect(again?.claims.events).toEqual(token?.claims.events)
    expect(again?.stream).toBe(token?.stream)
    expect(again?.jti).not.toBe(token?.jti)
  })

  test('has nothing told to a partner that the person has left since', async () => {
    const { accountId, token } = await dead()
    await op.web.deps.openid?.grants.revoke(accountId, 'library')

    await resign('kim', 'library', [token?.jti], null)
    await turns()

    expect(await queuedTokens(op.web, accountId)).toHaveLength(1)
    expect(await outboxRows(op.web, accountId)).toMatchObject([
      { state: 'dead', reason: 'not-connected', resigns: null },
    ])
  })

  test('has what does not open any more left out, and all else done', async () => {
    const [broken, whole] = [await dead(), await dead()]
    await database
      .pool('admin')
      .query(`update web.security_events set record = 'not sealed' where jti = $1`, [
        broken.token?.jti,
      ])

    await resign('kim', null, [broken.token?.jti, whole.token?.jti], null)
    await turns()

    expect(await outboxRows(op.web, broken.accountId)).toMatchObject([
      { state: 'dead', reason: 'unreadable' },
    ])
    expect(await outboxRows(op.web, whole.accountId)).toMatchObject([
      { state: 'resigned' },
      { state: 'queued' },
    ])
  })

  test('is written into the audit, and must say which', async () => {
    const { token } = await dead(false)

    await resign('kim', null, [token?.jti], null)
    const { rows } = await database
      .pool('admin')
      .query('select actor, command, arguments from ops.audit order by id desc limit 1')

    expect(rows).toEqual([
      { actor: 'kim', command: 'events resign', arguments: { jtis: [token?.jti], marked: 1 } },
    ])
    await expect(resign('kim', null, null, null)).rejects.toThrow('RESIGN_EVERYTHING')
  })

  test('changes nothing of what is delivered or under way', async () => {
    const accountId = await connected('library')
    await change(op.web, accountId, [{ type: 'account-enabled' }])
    const [token] = await queuedTokens(op.web, accountId)

    const { rows } = await resign('kim', null, [token?.jti], null)

    expect(rows).toEqual([{ marked: 0 }])
  })
})

describe('a replaced signing key', () => {
  test('is published for as long as it is listed, and the new one signs', async () => {
    const rotated = await startOpenidWeb(signedBy(second, first), { moreOf, database })
    const accountId = await connected('library')

    await change(op.web, accountId, [{ type: 'account-disabled' }])
    await change(rotated.web, accountId, [{ type: 'account-enabled' }])
    const tokens = await queuedTokens(op.web, accountId)
    const keys = createLocalJWKSet(await publishedKeys(rotated))
    const verified = await Promise.all(
      tokens.map(({ set }) =>
        jwtVerify(set, keys, { typ: 'secevent+jwt', currentDate: new Date() }),
      ),
    )
    await rotated.stop()

    expect(verified.map(({ protectedHeader }) => protectedHeader)).toEqual([
      { typ: 'secevent+jwt', alg: 'RS256', kid: await kidOf(first) },
      { typ: 'secevent+jwt', alg: 'RS256', kid: await kidOf(second) },
    ])
  })

  test('that was taken away leaves tokens behind which an operator has signed anew', async () => {
    const accountId = await connected('taxes')
    await change(op.web, accountId, [{ type: 'account-disabled' }])
    const before = await queuedTokens(op.web, accountId)
    for (const { jobId } of before) await report(jobId, { state: 'failed', seq: 1 })

    const renewed = await startOpenidWeb(signedBy(second), { moreOf, database })
    await database
      .pool('ops')
      .query("select ops.resign_security_events('kim', 'taxes', null, now() - interval '1 hour')")
    await turns(renewed)
    const after = (await queuedTokens(op.web, accountId)).slice(before.length)
    const keys = createLocalJWKSet(await publishedKeys(renewed))
    const verified = await Promise.all(after.map(({ set }) => jwtVerify(set, keys)))
    await renewed.stop()

    expect(verified.map(({ payload }) => payload.txn)).toEqual(
      before.map(({ claims }) => claims.txn),
    )
    expect(after.map(({ event }) => event)).toEqual(before.map(({ event }) => event))
  })
})

test('a deployment that is to tell partners and has no RSA key does not start, and says why', async () => {
  const starting = startOpenidWeb(signedBy(), { moreOf, database })

  await expect(starting).rejects.toThrow(/openid_signing_keys, which hold no RSA key/)
})

test('an address is kept for a month at most, and that there was something to tell for three', async () => {
  const accountId = await connected('library')
  await change(op.web, accountId, [{ type: 'identifier-changed', email: 'maria@example.com' }])
  await change(holding.web, accountId, [{ type: 'account-enabled' }])
  const age = (days: number) =>
    op.web.deps.db.query(
      `update web.security_events set happened_at = now() - make_interval(days => $2) where account_id = $1`,
      [accountId, days],
    )

  await age(31)
  await purgeSecurityEvents(op.web.deps.db)
  const later = await outboxRows(op.web, accountId)
  await op.web.deps.db.query(
    "update web.security_events set state = 'dead' where account_id = $1",
    [accountId],
  )
  await age(91)
  await purgeSecurityEvents(op.web.deps.db)

  expect(later).toMatchObject([
    { state: 'queued', record: null },
    { state: 'dead', reason: 'too-old' },
  ])
  expect(await outboxRows(op.web, accountId)).toEqual([])
})

describe('discovery', () => {
  const read = async (url: string) => (await op.web.app.inject({ url })).json()

  test('says one issuer everywhere, byte for byte', async () => {
    const accountId = await connected('library', 'taxes')
    await change(op.web, accountId, [{ type: 'account-enabled' }])
    const tokens = await queuedTokens(op.web, accountId)

    const documents = await Promise.all(
      ['openid', 'risc', 'ssf'].map((name) => read(`/.well-known/${name}-configuration`)),
    )

    expect(new Set(documents.map(({ issuer }) => issuer))).toEqual(new Set([op.issuer]))
    expect(new Set(documents.map(({ jwks_uri }) => jwks_uri)).size).toBe(1)
    expect(new Set(tokens.map(({ claims }) => claims.iss))).toEqual(new Set([op.issuer]))
  })

  test('of RISC names the way in and the old name of push', async () => {
    const method = 'https://schemas.openid.net/secevent/risc/delivery-method/push'

    expect(await read('/.well-known/risc-configuration')).toEqual({
      issuer: op.issuer,
      jwks_uri: `${op.issuer}/openid/jwks`,
      delivery_methods_supported: [method],
      delivery: [{ delivery_method: method, url: `${op.issuer}/api/risc/security_events` }],
    })
  })

  test('of the Shared Signals Framework is JSON, without what is empty', async () => {
    const response = await op.web.app.inject({ url: '/.well-known/ssf-configuration' })

    expect(response.statusCode).toBe(200)
    expect(response.headers['content-type']).toMatch(/^application\/json/)
    expect(response.json()).toEqual({
      spec_version: '1_0',
      issuer: op.issuer,
      jwks_uri: `${op.issuer}/openid/jwks`,
      delivery_methods_supported: ['urn:ietf:rfc:8935'],
      default_subjects: 'ALL',
    })
  })

  test.each(['/', '/tenant'])('answers for no issuer with the path %s', async (path) => {
    const { statusCode } = await op.web.app.inject({ url: `/.well-known/ssf-configuration${path}` })

    expect(statusCode).toBe(404)
  })
})
