import { jobs, type PackedJob } from '@anteroom/job-contracts'
import type { LightMyRequestResponse } from 'fastify'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { type CredentialDesk, samplePdf, startCredentialDesk } from '../support/credential-desk.ts'
import { openFixed } from '../support/fixed-keys.ts'
import { reportOf } from '../support/report.ts'
import { waitingStanding } from '../support/scripted-line.ts'
import { createVisitor, type Visitor } from '../support/web.ts'

let desk: CredentialDesk
beforeAll(async () => {
  desk = await startCredentialDesk()
})
afterAll(() => desk.stop())
beforeEach(() => {
  desk.line.setStanding(waitingStanding)
  desk.line.refuse(undefined)
  desk.line.setOverview({ inLine: 20, open: true })
  desk.line.calls.length = 0
})

const headingOf = ({ payload }: LightMyRequestResponse): string =>
  /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(payload)?.[1]?.trim() ?? ''

/** What tells one answer from another, whoever asks. */
const faceOf = ({ statusCode, payload, headers }: LightMyRequestResponse) => ({
  statusCode,
  payload,
  headers: Object.fromEntries(
    Object.entries(headers).filter(([name]) => !/^(date|x-ratelimit-)/.test(name)),
  ),
})

describe('the way into the line', () => {
  test('leads from being verified over what a credential is to a place', async () => {
    const person = await desk.verified()

    const verified = await person.get('/verify/result')
    const start = await person.get('/credential/start')
    const request = await person.post('/credential/request')
    const line = await person.get('/credential/line')

    expect(verified.payload).toContain('href="/credential/start"')
    expect(headingOf(start)).toBe('Get your credential')
    expect(start.payload).toContain('20 people are in line.')
    expect(request.headers.location).toBe('/credential/line')
    expect(headingOf(line)).toBe('You are in line')
    expect(line.payload).toContain('12 people are ahead of you.')
  })

  test.each(['/credential/start', '/credential/line'])(
    'is not open at %s to a stranger',
    async (url) => {
      const response = await createVisitor(desk.web.app).get(url)

      expect(response.statusCode).toBe(303)
      expect(response.headers.location).toBe('/')
    },
  )

  test('is not open to somebody who is not verified yet', async () => {
    const person = createVisitor(desk.web.app)
    await person.reachCheck(applicant())
    const before = desk.line.joined.length

    const start = await person.get('/credential/start')
    const request = await person.post('/credential/request')

    expect(start.headers.location).toBe('/verify/check')
    expect(request.headers.location).toBe('/verify/check')
    expect(desk.line.joined).toHaveLength(before)
  })

  test('is closed again when the details change', async () => {
    const person = await desk.verified()
    await person.get('/verify/details')
    await person.post('/verify/details', applicant({ lastName: 'Another' }))

    expect((await person.post('/credential/request')).headers.location).toBe('/verify/check')
  })

  test('seals what the credential will say for the worker alone', async () => {
    await desk.inLine(applicant({ firstName: 'Ada', lastName: 'Lovelace' }))

    const { joiner, ticket } = desk.line.joined.at(-1) ?? {}
    const packed = joiner?.packed as PackedJob
    const slot = { name: jobs.credentialIssuance.name, id: packed.id }
    const sealed = JSON.parse(await openFixed('payload', slot, packed.sealed))
    expect(ticket?.id).toBe(packed.id)
    expect(sealed).toEqual({ firstName: 'Ada', lastName: 'Lovelace', dateOfBirth: '1986-04-12' })
    expect(JSON.stringify(packed.clear)).not.toMatch(/Ada|Lovelace|1986/)
  })

  test('counts for the person and for the number, so that no other device gets more for it', async () => {
    const ssn = '900-55-1234'
    await desk.inLine(applicant({ ssn }))
    await desk.inLine(applicant({ ssn }))

    const [first = [], second = []] = desk.line.joined
      .slice(-2)
      .map(({ joiner }) => joiner.limits.map(({ key }) => key))
    const shared = first.filter((key) => second.includes(key))
    expect(shared.length).toBeGreaterThan(0)
    expect(shared.every((key) => key.startsWith('credential/ssn/'))).toBe(true)
    expect(first.some((key) => key.startsWith('credential/person/'))).toBe(true)
  })

  test('takes one place, however often the button is pressed', async () => {
    const person = await desk.verified()
    const before = desk.line.joined.length

    const responses = await Promise.all([1, 2, 3].map(() => person.post('/credential/request')))
    await person.post('/credential/request')

    expect(responses.map(({ headers }) => headers.location)).toEqual(
      responses.map(() => '/credential/line'),
    )
    expect(desk.line.joined).toHaveLength(before + 1)
  })

  test('leads whoever has a place to it', async () => {
    const person = await desk.inLine()

    expect((await person.get('/credential/start')).headers.location).toBe('/credential/line')
  })

  test('is found again when the answer to joining was lost', async () => {
    const person = await desk.inLine()
    person.cookies.delete('anteroom-credential')

    const lost = await person.get('/credential/line')
    const again = await person.post('/credential/request')
    const line = await person.get('/credential/line')

    expect(lost.statusCode).toBe(404)
    expect(again.headers.location).toBe('/credential/line')
    expect(headingOf(line)).toBe('You are in line')
  })
})

describe('somebody who is not let in is told why, on a page of its own', () => {
  const soon = () => Date.now() + 90_000

  test.each([
    {
      refusal: { state: 'full', returnAt: soon() },
      status: 503,
      heading: 'The line is too long right now',
    },
    {
      refusal: { state: 'limited', retryAt: soon() },
      status: 429,
      heading: 'You have joined the line too many times',
    },
  ] as const)('$refusal.state, and when to come back', async ({ refusal, status, heading }) => {
    const person = await desk.verified()
    desk.line.refuse(refusal)

    const response = await person.post('/credential/request')

    expect(response.statusCode).toBe(status)
    expect(headingOf(response)).toBe(heading)
    expect(Number(response.headers['retry-after'])).toBeGreaterThan(60)
    expect(response.payload).toContain('<time ')
  })

  test.each([
    { refusal: { state: 'closed' }, status: 503, heading: 'The line is closed right now' },
    {
      refusal: { state: 'busy-elsewhere' },
      status: 409,
      heading: 'Your credential is being made already',
    },
  ] as const)('$refusal.state', async ({ refusal, status, heading }) => {
    const person = await desk.verified()
    desk.line.refuse(refusal)

    const response = await person.post('/credential/request')

    expect(response.statusCode).toBe(status)
    expect(headingOf(response)).toBe(heading)
    expect(response.headers).not.toHaveProperty('retry-after')
  })

  test('a closed line says so before anybody asks, in the words of the operators', async () => {
    const person = await desk.verified()
    desk.line.setOverview({ inLine: 3, open: false, message: 'Back on <Monday>.' })

    const response = await person.get('/credential/start')

    expect(headingOf(response)).toBe('The line is closed right now')
    expect(response.payload).toContain('Back on &#60;Monday&#62;.')
  })
})

describe('in the line', () => {
  test('progress is measured from the place at which the person first saw it', async () => {
    const person = await desk.inLine()
    await person.get('/credential/line')

    desk.line.setStanding({ ...waitingStanding, ahead: 3 })
    const later = await person.get('/credential/line')

    expect(later.payload).toContain('max="13" value="9"')
  })

  test('an app is told the same as the page', async () => {
    const person = await desk.inLine()
    const standing = { ...waitingStanding, paused: 'stopped', message: 'Soon.' } as const
    desk.line.setStanding(standing)

    const response = await person.get('/credential/line/status?page=visible')

    expect(response.json()).toEqual(standing)
    expect(response.headers['cache-control']).toBe('no-store')
  })

  test.each([
    { state: 'called', nextPollSeconds: 2, leaseSeconds: 45, listen: true },
    { state: 'issued' },
    { state: 'failed', reason: 'timed-out', keepsPlace: true },
    { state: 'left', backUntil: 1_900_000_000_000 },
    { state: 'gone', why: 'moved' },
  ] as const)('$state loses nothing on its way to an app', async (standing) => {
    const person = await desk.inLine()
    desk.line.setStanding(standing)

    expect((await person.get('/credential/line/status')).json()).toEqual(standing)
  })

  test('asking keeps the place, and says whether the page can be seen', async () => {
    const person = await desk.inLine()
    desk.line.calls.length = 0

    await person.get('/credential/line')
    await person.get('/credential/line/status?page=visible')
    await person.get('/credential/line/status?page=hidden')

    expect(desk.line.calls).toEqual(['standing unscripted', 'standing visible', 'standing hidden'])
  })

  test('asking keeps the visit alive', async () => {
    const person = await desk.inLine()
    await desk.web.redis.expire(desk.sessionKey(person), 30)

    await person.get('/credential/line/status')

    expect(await desk.web.redis.ttl(desk.sessionKey(person))).toBeGreaterThan(800)
  })

  test('asking does not keep a visit alive for longer than one may last', async () => {
    const person = await desk.inLine()
    const twelveHours = 12 * 60 * 60 * 1000
    const key = desk.sessionKey(person)

    await desk.web.redis.hset(key, 'createdAt', Date.now() - twelveHours + 60_000)
    const shortly = await person.get('/credential/line/status')
    const secondsLeft = await desk.web.redis.ttl(key)
    await desk.web.redis.hset(key, 'createdAt', Date.now() - twelveHours - 1_000)
    const after = await person.get('/credential/line/status')

    expect(shortly.statusCode).toBe(200)
    expect(secondsLeft).toBeLessThanOrEqual(60)
    expect(after.statusCode).toBe(404)
    expect(await desk.web.redis.exists(key)).toBe(0)
  })

  test('closing the page, leaving and coming back reach the line', async () => {
    const person = await desk.inLine()
    await person.get('/credential/line')
    desk.line.calls.length = 0

    const away = await person.post('/credential/line/away')
    const leave = await person.post('/credential/line/leave')
    desk.line.setStanding({ state: 'left', backUntil: Date.UTC(2026, 0, 15, 19, 5) })
    const left = await person.get('/credential/line')
    await person.post('/credential/line/return')

    expect(away.statusCode).toBe(204)
    expect(leave.headers.location).toBe('/credential/line')
    expect(headingOf(left)).toBe('You left the line')
    expect(left.payload).toContain('datetime="2026-01-15T19:05:00.000Z"')
    expect(desk.line.calls).toEqual(['away', 'leave', 'standing unscripted', 'come back'])
  })

  test('nobody is sent away by a page of somebody else', async () => {
    const person = await desk.inLine()
    desk.line.calls.length = 0

    const foreign = { 'sec-fetch-site': 'cross-site' }
    const responses = [
      await person.post('/credential/line/leave', {}, foreign),
      await person.post('/credential/line/away', { csrf: 'wrong' }),
    ]

    expect(responses.map(({ statusCode }) => statusCode)).toEqual([403, 403])
    expect(desk.line.calls).toEqual([])
  })

  test.each([
    [{ state: 'gone', why: 'lapsed' }, 'Your place in line is gone'],
    [{ state: 'gone', why: 'moved' }, 'Your place moved to another device'],
    [
      { state: 'failed', reason: 'vendor-unavailable', keepsPlace: true },
      'The office that makes credentials did not answer',
    ],
  ] as const)('%o has a page, and joining again is possible', async (standing, heading) => {
    const person = await desk.inLine()
    desk.line.setStanding(standing)
    const before = desk.line.joined.length

    const page = await person.get('/credential/line')
    const again = await person.post('/credential/request')

    expect(headingOf(page)).toBe(heading)
    expect(again.headers.location).toBe('/credential/line')
    expect(desk.line.joined).toHaveLength(before + 1)
  })

  test('whose session was lost with Redis finds the place again by the same browser, and it is theirs', async () => {
    const person = await desk.inLine()
    await desk.web.redis.del(desk.sessionKey(person))
    desk.line.lose()

    const line = await person.get('/credential/line')
    const status = await person.get('/credential/line/status')

    expect(headingOf(line)).toBe('You are in line')
    expect(status.statusCode).toBe(200)
  })

  test('whose session was lost with Redis and begins anew is taken to the place', async () => {
    const person = await desk.inLine()
    await desk.web.redis.del(desk.sessionKey(person))
    desk.line.lose()

    expect((await person.get('/verify/consent')).headers.location).toBe('/credential/line')
  })

  test.each([
    ['anteroom-credential', undefined],
    ['anteroom-credential', 'x'.repeat(43)],
    ['anteroom-device', undefined],
  ])(
    'whose session was lost with Redis does not find the place with %s as %s',
    async (name, value) => {
      const person = await desk.inLine()
      await desk.web.redis.del(desk.sessionKey(person))
      desk.line.lose()
      person.cookies.delete(name)
      if (value !== undefined) person.cookies.set(name, value)

      const line = await person.get('/credential/line')
      const consent = await person.get('/verify/consent')

      expect(line.headers.location).toBe('/session/ended')
      expect(headingOf(consent)).toBe('Before you begin')
    },
  )

  test('the owner’s cookie of one place does not lead to another of the same device', async () => {
    const person = await desk.inLine()
    const foreign = person.cookies.get('anteroom-credential') ?? ''
    const { id } = desk.line.joined.at(-1)?.ticket ?? {}
    await person.post('/session/end')
    await person.reachCheck(applicant())
    await desk.verifyAgain(person)
    await person.post('/credential/request')
    await desk.web.redis.del(desk.sessionKey(person))
    desk.line.lose()
    person.cookies.set('anteroom-credential', foreign)

    const line = await person.get('/credential/line')

    expect(desk.line.joined.at(-1)?.ticket.id).not.toBe(id)
    expect(line.headers.location).toBe('/session/ended')
  })

  test.each(['/', '/verify/consent'])('whoever comes to %s is told of the place', async (path) => {
    const person = await desk.inLine()

    const waiting = await person.get(path)
    desk.line.setStanding({ state: 'left', backUntil: Date.now() + 300_000 })
    const left = await person.get(path)

    for (const { payload } of [waiting, left]) {
      expect(payload).toContain('You have a place in line.')
      expect(payload).toContain('href="/credential/line"')
    }
  })

  test('of a place nobody is told who has none, whose place is over, or who has not shown that it is theirs', async () => {
    const person = await desk.inLine()
    const verified = await desk.verified()
    const half = await desk.inLine()
    half.cookies.delete('anteroom-credential')

    const pages = [
      await createVisitor(desk.web.app).get('/'),
      await verified.get('/'),
      await half.get('/'),
    ]
    desk.line.setStanding({ state: 'gone', why: 'lapsed' })
    pages.push(await person.get('/'), await person.get('/verify/consent'))

    for (const { payload } of pages) expect(payload).not.toContain('You have a place in line.')
  })

  test('whoever ends the visit is told that the place is given up, and of no place that was none', async () => {
    const inLine = await desk.inLine()
    const verified = await desk.verified()
    const ended = await inLine.post('/session/end')
    const holder = await desk.inLine()
    await desk.issue()
    const locations = [
      ended.headers.location,
      (await verified.post('/session/end')).headers.location,
      (await holder.post('/session/end')).headers.location,
    ]

    const page = await inLine.get(locations[0] ?? '')
    const plain = await verified.get(locations[1] ?? '')

    expect(page.payload).toContain('You also gave up your place in line.')
    expect(plain.payload).not.toContain('place in line')
    expect(locations.slice(1)).toEqual(['/session/ended', '/session/ended'])
  })

  test.each(['/credential/line', '/verify/consent', '/credential'])(
    'the next person at the same computer does not get the place, nor the credential, by %s',
    async (path) => {
      const person = await desk.inLine()
      await desk.issue()
      const next = createVisitor(desk.web.app)
      next.cookies.set('anteroom-device', person.cookies.get('anteroom-device') ?? '')

      await next.get(path)
      const line = await next.get('/credential/line')
      const file = await next.get('/credential/file')

      expect(line.statusCode).toBe(303)
      expect(line.headers.location).not.toMatch(/^\/credential$/)
      expect(file.statusCode).toBe(404)
      expect(next.cookies.has('anteroom-credential')).toBe(false)
    },
  )

  test('who ended the visit does not find the place again', async () => {
    const person = await desk.inLine()
    await person.get('/credential/line')

    await person.post('/session/end')
    const line = await person.get('/credential/line')

    expect(line.headers.location).toBe('/')
    expect(desk.line.calls).toContain('end')
    expect(person.cookies.has('anteroom-credential')).toBe(false)
  })

  test('the worker’s reports reach the line as they reach the attempts', async () => {
    desk.web.startRecords()
    const report = reportOf('a'.repeat(43), { job: 'credential-issuance' })

    await desk.web.redis.xadd('reports', '*', 'report', JSON.stringify(report))

    await expect.poll(() => desk.line.reports.length, { timeout: 5_000 }).toBeGreaterThan(0)
  })
})

describe('the credential', () => {
  async function issued(): Promise<Visitor> {
    const person = await desk.inLine()
    await person.get('/credential/line')
    await desk.issue()
    return person
  }

  test('is shown, and can be fetched, the same each time', async () => {
    const person = await issued()

    const line = await person.get('/credential/line')
    const page = await person.get('/credential')
    const file = await person.get('/credential/file')
    const saved = await person.get('/credential/file?download=1')

    expect(line.headers.location).toBe('/credential')
    expect(headingOf(page)).toBe('Here is your credential')
    expect(page.payload).toContain('AR-7K2M')
    expect(page.payload).toContain('January 14, 2027')
    expect(page.headers['content-security-policy']).toContain("object-src 'self'")
    expect(file.rawPayload).toEqual(samplePdf)
    expect(saved.rawPayload).toEqual(samplePdf)
    expect(file.headers).toMatchObject({
      'content-type': 'application/pdf',
      'content-disposition': 'inline; filename="anteroom-credential.pdf"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    expect(saved.headers['content-disposition']).toMatch(/^attachment; /)
  })

  test('has nothing of it in any address', async () => {
    const person = await issued()
    const { id = '' } = desk.line.joined.at(-1)?.ticket ?? {}

    const pages = [await person.get('/credential'), await person.get('/credential/line')]

    for (const { payload } of pages) expect(payload).not.toContain(id)
    expect(desk.web.logLines.join('\n')).not.toContain(id)
  })

  const flipped = (text: string, index: number): string => {
    const other = text[index] === 'A' ? 'B' : 'A'
    return `${text.slice(0, index)}${other}${text.slice(index + 1)}`
  }

  const changes: [string, (person: Visitor) => Promise<Visitor> | Visitor][] = [
    ['without any cookie', () => createVisitor(desk.web.app)],
    ['in another browser that is verified too', () => desk.verified()],
    [
      'without the owner’s cookie',
      (person) => {
        person.cookies.delete('anteroom-credential')
        return person
      },
    ],
    [
      'without the session',
      (person) => {
        person.cookies.delete('anteroom-session')
        return person
      },
    ],
    ...['anteroom-credential', 'anteroom-session'].flatMap((name) =>
      [0, 20, 42].map((index): [string, (person: Visitor) => Visitor] => [
        `with character ${index} of ${name} changed`,
        (person) => {
          person.cookies.set(name, flipped(person.cookies.get(name) ?? '', index))
          return person
        },
      ]),
    ),
    [
      'with the owner’s cookie of somebody else',
      async (person) => {
        const other = await desk.inLine()
        desk.line.setStanding({ state: 'issued' })
        person.cookies.set('anteroom-credential', other.cookies.get('anteroom-credential') ?? '')
        return person
      },
    ],
    [
      'after ten minutes',
      async (person) => {
        await desk.web.redis.del(`outcome:${desk.line.joined.at(-1)?.ticket.id}`)
        return person
      },
    ],
    [
      'after the visit was ended',
      async (person) => {
        const kept = new Map(person.cookies)
        await person.post('/session/end')
        for (const [name, value] of kept) person.cookies.set(name, value)
        return person
      },
    ],
  ]

  test.each(changes)('is not there %s, and no answer tells why', async (_how, change) => {
    const nobody = await createVisitor(desk.web.app).get('/credential')
    const asked = await change(await issued())

    const page = await asked.get('/credential')
    const file = await asked.get('/credential/file?download=1')

    expect(nobody.statusCode).toBe(404)
    expect(faceOf(page)).toEqual(faceOf(nobody))
    expect(faceOf(file)).toEqual(faceOf(nobody))
  })

  test('is deleted when the visit ends', async () => {
    const person = await issued()
    await person.get('/credential')
    const { id = '' } = desk.line.joined.at(-1)?.ticket ?? {}

    await person.post('/session/end')

    expect(await desk.web.redis.exists(`outcome:${id}`)).toBe(0)
  })

  test('is not asked for twice while it is there', async () => {
    const person = await issued()
    const before = desk.line.joined.length

    const own = await person.post('/credential/request')
    person.cookies.delete('anteroom-credential')
    const half = await person.post('/credential/request')

    expect(own.headers.location).toBe('/credential/line')
    expect(half.statusCode).toBe(404)
    expect(desk.line.joined).toHaveLength(before)
  })

  test('is made anew after ten minutes for whoever is verified again, and for nobody else', async () => {
    const person = await issued()
    const before = desk.line.joined.length
    await desk.web.redis.del(`outcome:${desk.line.joined.at(-1)?.ticket.id}`)

    const line = await person.get('/credential/line')
    const start = await person.get('/credential/start')
    const request = await person.post('/credential/request')
    const [reloaded, joinedMeanwhile] = [
      await person.get('/credential/line'),
      desk.line.joined.length,
    ]
    await desk.verifyAgain(person)
    const again = await person.post('/credential/request')

    expect(headingOf(line)).toBe('Your credential is no longer here')
    expect(line.payload).toContain('href="/verify/check"')
    expect(headingOf(reloaded)).toBe('Your credential is no longer here')
    expect([start, request].map(({ headers }) => headers.location)).toEqual([
      '/verify/check',
      '/verify/check',
    ])
    expect(joinedMeanwhile).toBe(before)
    expect(again.headers.location).toBe('/credential/line')
    expect(desk.line.joined).toHaveLength(before + 1)
  })

  test('is made anew for whoever was verified again while the last one was still there', async () => {
    const person = await issued()
    const before = desk.line.joined.length
    await person.get('/credential')
    await desk.verifyAgain(person)
    await desk.web.redis.del(`outcome:${desk.line.joined.at(-1)?.ticket.id}`)

    await person.get('/credential/line')
    const again = await person.post('/credential/request')

    expect(again.headers.location).toBe('/credential/line')
    expect(desk.line.joined).toHaveLength(before + 1)
  })
})
