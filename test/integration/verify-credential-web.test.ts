import { setTimeout } from 'node:timers/promises'
import { inTransaction, newJobId, pushOutcome, pushReport } from '@anteroom/job-channel'
import { jobs } from '@anteroom/job-contracts'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { askForRevocations } from '../../apps/idp-web/src/records/revocations.ts'
import { createTestIssuer, type TestIssuer } from '../../packages/credential/test-data/issuer.ts'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'
import { fixedSealer } from '../support/fixed-keys.ts'
import { reportOf } from '../support/report.ts'
import { createVisitor, startTestWeb, type TestWeb } from '../support/web.ts'

const origin = 'https://id.example.test'
const page = '/v'
const offline = '/v/offline.js'
const keys = '/.well-known/jwks.json'
const revocations = '/.well-known/credential-revocations'

let database: TestDatabase
let issuer: TestIssuer
let web: TestWeb
beforeAll(async () => {
  ;[database, issuer] = await Promise.all([startTestDatabase(), createTestIssuer(origin)])
  web = await startWeb([issuer])
})
afterAll(async () => {
  await web.stop()
  await database.stop()
})
beforeEach(async () => {
  const admin = database.pool('admin')
  await admin.query('delete from web.revocation_lists')
  await admin.query('delete from graphile_worker._private_jobs')
})

/** A web that trusts the keys of these issuers; all keep their records in one database. */
function startWeb(trusted: readonly TestIssuer[], settings: Record<string, string> = {}) {
  const set = JSON.stringify({ keys: trusted.map(({ publicKey }) => publicKey) })
  const keySettings = trusted.length > 0 ? { ANTEROOM_CREDENTIAL_PUBLIC_KEYS: set } : {}
  return startTestWeb({ ANTEROOM_PUBLIC_URL: origin, ...keySettings, ...settings }, { database })
}

const lists = (of: TestWeb = web) => {
  if (!of.deps.revocationLists) throw new Error('This web issues no credentials')
  return of.deps.revocationLists
}

const seconds = (iso: string) => Date.parse(iso) / 1_000

describe('the page', () => {
  test('sets no cookie and looks at none: it is the same for everybody, to the byte', async () => {
    const person = createVisitor(web.app)
    await person.get('/verify/consent')

    const known = await person.get(page)
    const stranger = await web.app.inject({ url: page })

    expect(known.statusCode).toBe(200)
    expect(known.headers['set-cookie']).toBeUndefined()
    expect(known.payload).toBe(stranger.payload)
    expect(known.payload).not.toContain('csrf')
  })

  test('may load nothing from elsewhere, send nothing, and tells nobody where a link came from', async () => {
    const { headers } = await web.app.inject({ url: page })

    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    )
    expect(headers['referrer-policy']).toBe('no-referrer')
    expect(headers['x-content-type-options']).toBe('nosniff')
  })

  test('may be kept, and whoever has it is told whether it has changed', async () => {
    const { headers } = await web.app.inject({ url: page })
    const again = await web.app.inject({ url: page, headers: { 'if-none-match': headers.etag } })

    expect(headers['cache-control']).toBe('public, no-cache')
    expect([again.statusCode, again.payload]).toEqual([304, ''])
  })

  test('is shown also while Redis is away, and to however many behind one address', async () => {
    const alone = await startWeb([issuer], { ANTEROOM_REQUESTS_PER_WINDOW: '1' })
    onTestFinished(() => alone.stop())
    await alone.loseRedis()

    const statuses = []
    for (const url of [page, page, keys, keys, revocations]) {
      statuses.push((await alone.app.inject({ url })).statusCode)
    }

    expect(statuses).toEqual([200, 200, 200, 200, 404])
  })

  test('says who issues by the settings', async () => {
    const named = await startWeb([issuer], { ANTEROOM_CREDENTIAL_ISSUER_NAME: 'State of <Xy>' })
    onTestFinished(() => named.stop())

    const { payload } = await named.app.inject({ url: page })

    expect(payload).toContain('credential from State of &#60;Xy&#62; is real')
    expect(payload).toContain(`data-issuer="${origin}"`)
  })

  test('brings a service worker that may serve it, is asked for anew each time, and only fetches', async () => {
    const { headers, payload } = await web.app.inject({ url: offline })

    expect(headers['content-type']).toBe('text/javascript; charset=utf-8')
    expect(headers['service-worker-allowed']).toBe(page)
    expect(headers['cache-control']).toBe('public, no-cache')
    expect(headers['content-security-policy']).toBe("default-src 'none'; connect-src 'self'")
    expect(payload).toContain('respondWith')
  })
})

describe('the keys', () => {
  test('are published for every site, newest first, and hold nothing private', async () => {
    const next = await createTestIssuer(origin)
    const rotating = await startWeb([next, issuer])
    onTestFinished(() => rotating.stop())

    const response = await rotating.app.inject({ url: keys })

    expect(response.json()).toEqual({ keys: [next.publicKey, issuer.publicKey] })
    expect(response.headers['content-type']).toMatch(/^application\/jwk-set\+json/)
    expect(response.headers['access-control-allow-origin']).toBe('*')
    expect(response.headers['cross-origin-resource-policy']).toBe('cross-origin')
    expect(response.headers['cache-control']).toBe('public, max-age=3600')
    expect(response.headers.date).toBeDefined()
    expect(response.payload).not.toContain('"d"')
  })

  test('not being set, there is nothing to check and no page', async () => {
    const without = await startWeb([])
    onTestFinished(() => without.stop())

    for (const url of [page, offline, keys, revocations]) {
      expect((await without.app.inject({ url })).statusCode).toBe(404)
    }
  })
})

describe('the list of revoked credentials', () => {
  test('is missing until the worker has signed one', async () => {
    const { headers, statusCode, payload } = await web.app.inject({ url: revocations })

    expect([statusCode, payload]).toEqual([404, '{"error":404}'])
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['cache-control']).toBe('no-store')
  })

  test('is published for every site as it was signed', async () => {
    const list = await issuer.revocations({ rids: ['AAAAAAAAAAAAAAAA'] })

    const isKept = await lists().keep(list)

    const { headers, payload } = await web.app.inject({ url: revocations })
    expect([isKept, payload]).toEqual([true, list])
    expect(headers['content-type']).toBe('application/jose')
    expect(headers['access-control-allow-origin']).toBe('*')
    expect(headers['cache-control']).toBe('public, max-age=300')
  })

  test('is never replaced by an older one, nor by a shorter one of the same second', async () => {
    const at = (iso: string, ...rids: string[]) => issuer.revocations({ iat: seconds(iso), rids })
    const [a, b] = ['AAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBB']
    const newest = await at('2026-01-02T00:00:00Z', a, b)
    await lists().keep(await at('2026-01-01T00:00:00Z', a))
    await lists().keep(newest)

    for (const older of [
      await at('2026-01-01T00:00:00Z', a, b, a),
      await at('2026-01-01T23:59:59Z'),
      await at('2026-01-02T00:00:00Z', a),
    ]) {
      await lists().keep(older)
    }

    expect((await lists().newest())?.text).toBe(newest)
  })

  test.each([
    ['no list', async () => 'a.b.c'],
    ['signed by another', async () => (await createTestIssuer(origin)).revocations()],
    ['of another issuer', () => issuer.revocations({ iss: 'https://other.test' })],
    ['a credential', () => issuer.credential()],
  ])('is not kept if it is %s', async (_what, make) => {
    const kept = await issuer.revocations({ iat: 1 })
    await lists().keep(kept)

    const isKept = await lists().keep(await make())

    expect(isKept).toBe(false)
    expect((await lists().newest())?.text).toBe(kept)
  })

  test('is read from the database once for a crowd, and whoever has it already costs no reading', async () => {
    await lists().keep(await issuer.revocations())
    const holding = await database.pool('admin').connect()
    onTestFinished(() => holding.release())
    const hold = () => holding.query('begin; lock table web.revocation_lists')
    await hold()

    const crowd = Promise.all(
      Array.from({ length: 40 }, () => web.app.inject({ url: revocations })),
    )
    await setTimeout(500)
    const asking = await waitingForLists()
    await holding.query('commit')
    const answers = await crowd
    await hold()
    const again = await web.app.inject({
      url: revocations,
      headers: { 'if-none-match': answers[0]?.headers.etag },
    })
    await holding.query('commit')

    expect(asking).toBe(1)
    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([200]))
    expect(again.statusCode).toBe(304)
  })

  test('that another process keeps is published here soon', async () => {
    const other = await startWeb([issuer])
    onTestFinished(() => other.stop())
    const published = async () => (await web.app.inject({ url: revocations })).payload
    const [older, newer] = [
      await issuer.revocations({ iat: seconds('2026-01-01T00:00:00Z') }),
      await issuer.revocations({ iat: seconds('2026-01-02T00:00:00Z') }),
    ]
    await lists().keep(older)
    const before = await published()

    await lists(other).keep(newer)

    expect(before).toBe(older)
    await expect.poll(published, { timeout: 10_000 }).toBe(newer)
  })

  async function waitingForLists(): Promise<number> {
    const { rows } = await database.pool('admin').query<{ count: number }>(
      `select count(*)::integer as count from pg_locks
         where relation = 'web.revocation_lists'::regclass and not granted`,
    )
    return rows[0]?.count ?? 0
  }

  test('is not published any more once its key has been withdrawn', async () => {
    const other = await startWeb([await createTestIssuer(origin)])
    onTestFinished(() => other.stop())
    await lists().keep(await issuer.revocations())

    expect((await web.app.inject({ url: revocations })).statusCode).toBe(200)
    expect((await other.app.inject({ url: revocations })).statusCode).toBe(404)
  })
})

describe('the worker is asked for a list', () => {
  async function asked(): Promise<{ key: string; numbers: unknown }[]> {
    await inTransaction(web.deps.db, (tx) => askForRevocations(web.deps, tx))
    const { rows } = await database
      .pool('admin')
      .query<{ key: string; numbers: unknown }>(
        `select key, payload -> 'clear' -> 'numbers' as numbers from graphile_worker._private_jobs`,
      )
    return rows
  }

  test('once, however often that is looked at within the hour', async () => {
    const [first, second] = [await asked(), await asked()]

    expect(first).toEqual([{ key: expect.stringMatching(/^[\w-]{43}$/), numbers: [] }])
    expect(second).toEqual(first)
  })

  test('when the last one is an hour old, and not before', async () => {
    const now = Math.floor(web.deps.now() / 1_000)
    await lists().keep(await issuer.revocations({ iat: now - 3_590 }))
    const before = await asked()

    await database
      .pool('admin')
      .query(`update web.revocation_lists set made_at = made_at - interval '10 seconds'`)

    expect(before).toEqual([])
    expect(await asked()).toHaveLength(1)
  })

  test('by nobody where no credentials are issued', async () => {
    const without = await startWeb([])
    onTestFinished(() => without.stop())

    await inTransaction(without.deps.db, (tx) => askForRevocations(without.deps, tx))

    const { rowCount } = await database
      .pool('admin')
      .query('select 1 from graphile_worker._private_jobs')
    expect(rowCount).toBe(0)
  })
})

describe('what the worker has signed is published', () => {
  const { name } = jobs.credentialRevocations

  /** As the worker does: the sealed outcome first, then the report. */
  async function answer(
    result: unknown,
    {
      opens = true,
      report = {},
    }: { opens?: boolean; report?: Parameters<typeof reportOf>[1] } = {},
  ): Promise<string> {
    const jobId = newJobId()
    const slot = { purpose: 'result', name, id: opens ? jobId : newJobId() } as const
    const outcome = {
      state: 'done',
      sealed: await fixedSealer.seal(slot, JSON.stringify(result)),
    } as const
    await pushOutcome(web.redis.pipeline(), { jobId, outcome, seconds: 60 }).exec()
    await pushReport(web.redis.pipeline(), reportOf(jobId, { job: name, ...report })).exec()
    return jobId
  }

  const published = async () => (await web.app.inject({ url: revocations })).payload
  const logged = (event: string, jobId: string) =>
    web.logLines.some((line) => line.includes(event) && line.includes(jobId))

  beforeAll(() => web.startRecords())

  test('whoever asked for it', async () => {
    const list = await issuer.revocations({ rids: ['CCCCCCCCCCCCCCCC'] })

    const jobId = await answer({ list, unknown: ['K7Q2-0000-0000'] })

    await expect.poll(published, { timeout: 15_000 }).toBe(list)
    expect(logged('revocations.kept', jobId)).toBe(true)
  })

  test.each([
    [
      'signed by another',
      async () => ({ list: await (await createTestIssuer(origin)).revocations(), unknown: [] }),
      {},
    ],
    ['not what was agreed', async () => ({ list: 7 }), {}],
    [
      'sealed for another job',
      async () => ({ list: await issuer.revocations(), unknown: [] }),
      { opens: false },
    ],
  ])('but not if it is %s, and what comes after it is not held up', async (_what, make, how) => {
    const refused = await answer(await make(), how)
    const list = await issuer.revocations({ rids: ['DDDDDDDDDDDDDDDD'] })
    await answer({ list, unknown: [] })

    await expect.poll(published, { timeout: 15_000 }).toBe(list)
    expect(logged('revocations.refused', refused)).toBe(true)
  })

  test('and a report of another job, or of a failure, changes nothing', async () => {
    const list = await issuer.revocations({ rids: ['EEEEEEEEEEEEEEEE'] })
    await answer({ list, unknown: [] }, { report: { job: 'address-proofing' } })
    await answer({ list, unknown: [] }, { report: { state: 'failed', reason: 'internal' } })
    const last = await issuer.revocations({ rids: ['FFFFFFFFFFFFFFFF'], iat: 1 })

    await answer({ list: last, unknown: [] })

    await expect.poll(published, { timeout: 15_000 }).toBe(last)
  })
})
