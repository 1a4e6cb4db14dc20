import { freePort } from '@anteroom/infra/local/ports.ts'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, test } from 'vitest'
import { startService } from '../support/service.ts'
import { startTestSystem, type TestSystem, waitForAnswer, walkToWaiting } from '../support/walk.ts'

// Real minutes pass here, so everything that waits for the same minute waits together.
let steady: TestSystem
let mortal: TestSystem
beforeAll(async () => {
  ;[steady, mortal] = await Promise.all([startTestSystem(), startTestSystem()])
})
afterAll(async () => {
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
  const redis = new Redis(steady.stack.redis.urls.admin)
  const { person } = await walkToWaiting(steady.web.url, { firstName: 'Slow 59', lastName: 'Late' })

  const answer = await waitForAnswer(person)
  await new Promise((resolve) => setTimeout(resolve, 4_000))
  const outcomes = await Promise.all((await redis.keys('outcome:*')).map((key) => redis.get(key)))
  redis.disconnect()

  expect(answer.heading).toBe('The check took too long')
  expect(outcomes.filter((outcome) => outcome?.includes('"done"'))).toEqual([])
})

test.concurrent('who comes back after the result has gone is told so, and not that it took too long', async ({
  expect,
}) => {
  const { person } = await walkToWaiting(steady.web.url, { firstName: 'Slow 1' })
  await new Promise((resolve) => setTimeout(resolve, 64_000))

  const answer = await person.get('/verify/wait')

  expect(answer.path).toBe('/verify/result')
  expect(answer.heading).not.toBe('The check took too long')
  expect(answer.html).toContain('/verify/retry')
})

test.concurrent('a person who never comes back is settled all the same', async ({ expect }) => {
  const before = (await attemptsOf(steady)).length
  await walkToWaiting(steady.web.url, { firstName: 'Slow 2', lastName: 'Gone' })

  await expect
    .poll(
      async () => (await attemptsOf(steady)).slice(before).some(({ state }) => state === 'done'),
      { timeout: 20_000 },
    )
    .toBe(true)
})
