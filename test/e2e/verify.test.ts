import { vendorHosts } from '@anteroom/infra/sandbox/vendors.ts'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  startTestSystem,
  type TestSystem,
  waitForAnswer,
  walkToCheck,
  walkToWaiting,
} from '../support/walk.ts'

let system: TestSystem
beforeAll(async () => {
  system = await startTestSystem()
})
afterAll(() => system.stop())

test('a person without scripts goes from the first page to being verified', async () => {
  const { person, page } = await walkToWaiting(system.web.url)

  const identified = await waitForAnswer(person)
  const phone = await person.get('/verify/phone')
  const waiting = await person.submit(phone, '/verify/phone', { phone: '(703) 555-0142' })
  const verified = await waitForAnswer(person)

  expect(page.heading).toBe('We are checking your details')
  expect(identified.heading).toBe('Your details match')
  expect(waiting.path).toBe('/verify/wait')
  expect(verified.heading).toBe('You are verified')
})

describe('what the sandbox is told to do is what the person is told', () => {
  test.each([
    ['a number it does not know', { ssn: '987-65-4321' }, /could not|did not match|couldn’t/i],
    ['a number that could be real', { ssn: '123-45-6789' }, /could not|did not match|couldn’t/i],
    ['a vendor that fails', { firstName: 'Fail' }, /^The record keepers did not answer$/],
    [
      'a vendor that answers nonsense',
      { firstName: 'Garble' },
      /^The record keepers did not answer$/,
    ],
    [
      'a state office that cannot be reached',
      { stateIdNumber: 'MVAFAIL' },
      /^The record keepers did not answer$/,
    ],
  ])('%s', async (_what, changes, heading) => {
    const settled = await startFast(changes)

    expect(settled.heading).toMatch(heading)
    expect(settled.html).toContain('href="/other-ways"')
  })

  async function startFast(changes: Record<string, string>) {
    const { person } = await walkToWaiting(system.web.url, changes)
    return waitForAnswer(person)
  }
})

test('every call went through the proxy, once for each check, and none around it', async () => {
  const { proxy, vendors } = system.stack
  const before = vendors.calls().length
  const { person } = await walkToWaiting(system.web.url)
  await waitForAnswer(person)

  const calls = vendors.calls().slice(before)
  const tunnels = () =>
    vendorHosts.map((host) => proxy.connectsTo(host)).reduce((sum, count) => sum + count, 0)
  expect(calls.map(({ vendor, count }) => [vendor, count]).sort()).toEqual([
    ['resolution', 1],
    ['state-id', 1],
  ])
  expect(tunnels()).toBeGreaterThan(0)
  // A connection that is not at the end of a tunnel was made around the proxy.
  await expect.poll(() => vendors.connections()).toBe(tunnels())
  expect(proxy.refused()).toBe(0)
})

test('both services answer for their health and show their own measures on the inside only', async () => {
  for (const [service, own] of [
    [system.web, 'http_request_duration_seconds_count{'],
    [system.worker, 'worker_job_duration_seconds_count{'],
  ] as const) {
    const ready = await fetch(`${service.internalUrl}/readyz`)
    const metrics = await (await fetch(`${service.internalUrl}/metrics`)).text()

    expect(ready.status).toBe(200)
    expect(metrics).toContain(own)
  }
  for (const path of ['/livez', '/readyz', '/metrics']) {
    expect((await fetch(`${system.web.url}${path}`)).status).toBe(404)
  }
})

test('one trace leads from the form to the job, on to each vendor, and back to the answer, in steps of its own', async () => {
  const { person } = await walkToWaiting(system.web.url, { firstName: 'Slow 1' })
  const queued = await queuedTraceparent(system)
  await waitForAnswer(person)

  const submitted = system.web
    .logged('request.done')
    .filter(({ route, method }) => route === '/verify/check' && method === 'POST')
    .at(-1)
  const done = system.worker.logged('job.done').at(-1)

  const answered = system.web.logged('check.answered').at(-1)
  const asked = system.stack.vendors.calls().filter(({ key }) => key === done?.jobId)
  const steps = [queued, ...asked.map(({ traceparent }) => traceparent)].map((text) =>
    text.split('-'),
  )
  expect(submitted?.traceId).toMatch(/^[0-9a-f]{32}$/)
  expect(done?.traceId).toBe(submitted?.traceId)
  expect(asked.map(({ vendor }) => vendor).sort()).toEqual(['resolution', 'state-id'])
  expect(steps.map(([, traceId]) => traceId)).toEqual(steps.map(() => submitted?.traceId))
  expect(new Set(steps.map(([, , spanId]) => spanId)).size).toBe(3)
  expect(answered).toMatchObject({
    traceId: submitted?.traceId,
    jobId: done?.jobId,
    job: 'resolution-proofing',
    outcome: 'done',
  })
  expect(answered?.durationMs).toBeGreaterThanOrEqual(Number(done?.durationMs))
})

/** What stands in the one queue row there is. */
async function queuedTraceparent({ stack }: TestSystem): Promise<string> {
  const client = new pg.Client({ connectionString: stack.adminUrl })
  await client.connect()
  const { rows } = await client.query<{ traceparent: string }>(
    `select payload ->> 'traceparent' as traceparent from graphile_worker._private_jobs`,
  )
  await client.end()
  return rows.length === 1 ? (rows[0]?.traceparent ?? '') : expect.unreachable()
}

test('without its keys the web refuses to take a check, stores nothing, and takes it once they are back', async () => {
  const { person, check } = await walkToCheck(system.web.url, { firstName: 'Slow 2' })
  await expect.poll(async () => (await stored(system)).jobs).toBe(0)
  const before = await stored(system)

  system.stack.kms.setCondition('failing')
  const refused = await person.submit(check, '/verify/check').finally(() => {
    system.stack.kms.setCondition('up')
  })
  const meanwhile = await stored(system)
  const taken = await person.submit(check, '/verify/check')
  const answer = await waitForAnswer(person)

  expect(refused.status).toBe(503)
  expect(meanwhile).toEqual(before)
  expect(taken.path).toBe('/verify/wait')
  expect(answer.heading).toBe('Your details match')
  expect((await stored(system)).attempts).toBe(before.attempts + 1)
})

/** What has been written down of checks so far: attempts, what counts against limits, and jobs in the queue. */
async function stored({ stack }: TestSystem) {
  const client = new pg.Client({ connectionString: stack.adminUrl })
  await client.connect()
  const { rows } = await client.query<{ attempts: number; uses: number; jobs: number }>(
    `select (select count(*) from web.attempts)::integer as attempts,
            (select count(*) from web.limit_uses)::integer as uses,
            (select count(*) from graphile_worker._private_jobs)::integer as jobs`,
  )
  await client.end()
  return rows[0] ?? expect.unreachable()
}
