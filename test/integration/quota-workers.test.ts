import { randomBytes } from 'node:crypto'
import { startedOf } from '@anteroom/job-channel'
import { jobs } from '@anteroom/job-contracts'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type IssuingWorkers, startIssuingWorkers } from '../support/issuing-workers.ts'
import { metricOf } from '../support/metric-of.ts'

// Ample slack: two workers, the proxy and the vendors share this process, and new connections take their time.
const windowMs = 1_000
let workers: IssuingWorkers
beforeAll(async () => {
  workers = await startIssuingWorkers(2, {
    ANTEROOM_REGISTRY_QUOTA_CALLS: '20',
    ANTEROOM_REGISTRY_QUOTA_WINDOW_SECONDS: String(windowMs / 1000),
    ANTEROOM_REGISTRY_QUOTA_SLACK_MS: '1000',
  })
})
afterAll(() => workers.stop())
beforeEach(async () => {
  registry().change({ calls: 20, windowMs, fastestMs: 100, slowestMs: 500 })
  await workers.query('delete from worker.quotas')
  await workers.redis.flushall()
  workers.logLines.length = 0
})

const registry = () => workers.stack.vendors.registry

const person = () => ({
  credentialId: randomBytes(32).toString('base64url'),
  firstName: 'Maria',
  lastName: 'Okafor',
  dateOfBirth: '1986-04-12',
})

const issue = (changes = {}, deadlineSeconds?: number) =>
  workers.enqueue(jobs.credentialIssuance, { ...person(), ...changes }, deadlineSeconds)

let revision = Date.now()
async function control(command: { calls?: number; paused?: boolean }) {
  revision += 1
  const id = await workers.enqueue(jobs.quotaControl, { vendor: 'registry', revision, ...command })
  await expect.poll(() => workers.outcomeOf(id), patiently).toMatchObject({ state: 'done' })
}

const patiently = { timeout: 20_000, interval: 100 }

const states = (ids: readonly string[]) =>
  Promise.all(ids.map(async (id) => (await workers.outcomeOf(id))?.state))

const ledger = (ids: readonly string[]) =>
  workers.query<{ state: string; attempt: number; reason: string | null }>(
    'select state, attempt, reason from worker.ledger where job_id = any ($1)',
    [ids],
  )

const logged = (event: string) =>
  workers.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === event)

test('a crowd is entered without one refusal, each person once and under the id of their credential', async () => {
  const before = registry().arrivals().length
  const people = Array.from({ length: 60 }, person)

  const ids = await Promise.all(
    people.map((payload) => workers.enqueue(jobs.credentialIssuance, payload)),
  )
  await expect.poll(() => states(ids), patiently).toEqual(ids.map(() => 'done'))

  const arrivals = registry().arrivals().slice(before)
  expect(arrivals.filter(({ taken }) => !taken)).toEqual([])
  expect(arrivals.map(({ key }) => key).sort()).toEqual(
    people.map(({ credentialId }) => credentialId).sort(),
  )
  expect(await startedOf(workers.redis, 'registry', ids)).toEqual(new Set(ids))
})

test('when the registry asks to be left alone, all workers stop, and whoever has not begun can be taken back', async () => {
  await control({ calls: 2 })
  const [first] = [await issue({ firstName: 'Busy' }), await issue()]
  await expect.poll(() => logged('quota.paused').length, patiently).toBe(1)
  const pausedAt = performance.timeOrigin + performance.now()
  const waiting = await Promise.all([issue(), issue(), issue()])

  // A row is a moment with a worker that learns of the pause, and lies in the queue for a second after that.
  const taken = new Set<string>()
  await expect
    .poll(async () => {
      for (const id of await workers.cancel(waiting)) taken.add(id)
      return taken.size
    }, patiently)
    .toBe(3)

  expect(await ledger(waiting)).toEqual([])
  expect(await startedOf(workers.redis, 'registry', waiting)).toEqual(new Set())
  expect(await ledger([first])).toMatchObject([{ state: 'waiting', attempt: 0 }])
  await expect.poll(() => workers.outcomeOf(first), patiently).toMatchObject({ state: 'done' })
  const during = registry()
    .arrivals()
    .filter(({ at }) => at > pausedAt && at < pausedAt + 4_500)
  expect(during).toEqual([])
})

test('an operator stops all calls and lets them go on, and nobody has lost anything', async () => {
  await control({ paused: true })
  const before = registry().arrivals().length
  const ids = await Promise.all([issue(), issue(), issue()])
  await expect.poll(() => logged('job.put-back').length, patiently).toBeGreaterThan(6)
  const begun = await ledger(ids)
  const called = registry().arrivals().length - before

  await control({ paused: false })
  await expect.poll(() => states(ids), patiently).toEqual(['done', 'done', 'done'])

  expect(begun).toEqual([])
  expect(called).toBe(0)
  expect((await ledger(ids)).map(({ attempt }) => attempt)).toEqual([1, 1, 1])
})

test('a rate that an operator sets outlives a loss of Redis', async () => {
  await control({ calls: 7 })

  await workers.redis.flushall()

  await expect
    .poll(() => workers.redis.hget('quota:registry', 'calls'), { timeout: 2_500 })
    .toBe('7')
})

test('who has no turn until the deadline is told that time is up', async () => {
  await control({ paused: true })

  const id = await issue({}, 4)

  const failed = { state: 'failed', reason: 'timed-out' }
  await expect.poll(() => ledger([id]), patiently).toMatchObject([failed])
})

test('a job whose time is up takes no moment away', async () => {
  const before = await workers.redis.hget('quota:registry', 'last')

  const id = await issue({}, -1)

  const failed = { state: 'failed', reason: 'timed-out' }
  await expect.poll(() => ledger([id]), patiently).toMatchObject([failed])
  expect(await workers.redis.hget('quota:registry', 'last')).toBe(before)
  expect(await startedOf(workers.redis, 'registry', [id])).toEqual(new Set())
})

test('who is asked to wait for longer than they may is told that the registry is out of reach', async () => {
  const id = await issue({ firstName: 'Busy' }, 8)

  await expect
    .poll(() => workers.outcomeOf(id), patiently)
    .toEqual({ state: 'failed', reason: 'vendor-unavailable' })
  expect(logged('job.failed')).toMatchObject([{ code: 'VENDOR_BUSY', vendor: 'registry' }])
})

test('an older command changes nothing and says so', async () => {
  await control({ calls: 7 })

  const id = await workers.enqueue(jobs.quotaControl, { vendor: 'registry', revision: 1, calls: 9 })

  await expect.poll(() => workers.outcomeOf(id), patiently).toMatchObject({ state: 'done' })
  expect(await workers.redis.hget('quota:registry', 'calls')).toBe('7')
})

test('the quota, how long turns take and who has asked for a pause are measured', async () => {
  const vendor = 'registry'
  const read = () =>
    Promise.all([
      metricOf(workers.metrics, 'vendor_turn_wait_seconds_count', { vendor }),
      metricOf(workers.metrics, 'vendor_pauses_total', { vendor, why: 'operator' }),
      metricOf(workers.metrics, 'vendor_pauses_total', { vendor, why: 'vendor' }),
    ])
  const [turns = 0, ordered = 0, asked = 0] = await read()

  await control({ calls: 7, paused: true })
  await control({ paused: false })
  const id = await issue({ firstName: 'Busy' }, 8)
  await expect.poll(() => workers.outcomeOf(id), patiently).toMatchObject({ state: 'failed' })

  expect(await metricOf(workers.metrics, 'vendor_quota_calls_per_second', { vendor })).toBe(7)
  expect(await read()).toEqual([turns + 1, ordered + 1, asked + 1])
})
