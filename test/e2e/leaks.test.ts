import { createLog } from '@anteroom/runtime'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applicant } from '../support/applicant.ts'
import { createPerson, type Page, type Person } from '../support/person.ts'
import {
  startTestSystem,
  type TestSystem,
  waitForAnswer,
  walkToCheck,
  walkToWaiting,
} from '../support/walk.ts'

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
/** For stories that are given back: they count against a lasting limit all the same. */
const otherSsn = '900-77-6656'
const phone = '(703) 555-0188'
const unreachablePhone = '(703) 555-5999'

/** Each mark as it was typed and as it is made canonical, in the encodings in which it could hide. */
const marks = new Set(
  [
    ...Object.entries(marked)
      .filter(([field]) => !/^birth|zipCode/.test(field))
      .map(([, value]) => value),
    '1931-02-27',
    '900776655',
    '7035550188',
    '7035555999',
    otherSsn,
    otherSsn.replaceAll('-', ''),
  ].flatMap((mark) => [
    mark.toLowerCase(),
    encodeURIComponent(mark).toLowerCase(),
    Buffer.from(mark).toString('base64').replace(/=+$/, '').toLowerCase(),
    Buffer.from(mark).toString('hex'),
  ]),
)

/** The marks that stand in a text. */
function leaksIn(text: string): string[] {
  const lower = text.toLowerCase()
  return [...marks].filter((mark) => lower.includes(mark))
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

/** Lines that a test adds by the services' own log. */
const planted: string[] = []

const everythingLogged = (): string =>
  [...system.web.output, ...system.worker.output, ...planted].join('\n')

async function expectNothingStored(): Promise<void> {
  expect(leaksIn(await everythingInPostgres())).toEqual([])
  expect(leaksIn(await everythingInRedis())).toEqual([])
}

/** Each leads a person who can be recognized through one story, and returns every address they asked for. */
const stories: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  'a success, with both checks': async () => {
    const person = await passTheFirstCheck()
    const answer = await sendPhone(person, phone)
    expect(answer.heading).toBe('You are verified')
    return person.requested
  },
  'a phone company that cannot be reached': async () => {
    const person = await passTheFirstCheck()
    const answer = await sendPhone(person, unreachablePhone)
    expect(answer.heading).toBe('The record keepers did not answer')
    return person.requested
  },
  ...Object.fromEntries(
    ['Fail', 'Time', 'Garble', 'Misfit', 'Huge', 'Bomb', 'Redirect'].map((firstName) => [
      `a vendor that does ${firstName}`,
      () => failAtTheFirstCheck(firstName),
    ]),
  ),
  'an error of our own, in the worker': async () => {
    const asked = system.stack.vendors.calls().length
    const { person } = await walkToWaiting(system.web.url, { ...marked, firstName: 'Slow 1' })
    await expect.poll(() => system.stack.vendors.calls().length).toBe(asked + 2)
    const answer = await withoutKeys(() => waitForAnswer(person))
    expect(answer.heading).toBe('Something went wrong on our side')
    return person.requested
  },
  'an outage of the keys, in the web': async () => {
    const { person, check } = await walkToCheck(system.web.url, marked)
    const form = await person.get('/verify/details')
    const pages = await withoutKeys(async () => [
      await person.submit(form, '/verify/details', applicant(marked)),
      await person.submit(check, '/verify/check'),
    ])
    expect(pages.map(({ status }) => status)).toEqual([503, 503])
    return person.requested
  },
  'a form that is refused': async () => {
    const person = createPerson(system.web.url)
    const consent = await person.get('/verify/consent')
    const details = await person.submit(consent, '/verify/consent', { consent: 'yes' })
    const wrong = await person.submit(details, '/verify/details', {
      ...applicant(marked),
      zipCode: 'none',
    })
    const foreign = await person.submit(details, '/verify/details', {
      ...applicant(marked),
      unknown: marked.lastName,
    })
    expect([wrong.status, foreign.status]).toEqual([422, 400])
    return person.requested
  },
}

async function passTheFirstCheck(): Promise<Person> {
  const { person } = await walkToWaiting(system.web.url, { ...marked, firstName: 'Slow 1' })
  await expectNothingStored()
  const answer = await waitForAnswer(person)
  expect(answer.heading).toBe('Your details match')
  return person
}

async function sendPhone(person: Person, number: string): Promise<Page> {
  const form = await person.get('/verify/phone')
  await person.submit(form, '/verify/phone', { phone: number })
  await expectNothingStored()
  return waitForAnswer(person)
}

async function failAtTheFirstCheck(firstName: string): Promise<readonly string[]> {
  const { person } = await walkToWaiting(system.web.url, {
    ...marked,
    firstName,
    ssn: otherSsn,
  })
  await expectNothingStored()
  const answer = await waitForAnswer(person)
  expect(answer.heading).toBe('The record keepers did not answer')
  return person.requested
}

async function withoutKeys<Value>(work: () => Promise<Value>): Promise<Value> {
  system.stack.kms.setCondition('failing')
  return work().finally(() => system.stack.kms.setCondition('up'))
}

test.each(Object.entries(stories))(
  'nothing of a person is readable anywhere, while they wait or after: %s',
  async (_what, live) => {
    const requested = await live()

    await expectNothingStored()
    expect(leaksIn(everythingLogged())).toEqual([])
    expect(leaksIn(requested.join('\n'))).toEqual([])
    expect(requested.length).toBeGreaterThan(3)
  },
)

test('the stories left their traces where leaks were looked for', () => {
  const ended = [...system.worker.logged('job.done'), ...system.worker.logged('job.failed')]
  const reasons = new Set(ended.map(({ outcome }) => outcome))

  expect(reasons).toEqual(new Set(['done', 'vendor-unavailable', 'internal']))
  expect(system.web.logged('request.failed').map(({ status }) => status)).toEqual([503, 503])
  expect(system.web.logged('request.refused').map(({ status }) => status)).toEqual([400])
})

describe('a leak that is planted is found', () => {
  test('in a session', async () => {
    const redis = new Redis(system.stack.redis.urls.admin)

    await redis.hset('session:planted', 'details', JSON.stringify({ city: marked.city }))
    const found = leaksIn(await everythingInRedis())
    await redis.del('session:planted')
    redis.disconnect()

    expect(found).toContain(marked.city.toLowerCase())
  })

  test('in a table, base64 as well', async () => {
    const client = new pg.Client({ connectionString: system.stack.adminUrl })
    await client.connect()
    const hidden = Buffer.from(marked.lastName).toString('base64')

    await client.query(
      `insert into web.attempts (id, person, job, job_id, enqueued_at, deadline_at) values ('planted', $1, 'x', 'planted', now(), now())`,
      [hidden],
    )
    const found = leaksIn(await everythingInPostgres())
    await client.query(`delete from web.attempts where id = 'planted'`)
    await client.end()

    expect(found).toEqual([hidden.replace(/=+$/, '').toLowerCase()])
  })

  test('in a line of the log', () => {
    const output = { write: (line: string) => planted.push(line) }
    const log = createLog({ service: 'idp-web', level: 'info', output })

    log.info('request.done', { route: '/verify/check', where: marked.address1 })
    log.info('request.done', { route: '/verify?ssn=900776655' })
    const found = leaksIn(everythingLogged())
    planted.length = 0

    expect(found).toEqual([marked.address1.toLowerCase(), '900776655'])
  })

  test('in an address, of which the log of the web keeps nothing', async () => {
    const person = createPerson(system.web.url)

    await person.get(`/verify/consent?city=${marked.city}`)
    await person.get(`/${encodeURIComponent(marked.address1)}`)

    expect(leaksIn(person.requested.join('\n'))).toEqual([
      encodeURIComponent(marked.address1).toLowerCase(),
      marked.city.toLowerCase(),
    ])
    expect(leaksIn(everythingLogged())).toEqual([])
  })
})

test('soon after the answer nothing is left behind: no queue row, no outcome, no sealed message in the ledger', async () => {
  const redis = new Redis(system.stack.redis.urls.admin)
  const client = new pg.Client({ connectionString: system.stack.adminUrl })
  await client.connect()
  // What says that a check failed stays until it expires; a sealed result must not.
  const before = await redis.keys('outcome:*')
  const { person } = await walkToWaiting(system.web.url)
  await waitForAnswer(person)

  await expect
    .poll(async () => {
      const { rows } = await client.query(
        `select (select count(*) from graphile_worker._private_jobs)::integer as rows,
                (select count(*) from worker.ledger where outcome is not null)::integer as outcomes,
                (select count(*) from worker.vendor_calls where reply is not null)::integer as replies,
                (select count(*) from worker.vendor_calls where answered_at is not null) > 0 as "asked"`,
      )
      const keys = await redis.keys('outcome:*')
      return {
        ...rows[0],
        pushed: keys.filter((key) => !before.includes(key)),
        reports: await redis.xlen('reports'),
      }
    })
    .toEqual({ rows: 0, outcomes: 0, replies: 0, asked: true, pushed: [], reports: 0 })

  redis.disconnect()
  await client.end()
})
