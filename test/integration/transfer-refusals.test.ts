import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { goodRequest, startTransferDesk, type TransferDesk } from '../support/transfer-desk.ts'

let desk: TransferDesk
let key: string
beforeAll(async () => {
  desk = await startTransferDesk()
  key = await desk.consumer('permits-office')
})
afterAll(() => desk.stop())

async function countTransfers(): Promise<number> {
  const { rows } = await desk.web.database
    .pool('admin')
    .query<{ count: number }>('select count(*)::integer as count from web.transfers')
  return rows[0]?.count ?? -1
}

const withUrl = (url: string) => ({ ...goodRequest, source: { type: 'url', url } })
const withPlace = (changes: object) => ({
  ...goodRequest,
  destination: { ...goodRequest.destination, ...changes },
})

describe('a source', () => {
  test.each([
    'http://files.permits.example/a',
    'ftp://files.permits.example/a',
    'https://127.0.0.1/a',
    'https://2130706433/a',
    'https://0x7f.1/a',
    'https://017700000001/a',
    'https://10.0.0.8/a',
    'https://169.254.169.254/latest/meta-data',
    'https://[::1]/a',
    'https://[::ffff:10.0.0.8]/a',
    'https://[fd00::1]/a',
    'https://[64:ff9b::a00:8]/a',
    'https://8.8.8.8/a',
    'https://localhost/a',
    'https://localhost./a',
    'https://files.localhost/a',
    'https://metadata.google.internal/a',
    'https://printer.local/a',
    'https://intranet/a',
    'https://files.permits.example:8443/a',
    'https://ada@files.permits.example/a',
    'https://ada:secret@files.permits.example/a',
    'https://files.permits.example/a#part',
    'https://１２７.0.0.1/a',
  ])('is not taken at %s', async (url) => {
    const before = await countTransfers()

    const answer = await desk.ask(key, { body: withUrl(url) })

    expect(answer.statusCode).toBe(422)
    expect(answer.json().code).toBe('source-address-refused')
    expect(await countTransfers()).toBe(before)
  })

  test.each([
    'https://permits.example/a',
    'https://files.permits.example.evil.example/a',
    'https://evilfiles.permits.example/a',
    'https://trees.example/a',
    'https://eviltrees.example/a',
    'https://files.permits.exаmple/a',
  ])('of others is not taken: %s', async (url) => {
    const answer = await desk.ask(key, { body: withUrl(url) })

    expect(answer.statusCode).toBe(403)
    expect(answer.json().code).toBe('source-not-allowed')
  })

  test.each(['https://maps.trees.example/a', 'https://FILES.permits.example./a'])(
    'of its own is taken: %s',
    async (url) => {
      expect((await desk.ask(key, { body: withUrl(url) })).statusCode).toBe(202)
    },
  )

  test('in a bucket is taken if the bucket is one of its own', async () => {
    const own = { type: 's3', bucket: 'permits-out', key: 'a/b.pdf' }
    const others = { type: 's3', bucket: 'payroll', key: 'a/b.pdf' }

    const answers = [
      await desk.ask(key, { body: { ...goodRequest, source: own } }),
      await desk.ask(key, { body: { ...goodRequest, source: others } }),
    ]

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([202, 403])
    expect(answers[1]?.json().code).toBe('source-not-allowed')
  })

  test.each([
    ['a second ago', -1_000],
    ['in five seconds', 5_000],
  ])('that expires %s is too late', async (_when, ms) => {
    const expires_at = new Date(Date.now() + ms).toISOString()

    const answer = await desk.ask(key, { body: { ...goodRequest, expires_at } })

    expect(answer.statusCode).toBe(422)
    expect(answer.json().code).toBe('source-expired')
  })

  test('that expires in an hour gives the transfer an hour', async () => {
    const expires_at = new Date(Date.now() + 3_600_000).toISOString()

    const answer = (await desk.ask(key, { body: { ...goodRequest, expires_at } })).json()

    const leftMs = Date.parse(answer.deadline_at) - Date.parse(answer.requested_at)
    expect(leftMs).toBeGreaterThan(3_590_000)
    expect(leftMs).toBeLessThanOrEqual(3_600_000)
  })
})

describe('a place', () => {
  test.each([
    '..',
    'permits/../payroll',
    'permits/..',
    './permits',
    '/permits',
    'permits/',
    'permits//a',
    'permits\\a',
    'permits/con',
    'permits/NUL.txt',
    'permits/com1',
    'permits/a?b',
    'permits/a%2e%2e',
    'permits/a\u0000b',
    'permits/a\u202eb',
    'permits/a ',
    'permits/a.',
    `permits/${'a'.repeat(201)}`,
    `permits/${'é'.repeat(101)}`,
    `permits/${'a/'.repeat(300)}a`,
  ])('%j is no path', async (path) => {
    const answer = await desk.ask(key, { body: withPlace({ path }) })

    expect(answer.statusCode).toBe(422)
    expect(answer.json()).toMatchObject({
      code: 'invalid-request',
      errors: [{ pointer: '/destination/path' }],
    })
  })

  test.each([
    '',
    '.',
    '..',
    'a/b',
    'CON',
    'prn.pdf',
    'LPT9',
    '~$x.docx',
    'a<b',
    'desktop.ini',
    '.hidden',
    'a|b',
    'a\nb',
  ])('%j is no name of a file', async (filename) => {
    const answer = await desk.ask(key, { body: withPlace({ filename }) })

    expect(answer.statusCode).toBe(422)
    expect(answer.json().code).toBe('invalid-request')
  })

  test.each(['', 'payroll', 'permits-of-others', 'Permits'])(
    '%j is not below its folder',
    async (path) => {
      const answer = await desk.ask(key, { body: withPlace({ path }) })

      expect(answer.statusCode).toBe(403)
      expect(answer.json().code).toBe('path-not-allowed')
    },
  )

  test('of another consumer is answered like one that is not there', async () => {
    const others = await desk.ask(key, { body: withPlace({ name: 'archive' }) })
    const none = await desk.ask(key, { body: withPlace({ name: 'atlantis' }) })

    expect(others.statusCode).toBe(403)
    expect({ ...others.json(), request_id: '' }).toEqual({ ...none.json(), request_id: '' })
  })
})

describe('a request', () => {
  test.each([
    ['that is no JSON', '{"source":', [400, 'malformed-request']],
    ['that is empty', '', [400, 'malformed-request']],
    ['that is a list', [], [422, 'invalid-request']],
    ['with a member that is none', { ...goodRequest, callback: 'x' }, [422, 'invalid-request']],
    ['with a hash that is none', { ...goodRequest, sha256: 'abc' }, [422, 'invalid-request']],
    [
      'with a correlation id with a space',
      { ...goodRequest, correlation_id: 'a b' },
      [422, 'invalid-request'],
    ],
    ['that is too large', { ...goodRequest, x: 'x'.repeat(20_000) }, [413, 'body-too-large']],
  ])('%s is refused', async (_what, body, refusal) => {
    const answer = await desk.ask(key, { body })

    expect([answer.statusCode, answer.json().code]).toEqual(refusal)
    expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/)
  })

  test('that is a form is refused', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }

    const answer = await desk.ask(key, { body: 'a=b', headers })

    expect([answer.statusCode, answer.json().code]).toEqual([415, 'not-json'])
  })

  test.each([
    ['x-request-id', 'a'.repeat(129)],
    ['x-correlation-id', 'a b'],
    ['idempotency-key', 'ü'],
  ])('with %s that no log should show is refused', async (name, value) => {
    const answer = await desk.ask(key, { body: goodRequest, headers: { [name]: value } })

    expect(answer.statusCode).toBe(400)
    expect(answer.json()).toMatchObject({ code: 'malformed-header', errors: [{ pointer: name }] })
    expect(answer.payload).not.toContain(value)
  })

  test('keeps its own id in answer and log', async () => {
    const answer = await desk.ask(key, {
      body: goodRequest,
      headers: { 'x-request-id': 'mine-4711', 'x-correlation-id': 'case-9' },
    })

    expect(answer.headers).toMatchObject({
      'x-request-id': 'mine-4711',
      'x-correlation-id': 'case-9',
    })
    const line = desk.web.logLines.find(
      (it) => it.includes('transfer.requested') && it.includes('mine-4711'),
    )
    expect(JSON.parse(line ?? '{}')).toMatchObject({
      requestId: 'mine-4711',
      correlationId: 'case-9',
    })
  })

  test.each([
    '?limit=0',
    '?limit=101',
    '?limit=x',
    '?cursor=abc',
    '?state=lost',
    '?colour=red',
    '?requested_after=today',
  ])('for the list %s is refused', async (path) => {
    const answer = await desk.ask(key, { method: 'GET', path })

    expect([answer.statusCode, answer.json().code]).toEqual([422, 'invalid-request'])
  })

  test.each(['2026-01-01T00:00:00%2B23:59', '0000-01-01T00:00:00Z', '9999-12-31T23:59:59-23:59'])(
    'for the list since %s, which Postgres would not read, is answered',
    async (moment) => {
      const path = `?requested_after=${moment}`

      expect((await desk.ask(key, { method: 'GET', path })).statusCode).toBe(200)
    },
  )

  test('for what is not there is answered as a problem', async () => {
    const answers = [
      await desk.ask(key, { method: 'GET', path: '/nothing/here' }),
      await desk.ask(key, { method: 'DELETE', path: '' }),
      await desk.ask(key, { method: 'GET', path: `/${'A'.repeat(22)}` }),
      await desk.ask(key, { method: 'GET', path: '/..%2f' }),
    ]

    for (const answer of answers)
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'not-found'])
  })
})

describe('another consumer', () => {
  test('finds, lists and cancels nothing of this one', async () => {
    const id = await desk.transfer(key)
    const stranger = await desk.consumer('stranger-office')

    const answers = [
      await desk.ask(stranger, { method: 'GET', path: `/${id}` }),
      await desk.ask(stranger, { path: `/${id}/cancel` }),
    ]

    for (const answer of answers)
      expect([answer.statusCode, answer.json().code]).toEqual([404, 'not-found'])
    const list = await desk.ask(stranger, { method: 'GET' })
    expect(list.json().transfers).toEqual([])
    expect((await desk.ask(key, { method: 'GET', path: `/${id}` })).json().state).toBe('queued')
  })
})

describe('a request that names itself', () => {
  const named = (name: string) => ({ 'idempotency-key': name })

  test('is answered as before, and makes no second transfer', async () => {
    const first = await desk.ask(key, { body: goodRequest, headers: named('k-1') })
    await desk.report(first.json().id, { state: 'running', bytes: 5 })
    const before = await countTransfers()

    // The same in other words.
    const body = {
      destination: { conflict: 'fail', ...goodRequest.destination },
      source: goodRequest.source,
      webhook: true,
    }
    const again = await desk.ask(key, { body, headers: named('k-1') })

    expect(again.statusCode).toBe(first.statusCode)
    expect(again.json()).toEqual(first.json())
    expect(again.headers.location).toBe(first.headers.location)
    expect(again.headers['idempotency-replayed']).toBe('true')
    expect(await countTransfers()).toBe(before)
  })

  test('and asks for something else is refused', async () => {
    await desk.ask(key, { body: goodRequest, headers: named('k-2') })

    const answer = await desk.ask(key, {
      body: withPlace({ filename: 'b.pdf' }),
      headers: named('k-2'),
    })

    expect([answer.statusCode, answer.json().code]).toEqual([422, 'idempotency-key-reused'])
  })

  test('like one of another consumer is its own', async () => {
    const other = await desk.consumer('other-office')
    const first = await desk.ask(key, { body: goodRequest, headers: named('k-3') })

    const answer = await desk.ask(other, { body: goodRequest, headers: named('k-3') })

    expect(answer.statusCode).toBe(202)
    expect(answer.json().id).not.toBe(first.json().id)
  })

  test('many times at once makes one transfer: the others are told the same or to come again', async () => {
    const before = await countTransfers()

    const answers = await Promise.all(
      Array.from({ length: 12 }, () => desk.ask(key, { body: goodRequest, headers: named('k-4') })),
    )

    const taken = answers.filter(({ statusCode }) => statusCode === 202)
    const others = answers.filter(({ statusCode }) => statusCode !== 202)
    expect(new Set(taken.map((answer) => answer.json().id)).size).toBe(1)
    for (const answer of others)
      expect([answer.statusCode, answer.json().code]).toEqual([409, 'in-flight'])
    expect(await countTransfers()).toBe(before + 1)
  })

  test('while it is being answered is told to come again', async () => {
    const letGo = await desk.hold('permits-office', 'k-5')

    const answer = await desk.ask(key, { body: goodRequest, headers: named('k-5') })
    await letGo()
    const later = await desk.ask(key, { body: goodRequest, headers: named('k-5') })

    expect([answer.statusCode, answer.json().code]).toEqual([409, 'in-flight'])
    expect(answer.headers['retry-after']).toBe('1')
    expect(later.statusCode).toBe(202)
  })
})

describe('keys', () => {
  test('who shows none, or none that there is, is told so and nothing more', async () => {
    const [, id = ''] = key.split('_')
    const url = '/api/transfers'
    const app = desk.web.app
    const none = await app.inject({ url })
    const wrong = await desk.ask(`at_${id}_${'A'.repeat(43)}`, { method: 'GET' })
    const unknown = await desk.ask(`at_${'0'.repeat(16)}_${'A'.repeat(43)}`, { method: 'GET' })
    const nonsense = await desk.ask('hello', { method: 'GET' })

    expect([none.statusCode, none.json().code]).toEqual([401, 'key-missing'])
    expect(none.headers['www-authenticate']).toBe('Bearer realm="transfers"')
    for (const answer of [wrong, unknown, nonsense]) {
      expect([answer.statusCode, answer.json().code]).toEqual([401, 'key-unknown'])
      expect(answer.headers['www-authenticate']).toContain('error="invalid_token"')
    }
  })

  test('a key that was revoked or has expired, or whose consumer is disabled, opens nothing from then on', async () => {
    const ops = desk.web.database.pool('ops')
    const admin = desk.web.database.pool('admin')
    const first = await desk.consumer('closing-office')
    const second = await desk.newKey('closing-office')
    const asked = async (one: string) => {
      const answer = await desk.ask(one, { method: 'GET' })
      return [answer.statusCode, answer.statusCode === 200 ? '' : answer.json().code]
    }
    const good = await asked(first)
    await ops.query(`select ops.revoke_transfer_key('ada', $1, 0)`, [first.split('_')[1]])
    const revoked = await asked(first)
    await admin.query('update web.transfer_keys set expires_at = now() where id = $1', [
      second.split('_')[1],
    ])
    const expired = await asked(second)
    const third = await desk.newKey('closing-office')
    await ops.query(`select ops.set_transfer_consumer_active('ada', 'closing-office', false)`)
    const disabled = await asked(third)
    await ops.query(`select ops.set_transfer_consumer_active('ada', 'closing-office', true)`)

    expect({ good, revoked, expired, disabled, enabled: await asked(third) }).toEqual({
      good: [200, ''],
      revoked: [401, 'key-revoked'],
      expired: [401, 'key-expired'],
      disabled: [403, 'consumer-disabled'],
      enabled: [200, ''],
    })
  })

  test('a consumer has two good keys at most', async () => {
    await desk.consumer('two-office')
    await desk.newKey('two-office')

    await expect(desk.newKey('two-office')).rejects.toThrow('OPS_TWO_KEYS')
  })

  test('use is noted, at most once a minute', async () => {
    const used = await desk.consumer('used-office')
    const admin = desk.web.database.pool('admin')
    const read = async () =>
      (
        await admin.query<{ at: Date | null }>(
          'select last_used_at as at from web.transfer_keys where id = $1',
          [used.split('_')[1]],
        )
      ).rows[0]?.at
    const never = await read()
    await desk.ask(used, { method: 'GET' })
    const first = await read()
    await desk.ask(used, { method: 'GET' })

    expect(never).toBeNull()
    expect(first).not.toBeNull()
    expect(await read()).toEqual(first)
  })

  test('a consumer that asks more often than it may is told when to come again', async () => {
    const eager = await desk.consumer('eager-office', { perMinute: 3 })

    const answers = []
    for (let count = 0; count < 4; count += 1)
      answers.push(await desk.ask(eager, { method: 'GET' }))

    expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 200, 200, 429])
    expect(answers[3]?.json().code).toBe('rate-limited')
    expect(Number(answers[3]?.headers['retry-after'])).toBeGreaterThan(0)
    expect((await desk.ask(key, { method: 'GET' })).statusCode).toBe(200)
  })

  test('a consumer has no more transfers under way than it may, also of those it asks for at once', async () => {
    const busy = await desk.consumer('busy-office', { maxOpen: 3 })
    const named = { body: goodRequest, headers: { 'idempotency-key': 'first' } }
    const first = await desk.ask(busy, named)

    const answers = await Promise.all(
      Array.from({ length: 6 }, () => desk.ask(busy, { body: goodRequest })),
    )

    const refused = answers.filter(({ statusCode }) => statusCode === 429)
    expect(refused).toHaveLength(4)
    expect(refused.map((answer) => answer.json().code)).toEqual(Array(4).fill('too-many-open'))
    expect(Number(refused[0]?.headers['retry-after'])).toBeGreaterThan(0)
    const { transfers } = (await desk.ask(busy, { method: 'GET' })).json()
    expect(transfers).toHaveLength(3)
    expect((await desk.ask(busy, named)).json().id).toBe(first.json().id)
    await desk.report(first.json().id, { state: 'failed', reason: 'timed-out' })
    expect((await desk.ask(busy, { body: goodRequest })).statusCode).toBe(202)
    expect((await desk.ask(busy, { body: goodRequest })).json().code).toBe('too-many-open')
  })

  test('no secret is kept, and none is in the log', async () => {
    const { rows } = await desk.web.database.pool('admin').query('select * from web.transfer_keys')

    const secret = key.slice(-43)
    expect(JSON.stringify(rows)).not.toContain(secret)
    expect(desk.web.logLines.join('')).not.toContain(secret)
  })
})
