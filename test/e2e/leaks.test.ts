import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { createPerson } from '../support/person.ts'
import { startTestSystem, type TestSystem, waitForAnswer, walkToWaiting } from '../support/walk.ts'

let system: TestSystem
beforeAll(async () => {
  system = await startTestSystem({
    worker: { ANTEROOM_RESOLUTION_TIMEOUT_MS: '2000', ANTEROOM_LOG_LEVEL: 'debug' },
    web: { ANTEROOM_LOG_LEVEL: 'debug' },
  })
})
afterAll(() => system.stop())

/** Someone whose every word is found nowhere else. */
const marked = {
  lastName: 'Quackenbushvale',
  address1: '77 Marzipanstrasse',
  address2: 'Flat Zwetschge',
  city: 'Pumpernickelton',
  zipCode: '04792',
  stateIdNumber: 'ZQX7718294',
  birthMonth: '2',
  birthDay: '27',
  birthYear: '1931',
  ssn: '900-77-6655',
}
const phone = '(703) 555-0188'

/** Each mark as it was typed and as it is made canonical, in the encodings in which it could hide. */
const marks = [
  ...Object.entries(marked)
    .filter(([field]) => !/^birth|zipCode/.test(field))
    .map(([, value]) => value),
  '1931-02-27',
  '900776655',
  '7035550188',
].flatMap((mark) => [
  mark.toLowerCase(),
  encodeURIComponent(mark).toLowerCase(),
  Buffer.from(mark).toString('base64').replace(/=+$/, '').toLowerCase(),
  Buffer.from(mark).toString('hex'),
])

/** The marks that stand in a text. */
function leaksIn(text: string): string[] {
  const lower = text.toLowerCase()
  return marks.filter((mark) => lower.includes(mark))
}

/** All that every table holds, as text. */
async function everythingInPostgres(): Promise<string> {
  const client = new pg.Client({ connectionString: system.stack.adminUrl })
  await client.connect()
  const { rows: tables } = await client.query<{ name: string }>(
    `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
     where table_type = 'BASE TABLE' and table_schema not in ('pg_catalog', 'information_schema')`,
  )
  const contents: string[] = []
  for (const { name } of tables) {
    const { rows } = await client.query<{ text: string | null }>(
      `select string_agg(t::text, ' ') as text from ${name} as t`,
    )
    contents.push(rows[0]?.text ?? '')
  }
  await client.end()
  return contents.join('\n')
}

async function everythingInRedis(): Promise<string> {
  const redis = new Redis(system.stack.redis.urls.admin)
  const contents: string[] = []
  for (const key of await redis.keys('*')) {
    const type = await redis.type(key)
    const value =
      type === 'hash'
        ? await redis.hgetall(key)
        : type === 'stream'
          ? await redis.xrange(key, '-', '+')
          : await redis.get(key)
    contents.push(key, JSON.stringify(value))
  }
  redis.disconnect()
  return contents.join('\n')
}

const everythingLogged = (): string => [...system.web.output, ...system.worker.output].join('\n')

test('nothing of a person is readable anywhere: not through success, not through any failure, not while they wait', async () => {
  const stories = ['Maria', 'Fail', 'Time', 'Garble', 'Misfit', 'Huge', 'Bomb', 'Redirect']
  const urls: string[] = []
  for (const firstName of stories) {
    const { person, page } = await walkToWaiting(system.web.url, {
      ...marked,
      firstName,
      ssn: stories.indexOf(firstName) < 4 ? marked.ssn : '900-77-6656',
    })
    expect(page.path).toMatch(/^\/verify\/(wait|result)$/)
    expect(leaksIn(await everythingInPostgres())).toEqual([])
    expect(leaksIn(await everythingInRedis())).toEqual([])
    const answer = await waitForAnswer(person)
    urls.push(answer.path, page.path)
    if (answer.heading === 'Your details match') {
      const form = await person.get('/verify/phone')
      await person.submit(form, '/verify/phone', { phone })
      await waitForAnswer(person)
    }
  }
  const invalid = createPerson(system.web.url)
  const consent = await invalid.get('/verify/consent')
  const details = await invalid.submit(consent, '/verify/consent', { consent: 'yes' })
  await invalid.submit(details, '/verify/details', { ...applicant(marked), zipCode: 'none' })
  await invalid.submit(details, '/verify/details', {
    ...applicant(marked),
    unknown: marked.lastName,
  })

  expect(leaksIn(await everythingInPostgres())).toEqual([])
  expect(leaksIn(await everythingInRedis())).toEqual([])
  expect(leaksIn(everythingLogged())).toEqual([])
  expect(leaksIn(urls.join())).toEqual([])
  expect(
    system.worker.logged('job.done').length + system.worker.logged('job.failed').length,
  ).toBeGreaterThanOrEqual(stories.length)
})

test('a leak that was planted in each of these places is found', async () => {
  const redis = new Redis(system.stack.redis.urls.admin)
  const client = new pg.Client({ connectionString: system.stack.adminUrl })
  await client.connect()

  await redis.hset('session:planted', 'details', JSON.stringify({ city: marked.city }))
  await client.query(
    `insert into web.attempts (id, person, job, job_id, enqueued_at, deadline_at) values ('planted', $1, 'x', 'planted', now(), now())`,
    [Buffer.from(marked.lastName).toString('base64')],
  )

  expect(leaksIn(await everythingInRedis())).toContain(marked.city.toLowerCase())
  expect(leaksIn(await everythingInPostgres()).length).toBeGreaterThan(0)
  expect(leaksIn(`{"msg":"x","name":"${marked.address1}"}`)).toContain(
    marked.address1.toLowerCase(),
  )
  expect(leaksIn('/verify?ssn=900776655')).toContain('900776655')

  await redis.del('session:planted')
  redis.disconnect()
  await client.query(`delete from web.attempts where id = 'planted'`)
  await client.end()
})

test('soon after the answer nothing is left behind: no queue row, no outcome, no sealed message in the ledger', async () => {
  const { person } = await walkToWaiting(system.web.url)
  await waitForAnswer(person)
  const redis = new Redis(system.stack.redis.urls.admin)
  const client = new pg.Client({ connectionString: system.stack.adminUrl })
  await client.connect()

  await expect
    .poll(async () => {
      const { rows } = await client.query(
        `select (select count(*) from graphile_worker._private_jobs)::integer as rows,
                (select count(*) from worker.ledger where outcome is not null)::integer as outcomes`,
      )
      return { ...rows[0], reports: await redis.xlen('reports') }
    })
    .toEqual({ rows: 0, outcomes: 0, reports: 0 })

  redis.disconnect()
  await client.end()
})
