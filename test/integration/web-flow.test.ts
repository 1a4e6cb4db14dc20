import { pushOutcome, pushReport } from '@anteroom/job-channel'
import { type FailureReason, jobs, type Outcome } from '@anteroom/job-contracts'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { Session } from '../../apps/idp-web/src/session/session.ts'
import { applicant } from '../support/applicant.ts'
import { fixedSealer } from '../support/fixed-keys.ts'
import { reportOf } from '../support/report.ts'
import { createVisitor, startTestWeb, type TestWeb, type Visitor } from '../support/web.ts'

let web: TestWeb
beforeAll(async () => {
  web = await startTestWeb()
})
afterAll(() => web.stop())

const visitor = (): Visitor => createVisitor(web.app)

async function jobsOf(table = 'web.attempts'): Promise<{ job_id: string; job: string }[]> {
  const { rows } = await web.database
    .pool('admin')
    .query(`select job_id, job from ${table} order by enqueued_at`)
  return rows
}

async function lastJobId(): Promise<string> {
  return (await jobsOf()).at(-1)?.job_id ?? ''
}

/** What the worker would push. */
async function push(jobId: string, outcome: Outcome): Promise<void> {
  await pushOutcome(web.redis.pipeline(), { jobId, outcome, seconds: 60 }).exec()
}

async function answerDone(job: string, result: object): Promise<void> {
  const jobId = await lastJobId()
  const slot = { purpose: 'result', name: job, id: jobId } as const
  await push(jobId, { state: 'done', sealed: await fixedSealer.seal(slot, JSON.stringify(result)) })
}

const answerFailed = async (reason: FailureReason) =>
  push(await lastJobId(), { state: 'failed', reason })

const resolved = (verified: boolean) => ({
  verified,
  references: { resolution: 'r', stateId: 's' },
})

async function submitted(details = applicant()): Promise<Visitor> {
  const person = visitor()
  await person.reachCheck(details)
  await person.post('/verify/check')
  return person
}

const cookieOf = (person: Visitor): string => person.cookies.get('anteroom-session') ?? ''

/** Takes ids for a check of the details that this session was about when it was loaded. */
const claimCheck = (session: Session) =>
  web.deps.sessions.claimAttempt(
    session,
    {
      attemptId: 'a',
      jobId: 'j',
      check: 'resolution-proofing',
      subjectId: session.detailsId ?? '',
      lapsesAt: Date.now() + 60_000,
    },
    'details',
  )

const headingOf = (html: string): string =>
  /<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1]?.trim() ?? ''

describe('the way through', () => {
  test('a person goes from the first page to the end, each step opened by the one before', async () => {
    const person = await submitted()

    const waiting = await person.get('/verify/wait')
    await answerDone('resolution-proofing', resolved(true))
    const identified = await person.get('/verify/wait')
    const halfway = await person.get('/verify/result')
    await person.get('/verify/phone')
    const phone = await person.post('/verify/phone', { phone: '(703) 555-0142' })
    await answerDone('address-proofing', { verified: true, references: { address: 'a' } })
    const concluded = await person.get('/verify/wait')
    const end = await person.get('/verify/result')

    expect(waiting.statusCode).toBe(200)
    expect(identified.headers.location).toBe('/verify/result')
    expect(halfway.payload).toContain('href="/verify/phone"')
    expect(phone.headers.location).toBe('/verify/wait')
    expect(concluded.headers.location).toBe('/verify/result')
    expect(headingOf(end.payload)).toMatch(/verified/i)
    expect((await jobsOf()).slice(-2).map(({ job }) => job)).toEqual([
      'resolution-proofing',
      'address-proofing',
    ])
  })

  test('the outcome is gone from Redis as soon as the person has it', async () => {
    const person = await submitted()
    await answerDone('resolution-proofing', resolved(true))

    await person.get('/verify/wait')

    expect(await web.redis.exists(`outcome:${await lastJobId()}`)).toBe(0)
  })

  test.each([
    ['/verify/details', '/'],
    ['/verify/check', '/'],
    ['/verify/wait', '/'],
    ['/verify/phone', '/'],
    ['/verify/result', '/'],
  ])('a stranger at %s is sent to the beginning', async (url, to) => {
    const response = await visitor().get(url)

    expect(response.statusCode).toBe(303)
    expect(response.headers.location).toBe(to)
  })

  test.each([
    ['/verify/details', '/verify/consent'],
    ['/verify/check', '/verify/consent'],
    ['/verify/phone', '/verify/consent'],
  ])('without consent %s leads to %s', async (url, to) => {
    const person = visitor()
    await person.get('/verify/consent')

    expect((await person.get(url)).headers.location).toBe(to)
  })

  test.each([
    ['post', '/verify/check', '/verify/details'],
    ['post', '/verify/phone', '/verify/check'],
    ['get', '/verify/phone', '/verify/check'],
    ['post', '/verify/retry', '/verify/details'],
    ['post', '/verify/cancel', '/verify/result'],
  ] as const)('a step skipped by %s %s leads back, and no job is made', async (method, url, to) => {
    const person = visitor()
    await person.get('/verify/consent')
    await person.post('/verify/consent', { consent: 'yes' })
    await person.get('/verify/details')
    if (url === '/verify/phone') await person.post('/verify/details', applicant())
    const before = (await jobsOf()).length

    const response = await person[method](url)

    expect(response.headers.location).toBe(to)
    expect((await jobsOf()).length).toBe(before)
  })

  test('who passed with one name cannot go on with another', async () => {
    const person = await submitted()
    await answerDone('resolution-proofing', resolved(true))
    await person.get('/verify/wait')
    await person.get('/verify/details')
    await person.post('/verify/details', applicant({ firstName: 'Somebody', lastName: 'Else' }))

    const response = await person.get('/verify/phone')

    expect(response.headers.location).toBe('/verify/check')
  })

  test('details that arrive while a check is under way change nothing: a pass is for what was checked', async () => {
    const person = visitor()
    await person.reachCheck(applicant())
    const before = await person.get('/verify/details')
    await person.post('/verify/check')
    const [key = ''] = await sessionKeysOf(await lastJobId())
    const checked = await web.redis.hget(key, 'details')

    // A request that was loaded before the check began, and whose body comes only now.
    const stale = await web.deps.sessions.load(cookieOf(person))
    const isWritten = await web.deps.sessions.patch(
      stale ?? expect.unreachable(),
      { details: 'of somebody else', detailsId: 'another' },
      'no-attempt',
    )
    const late = await person.post('/verify/details', applicant({ lastName: 'Else' }))

    expect(before.statusCode).toBe(200)
    expect(isWritten).toBe(false)
    expect(late.headers.location).toBe('/verify/wait')
    expect(await web.redis.hget(key, 'details')).toBe(checked)
  })

  test('a pass does not follow a person to other details, whatever wrote them', async () => {
    const person = await submitted()
    const [key = ''] = await sessionKeysOf(await lastJobId())
    await web.redis.hset(key, 'detailsId', 'another')
    await answerDone('resolution-proofing', resolved(true))
    await person.get('/verify/wait')

    expect((await person.get('/verify/phone')).headers.location).toBe('/verify/check')
    expect((await person.post('/verify/phone', { phone: '7035550142' })).headers.location).toBe(
      '/verify/check',
    )
  })

  test('a check cannot be handed in for details that have changed since', async () => {
    const person = visitor()
    await person.reachCheck(applicant())
    const session = (await web.deps.sessions.load(cookieOf(person))) ?? expect.unreachable()
    await web.deps.sessions.patch(session, { detailsId: 'newer' })
    const before = (await jobsOf()).length

    const claimed = await claimCheck(session)

    expect(claimed).toBe('changed')
    expect((await jobsOf()).length).toBe(before)
  })

  test('who has ended their session leaves nothing behind for the next at this device', async () => {
    const person = await submitted()
    await person.get('/verify/wait')
    await person.post('/session/end')

    const next = await person.get('/verify/consent')
    const details = await person.get('/verify/details')

    expect(next.statusCode).toBe(200)
    expect(details.headers.location).toBe('/verify/consent')
    expect((await person.get('/verify/result')).headers.location).toBe('/verify/details')
  })

  test('a session that has ended is not written to, and no key without an end is left', async () => {
    const person = visitor()
    await person.reachCheck(applicant())
    const session = (await web.deps.sessions.load(cookieOf(person))) ?? expect.unreachable()
    await person.post('/session/end')

    const claimed = await claimCheck(session)

    expect(claimed).toBe('changed')
    expect(await web.deps.sessions.patch(session, { consentedAt: 1 })).toBe(false)
  })

  test('a second click on consent is not an error', async () => {
    const person = visitor()
    await person.get('/verify/consent')

    const answers = await Promise.all([
      person.post('/verify/consent', { consent: 'yes' }),
      person.post('/verify/consent', { consent: 'yes' }),
    ])

    expect(answers.map(({ headers }) => headers.location)).toEqual([
      '/verify/details',
      '/verify/details',
    ])
    expect((await person.get('/verify/details')).statusCode).toBe(200)
  })

  test('consent that is not given is asked for again', async () => {
    const person = visitor()
    await person.get('/verify/consent')

    const response = await person.post('/verify/consent', {})

    expect(response.statusCode).toBe(422)
    expect((await person.get('/verify/details')).headers.location).toBe('/verify/consent')
  })
})

describe('what a person is told', () => {
  test.each([
    ['vendor-unavailable', 5],
    ['timed-out', 5],
    ['internal', 5],
    ['rejected-input', 4],
  ] as const)(
    'after %s: a way to try again without typing, and another way',
    async (reason, tries) => {
      const person = await submitted()
      await answerFailed(reason)
      await web.deps.attempts.applyReports([
        reportOf(await lastJobId(), { state: 'failed', reason, billed: 0 }),
      ])

      await person.get('/verify/wait')
      const page = await person.get('/verify/result')

      expect(page.payload).toContain('href="/other-ways"')
      expect(page.payload).toContain(`You have ${tries} tries left.`)
      const retried = reason === 'rejected-input' ? undefined : await person.post('/verify/retry')
      if (retried) expect(retried.headers.location).toBe('/verify/wait')
    },
  )

  test('a mismatch never says which field it was: a result has one verdict, and the page reads nothing else of it', async () => {
    const pages: string[] = []
    for (const references of [
      { resolution: 'ref-of-resolution', stateId: 'ref-of-state' },
      { resolution: 'did-not-match', stateId: 'matched' },
    ]) {
      const person = await submitted()
      await answerDone('resolution-proofing', { verified: false, references })
      await person.get('/verify/wait')
      pages.push((await person.get('/verify/result')).payload.replace(/value="[\w-]{43}"/g, ''))
    }

    const { shape } = jobs.resolutionProofing.result
    expect(Object.keys(shape)).toEqual(['verified', 'references'])
    expect(shape.verified.type).toBe('boolean')
    for (const reference of Object.values(shape.references.shape)) {
      expect(reference.safeParse('ref-1').success).toBe(true)
      expect(reference.safeParse({ field: false }).success).toBe(false)
    }
    expect(Object.keys(jobs.addressProofing.result.shape)).toEqual(['verified', 'references'])
    expect(pages[0]).toBe(pages[1])
    expect(pages[0]).not.toMatch(/ref-of|did-not-match/)
    expect(pages[0]).toContain('href="/other-ways"')
  })

  test('after the last try: when the next one is', async () => {
    const person = await submitted()
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await answerDone('resolution-proofing', resolved(false))
      await person.get('/verify/wait')
      await person.get('/verify/check')
      await person.post('/verify/check')
    }

    const page = await person.get('/verify/result')

    expect(headingOf(page.payload)).toMatch(/too many|no more|try again later/i)
    expect(page.payload).toMatch(/<time datetime="\d{4}-/)
  })

  test('at the deadline without an answer: that it took too long, and the worker cannot answer any more', async () => {
    const person = await submitted()
    const jobId = await lastJobId()
    await passDeadline(person, jobId)

    const concluded = await person.get('/verify/wait')
    await answerDone('resolution-proofing', resolved(true))
    const page = await person.get('/verify/result')

    expect(concluded.headers.location).toBe('/verify/result')
    expect(headingOf(page.payload)).toMatch(/too long/i)
    expect(JSON.parse((await web.redis.get(`outcome:${jobId}`)) ?? '')).toEqual({
      state: 'failed',
      reason: 'timed-out',
    })
  })

  test('an answer nobody came for in time has a page of its own, which does not say “timed out”', async () => {
    const person = await submitted()
    const jobId = await lastJobId()
    await web.deps.attempts.applyReports([reportOf(jobId)])
    await passDeadline(person, jobId)

    await person.get('/verify/wait')
    const page = await person.get('/verify/result')

    expect(headingOf(page.payload)).not.toMatch(/too long/i)
    expect(headingOf(page.payload)).toMatch(/result|answer/i)
  })

  test('what cannot be opened is an outage of ours: the page says so, and the answer is not lost', async () => {
    const person = await submitted()
    const jobId = await lastJobId()
    await push(jobId, { state: 'done', sealed: 'not.a.sealed.message.' })

    const response = await person.get('/verify/wait')

    expect(response.statusCode).toBe(500)
    expect(await web.redis.exists(`outcome:${jobId}`)).toBe(1)
  })
})

/** Moves the session's deadline into the past: the person has waited. */
async function passDeadline(person: Visitor, jobId: string): Promise<void> {
  const [key] = (await web.redis.keys('session:*')).length > 0 ? await sessionKeysOf(jobId) : []
  if (key === undefined) throw new Error('no session has this job')
  const attempt = JSON.parse((await web.redis.hget(key, 'attempt')) ?? '{}')
  await web.redis.hset(key, 'attempt', JSON.stringify({ ...attempt, deadlineAt: Date.now() - 1 }))
  expect(person.cookies.size).toBe(2)
}

async function sessionKeysOf(jobId: string): Promise<string[]> {
  const keys = await web.redis.keys('session:*')
  const attempts = await Promise.all(keys.map((key) => web.redis.hget(key, 'attempt')))
  return keys.filter((_key, index) => attempts[index]?.includes(jobId))
}

describe('handing in', () => {
  test('twice at once makes one attempt and one job', async () => {
    const person = visitor()
    await person.reachCheck(applicant())
    const before = (await jobsOf()).length

    const answers = await Promise.all(Array.from({ length: 8 }, () => person.post('/verify/check')))

    expect(new Set(answers.map(({ headers }) => headers.location))).toEqual(
      new Set(['/verify/wait']),
    )
    expect((await jobsOf()).length).toBe(before + 1)
  })

  test('what no worker has claimed can be called off', async () => {
    const person = await submitted()
    await person.get('/verify/wait')

    const cancelled = await person.post('/verify/cancel')

    expect(cancelled.headers.location).toBe('/verify/result')
    const { rows } = await web.database
      .pool('admin')
      .query('select 1 from graphile_worker._private_jobs where key = $1', [await lastJobId()])
    expect(rows).toEqual([])
  })

  test('what a worker has begun runs to its end, but nobody has to wait for it', async () => {
    const person = await submitted()
    await person.get('/verify/wait')
    await web.database
      .pool('admin')
      .query(
        `update graphile_worker._private_jobs set locked_at = now(), locked_by = 'w', attempts = 1 where key = $1`,
        [await lastJobId()],
      )

    const stopped = await person.post('/verify/cancel')
    const page = await person.get('/verify/result')

    expect(stopped.headers.location).toBe('/verify/result')
    expect(page.payload).toContain('this may count as a try')
    expect(page.payload).toContain('You have 4 tries left.')
  })

  test('an attempt that will be given back is not counted on the page that says so', async () => {
    const person = await submitted()
    await answerFailed('internal')

    await person.get('/verify/wait')
    const page = await person.get('/verify/result')

    expect(page.payload).toContain('You have 5 tries left.')
  })

  test('nothing a person typed is readable in Postgres or Redis', async () => {
    const details = applicant({
      firstName: 'Quillemina',
      lastName: 'Vandersnoot',
      city: 'Marzipanville',
    })
    await submitted(details)

    const { rows } = await web.database
      .pool('admin')
      .query('select payload::text as text from graphile_worker._private_jobs')
    const sessions = await Promise.all(
      (await web.redis.keys('session:*')).map((key) => web.redis.hgetall(key)),
    )
    const stored = JSON.stringify([rows, sessions])

    for (const mark of [
      'Quillemina',
      'Vandersnoot',
      'Marzipanville',
      details.ssn,
      details.ssn?.replaceAll('-', ''),
    ]) {
      expect(stored).not.toContain(mark)
    }
  })
})

describe('the waiting page', () => {
  test('is told to ask again soon, and told when there is an answer', async () => {
    const person = await submitted()

    const before = (await person.get('/verify/status')).json()
    await answerDone('resolution-proofing', resolved(true))
    const after = (await person.get('/verify/status')).json()

    expect(before).toEqual({ state: 'waiting', nextPollSeconds: expect.any(Number) })
    expect(before.nextPollSeconds).toBeGreaterThan(0.7)
    expect(before.nextPollSeconds).toBeLessThan(1.3)
    expect(after.state).toBe('answered')
  })

  test('of a stranger is the same 404, whatever they send', async () => {
    const answers = await Promise.all(
      ['', 'anteroom-session=', `anteroom-session=${'x'.repeat(43)}`, 'anteroom-session=%00'].map(
        (cookie) => web.app.inject({ url: '/verify/status', headers: { cookie } }),
      ),
    )

    expect(new Set(answers.map(({ statusCode, payload }) => `${statusCode} ${payload}`))).toEqual(
      new Set(['404 {"state":"ended"}']),
    )
  })

  test('opens nothing and needs no key: a poll is two reads of Redis', async () => {
    const person = await submitted()
    await push(await lastJobId(), { state: 'done', sealed: 'cannot.be.opened' })
    await web.redis.config('RESETSTAT')

    const answer = await person.get('/verify/status')

    expect(answer.json().state).toBe('answered')
    expect(await commandsSince()).toEqual({ hget: 1, get: 1 })
  })

  /** How often Redis was given each command since its statistics were reset; what this asks with does not count. */
  async function commandsSince(): Promise<Record<string, number>> {
    const text = await web.redis.info('commandstats')
    const counts = [...text.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gm)]
    return Object.fromEntries(
      counts
        .filter(([, name = '']) => !/^(config|info)/.test(name))
        .map(([, name = '', calls]) => [name, Number(calls)]),
    )
  }
})

describe('the records', () => {
  const vendorUnavailable = (jobId: string) =>
    reportOf(jobId, { state: 'failed', reason: 'vendor-unavailable', billed: 0 })

  test('settle for a person who never came back', async () => {
    web.startRecords()
    await submitted()
    const jobId = await lastJobId()

    await pushReport(web.redis.pipeline(), vendorUnavailable(jobId)).exec()

    await expect
      .poll(async () => {
        const { rows } = await web.database
          .pool('web')
          .query('select state, reason from web.attempts where job_id = $1', [jobId])
        return rows[0]
      })
      .toEqual({ state: 'failed', reason: 'vendor-unavailable' })
    await expect.poll(() => web.redis.xlen('reports')).toBe(0)
  })

  test('are asked for again after Redis was lost, from the oldest attempt that is unsettled', async () => {
    const other = await startTestWeb()
    onTestFinished(() => other.stop())
    const person = createVisitor(other.app)
    await person.reachCheck(applicant())
    await person.post('/verify/check')
    const asked = () =>
      other.database
        .pool('admin')
        .query<{ since: string }>(
          `select payload -> 'clear' ->> 'since' as since from graphile_worker._private_jobs as job
           join graphile_worker._private_tasks as task on task.id = job.task_id
           where task.identifier = 'report-again'`,
        )
        .then(({ rows }) => rows)
    const { rows } = await other.database
      .pool('admin')
      .query<{ at: Date }>('select enqueued_at as at from web.attempts')
    // The consumer's group is what a loss takes away: while it is there, nothing is asked for.
    await other.redis.xgroup('CREATE', 'reports', 'web', '0', 'MKSTREAM')
    await pushReport(other.redis.pipeline(), vendorUnavailable('x'.repeat(43))).exec()
    other.startRecords()
    await expect.poll(() => other.redis.xlen('reports')).toBe(0)
    expect(await asked()).toEqual([])

    await other.redis.flushall()

    await expect.poll(asked, { timeout: 10_000 }).toEqual([{ since: rows[0]?.at.toISOString() }])
  })

  test('let the same device find its attempt again after Redis was lost', async () => {
    const person = await submitted()
    await web.redis.flushall()

    await person.get('/verify/consent')
    const page = await person.get('/verify/wait')

    expect(page.statusCode).toBe(200)
    await answerDone('resolution-proofing', resolved(false))
    expect((await person.get('/verify/wait')).headers.location).toBe('/verify/result')
  })
})
