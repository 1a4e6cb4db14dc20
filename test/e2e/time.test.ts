import { hash } from 'node:crypto'
import { freePort } from '@anteroom/infra/local/ports.ts'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, test } from 'vitest'
import type { Person } from '../support/person.ts'
import { startService } from '../support/service.ts'
import { startTestSystem, type TestSystem, waitForAnswer, walkToWaiting } from '../support/walk.ts'

// Real minutes pass here, so everything that waits for the same minute waits together.
let steady: TestSystem
let mortal: TestSystem
let redis: Redis
beforeAll(async () => {
  ;[steady, mortal] = await Promise.all([startTestSystem(), startTestSystem()])
  redis = new Redis(steady.stack.redis.urls.admin)
})
afterAll(async () => {
  redis.disconnect()
  await Promise.all([steady.stop(), mortal.stop()])
})

async function ledgerOf({
  stack,
}: TestSystem): Promise<{ state: string; reason: string | null }[]> {
  return query(stack.adminUrl, 'select state, reason from worker.ledger order by enqueued_at')
}

async function attemptsOf({
  stack,
}: TestSystem): Promise<{ state: string; reason: string | null }[]> {
  return query(stack.adminUrl, 'select state, reason from web.attempts order by enqueued_at')
}

async function query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<Row>(text)
  await client.end()
  return rows
}

/** Where the outcome of the check that this person waits for will lie. */
async function outcomeKeyOf({ cookies }: Person): Promise<string> {
  const session = hash('sha256', cookies.get('anteroom-session') ?? '', 'base64url')
  const attempt = await redis.hget(`session:${session}`, 'attempt')
  return `outcome:${JSON.parse(attempt ?? '{}').jobId}`
}

test.concurrent('a vendor slower than the deadline ends in a page that says so, and trying again needs no typing', async ({
  expect,
}) => {
  const { person } = await walkToWaiting(steady.web.url, { firstName: 'Slow 70' })
  const startedAt = Date.now()

  const answer = await waitForAnswer(person)
  const seconds = (Date.now() - startedAt) / 1000
  const retried = await person.submit(answer, '/verify/retry')

  expect(answer.heading).toBe('The check took too long')
  expect(answer.html).toContain('You have 5 tries left.')
  expect(seconds).toBeGreaterThan(55)
  expect(seconds).toBeLessThan(62)
  expect(retried.path).toBe('/verify/wait')
})

test.concurrent('a worker that is killed leaves nobody waiting: the page says in time that it took too long, the attempt is given back, and the next worker answers', async ({
  expect,
}) => {
  const { person } = await walkToWaiting(mortal.web.url, { firstName: 'Slow 8' })
  await expect.poll(() => ledgerOf(mortal)).toEqual([{ state: 'running', reason: null }])
  await mortal.worker.kill()
  const startedAt = Date.now()

  const answer = await waitForAnswer(person)
  const next = await startService('worker', mortal.stack, { internalPort: await freePort() })
  await expect
    .poll(() => attemptsOf(mortal), { timeout: 30_000 })
    .toEqual([{ state: 'failed', reason: 'timed-out' }])
  await person.submit(answer, '/verify/retry')
  const verified = await waitForAnswer(person)
  await next.stop()

  expect(answer.heading).toBe('The check took too long')
  expect((Date.now() - startedAt) / 1000).toBeLessThan(110)
  expect(verified.heading).toBe('Your details match')
})

test.concurrent('an outcome that comes too late is not stored: one answer, never two', async ({
  expect,
}) => {
  const { person } = await walkToWaiting(steady.web.url, { firstName: 'Slow 59', lastName: 'Late' })
  const key = await outcomeKeyOf(person)

  const answer = await waitForAnswer(person)
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  const outcome = await redis.get(key)

  expect(answer.heading).toBe('The check took too long')
  expect(JSON.parse(outcome ?? '')).toEqual({ state: 'failed', reason: 'timed-out' })
})

test.concurrent('who comes back after the result has gone is told so, and not that it took too long', async ({
  expect,
}) => {
  const { person } = await walkToWaiting(steady.web.url, { firstName: 'Slow 1' })
  const key = await outcomeKeyOf(person)
  await expect.poll(() => redis.exists(key), { timeout: 20_000 }).toBe(1)
  await expect.poll(() => redis.exists(key), { timeout: 70_000, interval: 500 }).toBe(0)

  const answer = await person.get('/verify/wait')

  expect(answer.path).toBe('/verify/result')
  expect(answer.heading).toBe('The answer is no longer here')
  expect(answer.html).toContain('/verify/retry')
})

test.concurrent('a person who never comes back is settled all the same', async ({ expect }) => {
  const { person } = await walkToWaiting(steady.web.url, { firstName: 'Slow 2', lastName: 'Gone' })
  const jobId = (await outcomeKeyOf(person)).slice('outcome:'.length)

  await expect
    .poll(
      () =>
        query(steady.stack.adminUrl, `select state from web.attempts where job_id = '${jobId}'`),
      { timeout: 20_000 },
    )
    .toEqual([{ state: 'done' }])
})
