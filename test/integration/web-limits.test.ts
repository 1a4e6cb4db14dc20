import { pushOutcome } from '@anteroom/job-channel'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { startTestDatabase, type TestDatabase } from '../support/database.ts'
import { headingOf } from '../support/person.ts'
import { createVisitor, startTestWeb, type TestWeb, type Visitor } from '../support/web.ts'

let database: TestDatabase
beforeAll(async () => {
  database = await startTestDatabase()
})
afterAll(() => database.stop())

const keyOf = (byte: number) => Buffer.alloc(32, byte).toString('base64url')
const oldKey = `old:${keyOf(6)}`
const newKey = `new:${keyOf(7)}`

/** A web of its own; all of them keep their records in one database. */
async function startWeb(settings: Record<string, string>): Promise<TestWeb> {
  const web = await startTestWeb(settings, { database })
  onTestFinished(() => web.stop())
  return web
}

/** Hands a check in and says where that leads: to waiting, or to being told that it was too often. */
async function handIn(
  web: TestWeb,
  details: Record<string, string>,
  person: Visitor = createVisitor(web.app),
): Promise<string> {
  await person.reachCheck(details)
  const { headers } = await person.post('/verify/check')
  await person.get('/verify/wait')
  return String(headers.location)
}

/** The check under way fails by what the person typed, so that it stays counted and the next can begin. */
async function reject(web: TestWeb, person: Visitor): Promise<void> {
  const { rows } = await database
    .pool('web')
    .query<{ job_id: string }>('select job_id from web.attempts order by enqueued_at desc limit 1')
  const jobId = rows[0]?.job_id ?? ''
  const outcome = { state: 'failed', reason: 'rejected-input' } as const
  await pushOutcome(web.redis.pipeline(), { jobId, outcome, seconds: 60 }).exec()
  await person.get('/verify/wait')
  await person.get('/verify/result')
}

const waits = '/verify/wait'
const isTold = '/verify/result'

describe('a Social Security number', () => {
  test('may be checked only so often, from whatever device; another one is not concerned', async () => {
    const web = await startWeb({ ANTEROOM_SSN_ATTEMPTS: '3' })
    const details = applicant()

    const led = []
    for (let device = 1; device <= 4; device += 1) led.push(await handIn(web, details))
    const other = await handIn(web, applicant())

    expect(led).toEqual([waits, waits, waits, isTold])
    expect(other).toBe(waits)
  })

  test('however it is typed', async () => {
    const web = await startWeb({ ANTEROOM_SSN_ATTEMPTS: '2' })
    const { ssn = '' } = applicant()

    const led = []
    for (const typed of [ssn, ssn.replaceAll('-', ''), ssn.replaceAll('-', ' ')]) {
      led.push(await handIn(web, applicant({ ssn: typed })))
    }

    expect(led).toEqual([waits, waits, isTold])
  })

  test('that was checked too often ends on a page with the time of the next try, which then leads on', async () => {
    const web = await startWeb({ ANTEROOM_SSN_ATTEMPTS: '1', ANTEROOM_SSN_WINDOW_SECONDS: '3' })
    const details = applicant()
    await handIn(web, details)
    const person = createVisitor(web.app)

    const led = await handIn(web, details, person)
    const limited = await person.get('/verify/result')
    await expect
      .poll(async () => headingOf((await person.get('/verify/result')).payload), { timeout: 6_000 })
      .toBe('You can try again now')
    const retried = await person.post('/verify/retry')

    expect(led).toBe(isTold)
    expect(headingOf(limited.payload)).toBe('You have tried too many times')
    expect(limited.payload).toMatch(/<time datetime="[^"]+"/)
    expect(limited.payload).not.toContain('action="/verify/retry"')
    expect(retried.headers.location).toBe(waits)
  })
})

describe('after the key of fingerprints was rotated', () => {
  test('a person has no more tries than before', async () => {
    const limits = { ANTEROOM_RESOLUTION_ATTEMPTS: '2', ANTEROOM_SSN_ATTEMPTS: '100' }
    const before = await startWeb({ ...limits, ANTEROOM_FINGERPRINT_KEYS: oldKey })
    const person = createVisitor(before.app)
    await handIn(before, applicant(), person)
    await reject(before, person)
    const after = await startWeb({ ...limits, ANTEROOM_FINGERPRINT_KEYS: `${newKey},${oldKey}` })
    const again = createVisitor(after.app)
    for (const [name, value] of person.cookies) again.cookies.set(name, value)

    const second = await handIn(after, applicant(), again)
    await reject(after, again)
    const third = await handIn(after, applicant(), again)

    expect([second, third]).toEqual([waits, isTold])
  })

  test('a number may be checked no more often than before, and what is checked since counts under the new key alone', async () => {
    const limits = { ANTEROOM_SSN_ATTEMPTS: '2' }
    const details = applicant()
    const before = await startWeb({ ...limits, ANTEROOM_FINGERPRINT_KEYS: oldKey })
    await handIn(before, details)
    const during = await startWeb({ ...limits, ANTEROOM_FINGERPRINT_KEYS: `${newKey},${oldKey}` })
    const after = await startWeb({ ...limits, ANTEROOM_FINGERPRINT_KEYS: newKey })

    const led = [
      await handIn(during, details),
      await handIn(during, details),
      await handIn(after, details),
      await handIn(after, details),
    ]

    expect(led).toEqual([waits, isTold, waits, isTold])
  })
})
