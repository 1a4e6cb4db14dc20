import { randomBytes } from 'node:crypto'
import { startedOf } from '@anteroom/job-channel'
import { jobs } from '@anteroom/job-contracts'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Ticket } from '../../apps/idp-web/src/line/standing.ts'
import { type IssuingWorkers, startIssuingWorkers } from '../support/issuing-workers.ts'
import { openTestLine, type TestLine } from '../support/line.ts'

// Twenty a second for the line. With this slack the workers call ten times a second.
let workers: IssuingWorkers
let at: TestLine
beforeAll(async () => {
  workers = await startIssuingWorkers(2, {
    ANTEROOM_REGISTRY_QUOTA_CALLS: '20',
    ANTEROOM_REGISTRY_QUOTA_WINDOW_SECONDS: '1',
    ANTEROOM_REGISTRY_QUOTA_SLACK_MS: '1000',
  })
  workers.stack.vendors.registry.change({
    ...{ calls: 20, windowMs: 1_000, fastestMs: 100, slowestMs: 200 },
  })
  const { stack } = workers
  const pools = {
    web: new pg.Pool({ connectionString: stack.addresses.databaseUrls.web, max: 4 }),
    admin: new pg.Pool({ connectionString: stack.adminUrl, max: 4 }),
  }
  for (const pool of Object.values(pools)) pool.on('error', () => undefined)
  at = openTestLine({
    database: { pool: (role) => (role === 'web' ? pools.web : pools.admin) },
    redisUrls: stack.redis.urls,
    async stop() {
      await Promise.all(Object.values(pools).map((pool) => pool.end()))
      await workers.stop()
    },
  })
})
afterAll(() => at.stop())

const patiently = { timeout: 20_000, interval: 100 }

async function join(): Promise<Ticket> {
  const packed = await workers.pack(jobs.credentialIssuance, {
    credentialId: randomBytes(32).toString('base64url'),
    firstName: 'Maria',
    lastName: 'Okafor',
    dateOfBirth: '1986-04-12',
  })
  return at.join({ packed })
}

/** Everybody's page asks, and the keeper takes a turn. */
async function goOn(tickets: readonly Ticket[]) {
  const standings = await Promise.all(tickets.map((ticket) => at.line.standing(ticket, 'visible')))
  await at.keep(250)
  return standings
}

let revision = Date.now()
async function control(command: { paused: boolean }): Promise<void> {
  revision += 1
  const id = await workers.enqueue(jobs.quotaControl, { vendor: 'registry', revision, ...command })
  await expect.poll(() => workers.outcomeOf(id), patiently).toMatchObject({ state: 'done' })
}

const lastMoment = async () => Number(await workers.redis.hget('quota:registry', 'last'))

test('a stop while jobs wait for moments far ahead costs nobody their place, and afterwards everybody has their turn', async () => {
  await expect.poll(() => workers.redis.hget('quota:registry', 'calls'), patiently).toBe('20')
  const tickets: Ticket[] = []
  for (let person = 0; person < 40; person += 1) tickets.push(await join())
  const ids = tickets.map(({ id }) => id)
  // So that nobody is to begin in the next second and a half.
  const before = Date.now() + 1_900
  await workers.redis.hset('quota:registry', 'last', before)
  await expect
    .poll(async () => {
      await goOn(tickets)
      return lastMoment()
    }, patiently)
    .toBeGreaterThan(before + 400)

  await control({ paused: true })

  await expect
    .poll(async () => (await goOn(tickets)).map(({ state }) => state), patiently)
    .toEqual(tickets.map(() => 'waiting'))
  expect((await at.redis.zrange('line:waiting', '0', '-1')).map(Number)).toEqual(
    tickets.map(({ number }) => number),
  )
  expect(await startedOf(workers.redis, 'registry', ids)).toEqual(new Set())
  await control({ paused: false })
  await expect
    .poll(async () => {
      await goOn(tickets)
      const outcomes = await Promise.all(ids.map((id) => workers.outcomeOf(id)))
      return outcomes.filter((outcome) => outcome?.state === 'done').length
    }, patiently)
    .toBe(40)
}, 60_000)
