import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { createVisitor, startTestWeb, type TestWeb, type Visitor } from '../support/web.ts'

let web: TestWeb
let secure: TestWeb
beforeAll(async () => {
  web = await startTestWeb()
  secure = await startTestWeb({ ANTEROOM_PUBLIC_URL: 'https://id.example.test' })
})
afterAll(async () => {
  await web.stop()
  await secure.stop()
})

async function jobCount(): Promise<number> {
  const { rows } = await web.database
    .pool('admin')
    .query<{ count: number }>('select count(*)::integer as count from web.attempts')
  return rows[0]?.count ?? 0
}

async function atDetails(): Promise<Visitor> {
  const person = createVisitor(web.app)
  await person.get('/verify/consent')
  await person.post('/verify/consent', { consent: 'yes' })
  await person.get('/verify/details')
  return person
}

describe('every response', () => {
  test.each(['/', '/verify/consent', '/nowhere', '/other-ways', '/session/ended'])(
    '%s carries the headers that keep a browser safe',
    async (url) => {
      const { headers } = await secure.app.inject({ url })

      expect(headers['content-security-policy']).toBe(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
      )
      expect(headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['referrer-policy']).toBe('same-origin')
      expect(headers['cross-origin-opener-policy']).toBe('same-origin')
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['x-powered-by']).toBeUndefined()
      expect(headers.server).toBeUndefined()
    },
  )

  test('to a script may be neither shown as a page nor kept', async () => {
    const { headers } = await secure.app.inject({ url: '/verify/status' })

    expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'")
    expect(headers['strict-transport-security']).toBe('max-age=63072000; includeSubDomains')
    expect(headers['x-content-type-options']).toBe('nosniff')
    expect(headers['cross-origin-resource-policy']).toBe('same-origin')
    expect(headers['cache-control']).toBe('no-store')
  })

  test('of the assets may be kept for ever, because their names change with their content', async () => {
    const { headers, statusCode } = await web.app.inject({ url: web.deps.assets.styles })

    expect(statusCode).toBe(200)
    expect(headers['cache-control']).toBe('public, max-age=31536000, immutable')
  })
})

describe('cookies', () => {
  test('over https are bound to this host, unreadable to scripts, and not sent from elsewhere', async () => {
    const { headers } = await secure.app.inject({ url: '/verify/consent' })
    const cookies = [headers['set-cookie'] ?? []].flat()

    expect(cookies).toHaveLength(2)
    for (const cookie of cookies) {
      expect(cookie).toMatch(/^__Host-anteroom-(session|device)=/)
      expect(cookie).toContain('Path=/')
      expect(cookie).toContain('HttpOnly')
      expect(cookie).toContain('Secure')
      expect(cookie).toContain('SameSite=Lax')
      expect(cookie).not.toContain('Domain')
    }
  })

  test('are not set on a page that needs no session', async () => {
    expect((await web.app.inject({ url: '/' })).headers['set-cookie']).toBeUndefined()
  })

  test.each([
    ['made up', 'x'.repeat(43)],
    ['too long', 'x'.repeat(5_000)],
    ['of another kind', '../../etc/passwd'],
    ['empty', ''],
  ])('with a session that is %s lead to a new session', async (_what, value) => {
    const { headers, statusCode } = await web.app.inject({
      url: '/verify/consent',
      headers: { cookie: `anteroom-session=${encodeURIComponent(value)}` },
    })

    expect(statusCode).toBe(200)
    expect([headers['set-cookie']].flat().join()).toContain('anteroom-session=')
    expect([headers['set-cookie']].flat().join()).not.toContain('anteroom-session=xxxx')
  })

  test('with a device that was tampered with make a new device', async () => {
    const person = createVisitor(web.app)
    await person.get('/verify/consent')
    const device = decodeURIComponent(person.cookies.get('anteroom-device') ?? '')
    const forged = `${device.startsWith('A') ? 'B' : 'A'}${device.slice(1)}`

    const { headers } = await web.app.inject({
      url: '/verify/consent',
      headers: { cookie: `anteroom-device=${encodeURIComponent(forged)}` },
    })

    expect([headers['set-cookie']].flat().join()).not.toContain(
      encodeURIComponent(forged.split('.')[0] ?? ''),
    )
  })

  test('change when a person begins: an id that was known before is worth nothing after', async () => {
    const person = createVisitor(web.app)
    await person.get('/verify/consent')
    const before = person.cookies.get('anteroom-session') ?? ''
    await person.post('/verify/consent', { consent: 'yes' })

    const thief = await web.app.inject({
      url: '/verify/details',
      headers: { cookie: `anteroom-session=${before}` },
    })

    expect(person.cookies.get('anteroom-session')).not.toBe(before)
    expect(thief.headers.location).toBe('/session/ended')
  })

  test('are worth nothing after the session was ended', async () => {
    const person = await atDetails()
    const before = person.cookies.get('anteroom-session') ?? ''
    const ended = await person.post('/session/end')

    const again = await web.app.inject({
      url: '/verify/details',
      headers: { cookie: `anteroom-session=${before}` },
    })

    expect(ended.headers.location).toBe('/session/ended')
    expect(again.headers.location).toBe('/session/ended')
  })
})

describe('a session', () => {
  const keyOf = async (): Promise<string> => (await web.redis.keys('session:*'))[0] ?? ''

  test('ends when it is idle, and is renewed by being used', async () => {
    await web.redis.flushall()
    const person = await atDetails()
    await web.redis.expire(await keyOf(), 30)

    await person.get('/verify/details')

    expect(await web.redis.ttl(await keyOf())).toBeGreaterThan(890)
  })

  test('ends after twelve hours however much it is used', async () => {
    await web.redis.flushall()
    const person = await atDetails()
    await web.redis.hset(await keyOf(), 'createdAt', Date.now() - 12 * 3_600_000 + 60_000)
    await person.get('/verify/details')
    const left = await web.redis.ttl(await keyOf())
    await web.redis.hset(await keyOf(), 'createdAt', Date.now() - 12 * 3_600_000 - 1_000)

    const response = await person.get('/verify/details')

    expect(left).toBeLessThanOrEqual(60)
    expect(response.headers.location).toBe('/session/ended')
  })

  test('cannot be taken over by who reads Redis: the key is not the cookie', async () => {
    await web.redis.flushall()
    const person = await atDetails()

    expect(await keyOf()).not.toContain(person.cookies.get('anteroom-session') ?? 'x')
  })
})

describe('a form from elsewhere', () => {
  test.each([
    ['another site', { 'sec-fetch-site': 'cross-site' }],
    ['a sibling host', { 'sec-fetch-site': 'same-site' }],
    ['another origin', { origin: 'https://evil.example' }],
    ['an origin that hides', { origin: 'null' }],
  ])('that comes from %s is refused', async (_what, headers) => {
    const person = await atDetails()

    const response = await person.post('/verify/details', applicant(), headers)

    expect(response.statusCode).toBe(403)
  })

  test.each([
    ['no token', { csrf: '' }],
    ['a token of someone else', { csrf: 'x'.repeat(43) }],
  ])('with %s is refused, and nothing is saved', async (_what, fields) => {
    const person = await atDetails()

    const response = await person.post('/verify/details', { ...applicant(), ...fields })

    expect(response.statusCode).toBe(403)
    expect((await person.get('/verify/check')).headers.location).toBe('/verify/details')
  })
})

describe('bad input', () => {
  test('shows the form again with each field named, nothing enqueued and nothing saved', async () => {
    const person = await atDetails()
    const before = await jobCount()

    const response = await person.post(
      '/verify/details',
      applicant({ firstName: '', ssn: '12', zipCode: 'x', birthDay: '31', birthMonth: '2' }),
    )

    expect(response.statusCode).toBe(422)
    for (const field of ['firstName', 'ssn', 'zipCode'])
      expect(response.payload).toContain(`href="#${field}"`)
    expect(response.payload).toContain('role="alert"')
    expect(response.payload).toMatch(/<title>Error/)
    expect(await jobCount()).toBe(before)
  })

  test('is shown as text, whatever it is', async () => {
    const person = await atDetails()
    const nasty = `"><script>alert(1)</script>'\u2028`

    const response = await person.post('/verify/details', applicant({ firstName: nasty, ssn: '1' }))

    expect(response.statusCode).toBe(422)
    expect(response.payload).not.toContain('<script>alert')
    expect(response.payload).toMatch(/&(lt|#60);script&(gt|#62);/)
  })

  test.each([
    ['an unknown field', { ...applicant(), admin: 'true' }],
    [
      'a field that would change every object',
      { ...applicant(), __proto__: 'x', constructor: 'y' },
    ],
  ])('with %s is no form of ours', async (_what, fields) => {
    const person = await atDetails()

    expect((await person.post('/verify/details', fields)).statusCode).toBe(400)
  })

  test('with a field sent twice is no form of ours', async () => {
    const person = await atDetails()
    const token =
      /value="([\w-]{43})"/.exec((await person.get('/verify/details')).payload)?.[1] ?? ''
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

    const response = await web.app.inject({
      method: 'POST',
      url: '/verify/details',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded' },
      payload: `csrf=${token}&${new URLSearchParams(applicant())}&firstName=Other`,
    })

    expect(response.statusCode).toBe(400)
  })

  test.each([
    ['JSON', 'application/json', '{"a":1}', 415],
    ['text', 'text/plain', 'a=1', 415],
    ['a file', 'multipart/form-data; boundary=x', '--x--', 415],
    ['far too much', 'application/x-www-form-urlencoded', `a=${'x'.repeat(20_000)}`, 413],
  ])(
    'that is %s gets a page that says only that it cannot be',
    async (...[, type, payload, status]) => {
      const person = await atDetails()
      const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ')

      const response = await web.app.inject({
        method: 'POST',
        url: '/verify/details',
        headers: { cookie, 'content-type': type },
        payload,
      })

      expect(response.statusCode).toBe(status)
      expect(response.headers['content-type']).toContain('text/html')
      expect(response.payload).not.toContain('FST_')
    },
  )

  test('whose address is not even one gets the page and the headers of any other', async () => {
    const response = await web.app.inject({ url: '/%E0%A4%A' })

    expect(response.statusCode).toBe(400)
    expect(response.headers['content-security-policy']).toContain("default-src 'none'")
    expect(response.headers['cache-control']).toBe('no-store')
    expect(response.payload).not.toContain('%E0')
  })

  test('that is no page is the same 404 everywhere, and quotes no address', async () => {
    const answers = await Promise.all(
      [
        '/nowhere',
        '/verify',
        '/verify/wait/123',
        '/assets/none.js',
        '/%3Cscript%3E',
        '/sandbox',
      ].map((url) => web.app.inject({ url })),
    )

    expect(new Set(answers.map(({ statusCode }) => statusCode))).toEqual(new Set([404]))
    expect(new Set(answers.map(({ payload }) => payload)).size).toBe(1)
  })

  test('of a method that has no route is a 404 as well', async () => {
    for (const method of ['PUT', 'DELETE', 'PATCH', 'TRACE'] as const) {
      expect((await web.app.inject({ method, url: '/verify/details' })).statusCode).toBe(404)
    }
  })
})

describe('too many requests', () => {
  test('from one network address are refused with a page and a time to come back', async () => {
    const limited = await startTestWeb({ ANTEROOM_REQUESTS_PER_WINDOW: '5' })
    try {
      const statuses: number[] = []
      for (let count = 0; count < 7; count += 1) {
        statuses.push((await limited.app.inject({ url: '/' })).statusCode)
      }
      const refused = await limited.app.inject({ url: '/' })
      const other = await limited.app.inject({ url: '/', remoteAddress: '203.0.113.9' })

      expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429])
      expect(refused.headers['retry-after']).toMatch(/^\d+$/)
      expect(refused.headers['content-type']).toContain('text/html')
      expect(other.statusCode).toBe(200)
    } finally {
      await limited.stop()
    }
  })

  test('are not escaped by a made-up forwarding header', async () => {
    const limited = await startTestWeb({ ANTEROOM_REQUESTS_PER_WINDOW: '2' })
    try {
      const answers: number[] = []
      for (let count = 0; count < 4; count += 1) {
        const headers = { 'x-forwarded-for': `198.51.100.${count}` }
        answers.push((await limited.app.inject({ url: '/', headers })).statusCode)
      }

      expect(answers).toEqual([200, 200, 429, 429])
    } finally {
      await limited.stop()
    }
  })
})

describe('an outage', () => {
  test('of Redis is an honest page within three seconds, and no limit locks anybody out', async () => {
    const without = await startTestWeb()
    try {
      const person = createVisitor(without.app)
      await person.get('/verify/consent')
      await without.loseRedis()
      const startedAt = performance.now()

      const [start, inside] = await Promise.all([person.get('/'), person.get('/verify/details')])

      expect(performance.now() - startedAt).toBeLessThan(3_000)
      expect(inside.statusCode).toBe(503)
      expect(inside.headers['retry-after']).toBe('5')
      expect(inside.headers['content-type']).toContain('text/html')
      expect(start.statusCode).toBe(200)
    } finally {
      await without.stop()
    }
  })

  test('of the database is an honest page, and nothing is half done', async () => {
    const without = await startTestWeb()
    try {
      const person = createVisitor(without.app)
      await person.reachCheck(applicant())
      await without.database.stop()

      const response = await person.post('/verify/check')

      expect(response.statusCode).toBe(503)
      expect((await person.get('/verify/check')).statusCode).toBe(200)
    } finally {
      await without.stop()
    }
  })
})

test('a log line carries a code and never what was typed', async () => {
  const person = await atDetails()

  await person.post('/verify/details', applicant({ firstName: 'Quillemina', extra: 'Quillemina' }))

  expect(web.logLines.join()).not.toContain('Quillemina')
  expect(web.logLines.some((line) => line.includes('FORM_MALFORMED'))).toBe(true)
})
