import { freePort } from '@anteroom/infra/local/ports.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'
import { waitForAnswer, walkToWaiting, withoutDocuments } from '../support/walk.ts'

// Workers come and go here. Whoever waits must not notice.
let stack: LocalStack
let web: RunningService
beforeAll(async () => {
  stack = await startTestStack()
  web = await startService('web', stack, {
    settings: { ...withoutDocuments, ANTEROOM_REQUESTS_PER_WINDOW: '100000' },
  })
})
afterAll(async () => {
  await web.stop()
  await stack.stop()
})
beforeEach(async () => {
  await inDatabase('delete from worker.ledger')
})

async function startWorker(settings: Record<string, string> = {}): Promise<RunningService> {
  const worker = await startService('worker', stack, { settings, internalPort: await freePort() })
  onTestFinished(async () => {
    await worker.stop()
  })
  return worker
}

interface LedgerRow {
  readonly state: string
  readonly attempt: number
  readonly starts: number
}

const ledger = () =>
  inDatabase<LedgerRow>('select state, attempt, starts from worker.ledger order by enqueued_at')

async function inDatabase<Row extends pg.QueryResultRow>(text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: stack.adminUrl })
  await client.connect()
  const { rows } = await client.query<Row>(text)
  await client.end()
  return rows
}

/** How many jobs a worker runs right now, by its own measure. */
async function inFlight({ internalUrl }: RunningService): Promise<number> {
  const metrics = await (await fetch(`${internalUrl}/metrics`)).text()
  const values = [...metrics.matchAll(/^worker_jobs_in_flight\{.*\} (\d+)$/gm)]
  return values.reduce((sum, [, value]) => sum + Number(value), 0)
}

test('a worker that is asked to stop finishes what it runs, and ends with 0', async () => {
  const worker = await startWorker()
  const { person } = await walkToWaiting(web.url, { firstName: 'Slow 3' })
  await expect.poll(ledger).toEqual([{ state: 'running', attempt: 1, starts: 1 }])

  const exitCode = await worker.stop()
  const answer = await waitForAnswer(person, 2_000)

  expect(exitCode).toBe(0)
  expect(answer.heading).toBe('Your details match')
  expect(await ledger()).toEqual([{ state: 'done', attempt: 1, starts: 1 }])
})

test('a worker that has no time to finish hands its job to another, and the person is answered at no cost of a try', async () => {
  const leaving = await startWorker({ ANTEROOM_SHUTDOWN_GRACE_MS: '200' })
  const { person } = await walkToWaiting(web.url, { firstName: 'Slow 4' })
  await expect.poll(ledger).toEqual([{ state: 'running', attempt: 1, starts: 1 }])

  const exitCode = await leaving.stop()
  const staying = await startWorker()
  const answer = await waitForAnswer(person)

  expect(exitCode).toBe(0)
  expect(leaving.logged('job.deferred')).toHaveLength(1)
  expect(staying.logged('job.done')).toHaveLength(1)
  expect(answer.heading).toBe('Your details match')
  expect(await ledger()).toEqual([{ state: 'done', attempt: 1, starts: 2 }])
})

test('when one of two workers is killed, everybody whose job it ran is answered long before the deadline', async () => {
  const workers = await Promise.all([startWorker(), startWorker()])
  const waiting = await Promise.all(
    Array.from({ length: 6 }, () => walkToWaiting(web.url, { firstName: 'Slow 6' })),
  )
  await expect.poll(async () => (await ledger()).length).toBe(waiting.length)
  const [one, other] = await Promise.all(workers.map(inFlight))
  const [killed, left] = (one ?? 0) >= (other ?? 0) ? workers : [workers[1], workers[0]]
  const lost = await inFlight(killed)

  await killed.kill()
  const killedAt = Date.now()
  const answers = await Promise.all(waiting.map(({ person }) => waitForAnswer(person)))
  const seconds = (Date.now() - killedAt) / 1_000

  expect(lost).toBeGreaterThan(0)
  expect(answers.map(({ heading }) => heading)).toEqual(waiting.map(() => 'Your details match'))
  expect(seconds).toBeLessThan(25)
  expect(left.logged('lease.swept')).not.toEqual([])
  expect((await ledger()).filter(({ starts }) => starts === 2)).toHaveLength(lost)
})
