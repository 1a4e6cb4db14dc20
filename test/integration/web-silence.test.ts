import { once } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { errors } from '../../apps/idp-web/src/texts/en/others.ts'
import { type FaultProxy, startFaultProxy } from '../faults/fault-proxy.ts'
import { applicant } from '../support/applicant.ts'
import { type Person, tokenOf } from '../support/person.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'
import { walkToCheck, walkToWaiting, withoutDocuments } from '../support/walk.ts'

// A server that is gone refuses at once. Here each is silent: connections stand, and nothing comes back.

const servers = ['postgres', 'redis', 'kms'] as const
type ServerName = (typeof servers)[number]

let stack: LocalStack
let web: RunningService
let lines: Readonly<Record<ServerName, FaultProxy>>
beforeAll(async () => {
  stack = await startTestStack({ keys: 'kms' })
  const { ports, databaseUrls, redisUrls, kmsUrl } = stack.addresses
  lines = {
    postgres: await startFaultProxy(ports.postgres),
    redis: await startFaultProxy(ports.redis),
    kms: await startFaultProxy(ports.kms),
  }
  web = await startService('web', stack, {
    settings: {
      ...withoutDocuments,
      ANTEROOM_REQUESTS_PER_WINDOW: '100000',
      ANTEROOM_DATABASE_URL: through(databaseUrls.web, lines.postgres),
      ANTEROOM_REDIS_URL: through(redisUrls.web, lines.redis),
      ANTEROOM_KMS_ENDPOINT: through(kmsUrl, lines.kms),
    },
  })
})
afterEach(async () => {
  for (const name of servers) await hear(name)
})
afterAll(async () => {
  await web.stop()
  for (const name of servers) await lines[name].stop()
  await stack.stop()
})

function through(address: string, { port }: FaultProxy): string {
  const url = new URL(address)
  url.port = String(port)
  return url.href
}

const silence = (name: ServerName) => lines[name].setWeather({ kind: 'cut' })
const hear = (name: ServerName) => lines[name].setWeather({ kind: 'clear' })

interface Reply {
  readonly status: number
  readonly location: string | null
  readonly body: string
  readonly tookMs: number
}

/** One request and its reply, wherever it leads. */
async function ask(path: string, person?: Person, form?: Record<string, string>): Promise<Reply> {
  const startedAt = performance.now()
  const cookie = [...(person?.cookies ?? [])].map(([name, value]) => `${name}=${value}`).join('; ')
  const response = await fetch(new URL(path, web.url), {
    redirect: 'manual',
    headers: { cookie },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  })
  const body = await response.text()
  const tookMs = performance.now() - startedAt
  return { status: response.status, location: response.headers.get('location'), body, tookMs }
}

/** Somebody who changes their details, somebody about to send theirs, and somebody who waits for an answer. */
async function people() {
  const [{ person, check }, sender, waiting] = await Promise.all([
    walkToCheck(web.url),
    walkToCheck(web.url),
    walkToWaiting(web.url),
  ])
  return {
    page: () => ask('/verify/check', person),
    form: () => ask('/verify/details', person, { csrf: tokenOf(check.html), ...applicant() }),
    submit: () => ask('/verify/check', sender.person, { csrf: tokenOf(sender.check.html) }),
    poll: () => ask('/verify/status', waiting.person),
    newcomer: () => ask('/verify/consent'),
    start: () => ask('/', person),
  }
}

describe.each<[ServerName, Record<string, number>]>([
  ['postgres', { page: 200, form: 303, submit: 503, poll: 200, newcomer: 503, start: 200 }],
  ['redis', { page: 503, form: 503, submit: 503, poll: 503, newcomer: 503, start: 200 }],
  ['kms', { page: 503, form: 503, submit: 503, poll: 200, newcomer: 200, start: 200 }],
])('while %s is silent', (name, expected) => {
  test('everything is answered within three seconds, and works within five of its return', async () => {
    const asking = await people()
    await silence(name)

    const replies = await Promise.all(
      Object.entries(asking).map(async ([what, request]) => ({ what, ...(await request()) })),
    )
    await hear(name)

    expect(Object.fromEntries(replies.map(({ what, status }) => [what, status]))).toEqual(expected)
    for (const { what, status, body, tookMs } of replies) {
      expect(tookMs, what).toBeLessThan(3_000)
      const said = what === 'poll' ? '{"error":503}' : errors.pages[503].title
      if (status === 503) expect(body).toContain(said)
    }
    const back = { timeout: 5_000, interval: 100 }
    await expect.poll(async () => (await asking.newcomer()).status, back).toBe(200)
    await expect.poll(async () => (await asking.submit()).location, back).toBe('/verify/wait')
    expect((await asking.poll()).status).toBe(200)
  })
})

describe('a check handed in while the database is silent', () => {
  let admin: pg.Client
  beforeEach(async () => {
    admin = new pg.Client({ connectionString: stack.adminUrl })
    await admin.connect()
  })
  afterEach(() => admin.end())

  async function countOf(text: string): Promise<number> {
    const { rows } = await admin.query<{ count: number }>(`select count(*)::int from ${text}`)
    return rows[0]?.count ?? 0
  }
  const counts = async () => ({
    attempts: await countOf('web.attempts'),
    jobs: await countOf('graphile_worker._private_jobs'),
  })

  test('may still be enqueued after the page said that we cannot be reached, and then stays one', async () => {
    const { submit } = await people()
    const before = await counts()
    const one = { attempts: before.attempts + 1, jobs: before.jobs + 1 }
    await silence('postgres')

    const told = await Promise.all([submit(), submit()])
    await hear('postgres')
    await expect.poll(counts, { timeout: 5_000 }).toEqual(one)
    const again = await submit()

    expect(told.map(({ status }) => status)).toEqual([503, 503])
    expect(again).toMatchObject({ status: 303, location: '/verify/wait' })
    expect(await counts()).toEqual(one)
  })
})

test('that we took too long is logged as such', async () => {
  const { submit } = await people()
  await silence('postgres')

  await submit()

  expect(web.logged('request.failed')).toContainEqual(
    expect.objectContaining({ code: 'ANSWER_TOO_LATE', status: 503 }),
  )
})

test('whoever sends a form slowly is not told that we cannot be reached', async () => {
  const { hostname, port } = new URL(web.url)
  const socket = connect(Number(port), hostname)
  const heard: string[] = []
  socket.on('data', (piece) => heard.push(String(piece)))
  const head = ['POST /verify/consent HTTP/1.1', `host: ${hostname}`, 'connection: close']
  const form = ['content-type: application/x-www-form-urlencoded', 'content-length: 11', '', '']
  socket.write([...head, ...form].join('\r\n'))

  await pause(3_500)
  socket.write('consent=yes')
  await once(socket, 'close')

  expect(heard.join('')).toMatch(/^HTTP\/1\.1 303 /)
})
