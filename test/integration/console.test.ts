import { freePort } from '@anteroom/infra/local/ports.ts'
import { Redis } from 'ioredis'
import pg from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type ConsoleCaller,
  consoleCaller,
  consolePassword,
  consoleSettings,
} from '../support/console.ts'
import { type Ops, opsOf } from '../support/ops.ts'
import { canary, enterJob, holdJob, newId, putDeadLetter, putJob } from '../support/queued-jobs.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'

let stack: Awaited<ReturnType<typeof startTestStack>>
let worker: RunningService
let admin: pg.Pool
let ops: Ops
let ada: ConsoleCaller
beforeAll(async () => {
  stack = await startTestStack()
  // It takes no jobs, so that they stay as a test has put them.
  const settings = { ...(await consoleSettings(stack)), ANTEROOM_JOBS_ENABLED: 'false' }
  worker = await startService('worker', stack, { settings })
  admin = new pg.Pool({ connectionString: stack.adminUrl, max: 4 })
  admin.on('error', () => undefined)
  ops = await opsOf(stack)
})
afterAll(async () => {
  await admin.end()
  await worker.stop()
  await stack.stop()
})
beforeEach(async () => {
  await admin.query(
    `truncate ops.audit, ops.console_sessions, ops.console_guesses, worker.ledger, worker.leases, worker.vendor_calls,
       worker.dead_letters, worker.ordered_jobs, web.security_events, web.held_receivers;
     delete from graphile_worker._private_jobs;
     update web.line_control set mode = 'open', message = null`,
  )
  ada = consoleCaller(worker.internalUrl)
  await ada.signIn()
  await admin.query('truncate ops.audit')
})

async function audited() {
  const { rows } = await admin.query('select actor, command, arguments from ops.audit order by id')
  return rows
}

async function stateOf(jobId: string) {
  const { rows } = await admin.query(
    `select state, reason, pushed_at is not null as pushed from worker.ledger where job_id = $1`,
    [jobId],
  )
  return rows[0]
}

const pages = [
  '/console',
  '/console/jobs',
  '/console/workers',
  '/console/dead',
  '/console/line',
  '/console/partners',
  '/console/audit',
]

describe('who gets in', () => {
  test.each(pages)('%s is for those who are signed in alone', async (path) => {
    const stranger = consoleCaller(worker.internalUrl)

    const answer = await stranger.get(path)
    const mine = await ada.get(path)

    expect(answer).toMatchObject({ status: 303, body: '' })
    expect(answer.headers.location).toBe('/console/sign-in')
    expect(mine.status).toBe(200)
  })

  test('a cookie is the browser’s alone and no other site’s, and nothing is kept or run', async () => {
    const { status, headers } = await consoleCaller(worker.internalUrl).signIn()

    expect(status).toBe(303)
    expect(headers['set-cookie']?.[0]).toMatch(
      /^anteroom_console=ada\.[\w-]{43}; Path=\/console; HttpOnly; SameSite=Strict$/,
    )
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy':
        "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    })
  })

  test('a wrong password and an unknown name get the same answer', async () => {
    const stranger = consoleCaller(worker.internalUrl)

    const wrong = await stranger.signIn('ada', 'wrong')
    const ofAnother = await stranger.signIn('grace', consolePassword)
    const unknown = await stranger.signIn('nobody', consolePassword)

    expect([wrong, ofAnother, unknown].map(({ status }) => status)).toEqual([403, 403, 403])
    expect(wrong.body).toBe(unknown.body)
    expect(stranger.cookie).toBe('')
    expect(await audited()).toEqual([])
  })

  test('after five tries under a name there is no sixth, even with the right password or at once', async () => {
    const tries = await Promise.all(
      Array.from({ length: 8 }, () => consoleCaller(worker.internalUrl).signIn('ada', 'wrong')),
    )
    const right = await consoleCaller(worker.internalUrl).signIn()
    const other = await consoleCaller(worker.internalUrl).signIn('grace', 'another')

    expect(tries.map(({ status }) => status).sort()).toEqual([
      403, 403, 403, 403, 403, 429, 429, 429,
    ])
    expect(right.status).toBe(429)
    expect(other.status).toBe(303)

    await admin.query(`update ops.console_guesses set at = at - interval '15 minutes'`)
    expect((await consoleCaller(worker.internalUrl).signIn()).status).toBe(303)
  })

  test('under all names together there are fifty tries', async () => {
    await admin.query(
      `insert into ops.console_guesses (whom) select 'someone ' || n from generate_series(1, 50) as n`,
    )

    expect((await consoleCaller(worker.internalUrl).signIn()).status).toBe(429)
  })

  test.each([
    [
      '15 minutes after the last page',
      `update ops.console_sessions set seen_at = now() - interval '15 minutes'`,
    ],
    [
      '8 hours after it began',
      `update ops.console_sessions set signed_in_at = now() - interval '8 hours'`,
    ],
  ])('a session ends %s', async (_when, statement) => {
    await admin.query(statement)

    const answer = await ada.get('/console/audit')

    expect(answer.headers.location).toBe('/console/sign-in?why=ended')
  })

  test('a page keeps a session going, and signing out ends it for good', async () => {
    await admin.query(`update ops.console_sessions set seen_at = now() - interval '14 minutes'`)

    const before = await ada.get('/console')
    const { rows } = await admin.query(
      `select seen_at > now() - interval '1 minute' as seen from ops.console_sessions`,
    )
    await ada.post('/console/sign-out')
    const after = await ada.get('/console')

    expect([before.status, after.status]).toEqual([200, 303])
    expect(rows).toEqual([{ seen: true }])
    expect(await audited()).toEqual([{ actor: 'ada', command: 'console sign-out', arguments: {} }])
  })

  test('signing in is written down', async () => {
    await consoleCaller(worker.internalUrl).signIn('grace', 'another')

    expect(await audited()).toEqual([{ actor: 'grace', command: 'console sign-in', arguments: {} }])
  })

  test('what somebody made up is no session, nor is one under another name', async () => {
    const caller = consoleCaller(worker.internalUrl)
    const answers = []
    for (const cookie of [
      'anteroom_console=x',
      `anteroom_console=ada.${'A'.repeat(43)}`,
      ada.cookie.replace('ada.', 'grace.'),
      `anteroom_console=__proto__.${'A'.repeat(43)}`,
    ]) {
      caller.cookie = cookie
      answers.push((await caller.get('/console')).status)
    }

    expect(answers).toEqual([303, 303, 303, 303])
  })

  test('under a name that is not ours nothing is answered', async () => {
    const answers = await Promise.all(
      ['evil.example', '127.0.0.1.evil.example', 'localhost.', 'worker'].map((host) =>
        ada.get('/console', { host }),
      ),
    )
    const ours = await ada.get('/console', { host: 'localhost:9999' })

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403])
    expect(answers.map(({ body }) => body).join()).not.toContain('risc-delivery')
    expect(ours.status).toBe(200)
  })

  test('health and metrics are served as ever', async () => {
    const ready = await fetch(`${worker.internalUrl}/readyz`)
    const other = await fetch(`${worker.internalUrl}/consoles`)

    expect([ready.status, other.status]).toEqual([200, 404])
  })
})

describe('a form', () => {
  const paths = (id: string) => [
    `/console/jobs/${id}/retry`,
    `/console/jobs/${id}/discard`,
    `/console/jobs/${id}/release`,
    '/console/line/drain',
    '/console/line/open',
    '/console/line/message',
    '/console/dead/replay',
    '/console/dead/discard',
  ]

  test('counts only with the token of its session, from our own pages, and from who is signed in', async () => {
    const id = await putJob(admin, { inSeconds: 3_600 })
    const letter = await putDeadLetter(admin)
    const grace = consoleCaller(worker.internalUrl)
    await grace.signIn('grace', 'another')
    const theirs =
      /name="csrf" value="([\w-]+)"/.exec((await grace.get('/console')).body)?.[1] ?? ''
    await admin.query('truncate ops.audit')
    const fields = { letter, message: 'x' }

    const statuses: number[] = []
    for (const path of paths(id)) {
      const stranger = consoleCaller(worker.internalUrl)
      statuses.push(
        (await ada.post(path, { ...fields, csrf: '' })).status,
        (await ada.post(path, { ...fields, csrf: theirs })).status,
        (await ada.post(path, fields, { origin: 'https://evil.example' })).status,
        (await ada.post(path, fields, { origin: 'null' })).status,
        (await stranger.post(path, fields)).status,
      )
    }

    expect(statuses).toEqual(paths(id).flatMap(() => [403, 403, 403, 403, 303]))
    expect(await audited()).toEqual([])
    expect(await stateOf(id)).toBeUndefined()
  })

  test('asks once more before it does anything', async () => {
    const id = await putJob(admin, { inSeconds: 3_600 })
    const letter = await putDeadLetter(admin)

    const asked = await Promise.all([
      ...paths(id)
        .slice(0, 5)
        .map((path) => ada.get(path)),
      ada.get('/console/line/message?message=Hello'),
      ada.get(`/console/dead/replay?letter=${letter}`),
      ada.get(`/console/dead/discard?letter=${letter}`),
    ])

    for (const { status, body } of asked) {
      expect(status).toBe(200)
      expect(body).toMatch(/<form method="post"/)
      expect(body).toContain('Do nothing')
    }
    expect(await audited()).toEqual([])
  })
})

describe('a job', () => {
  test('is retried now', async () => {
    const id = await putJob(admin, { inSeconds: 3_600 })

    const { status, headers } = await ada.post(`/console/jobs/${id}/retry`)
    const page = await ada.get(String(headers.location))

    expect(status).toBe(303)
    expect(page.body).toContain('In effect: it begins as soon as a worker has a place.')
    expect(page.body).toContain('ready in the queue')
    expect(await audited()).toEqual([
      { actor: 'ada', command: 'job retry', arguments: { job: id, task: 'risc-delivery' } },
    ])
  })

  test('is discarded: whoever waits for it is told, as of any failure, and reported to', async () => {
    const id = await putJob(admin, { inSeconds: 3_600 })
    const redis = new Redis(stack.redis.urls.admin)

    const { headers } = await ada.post(`/console/jobs/${id}/discard`)
    const page = await ada.get(String(headers.location))
    await expect.poll(() => redis.get(`outcome:${id}`)).not.toBeNull()
    const outcome = JSON.parse((await redis.get(`outcome:${id}`)) ?? '')
    const reports = (await redis.xrange('reports', '-', '+')).map(([, [, text = '']]) =>
      JSON.parse(text),
    )
    redis.disconnect()

    expect(page.body).toContain('In effect: it has ended as cancelled.')
    expect(outcome).toMatchObject({ state: 'failed', reason: 'cancelled' })
    expect(reports.filter(({ jobId }) => jobId === id)).toMatchObject([
      { job: 'risc-delivery', state: 'failed', reason: 'cancelled', seq: 1 },
    ])
    expect(await audited()).toEqual([
      { actor: 'ada', command: 'job discard', arguments: { job: id, task: 'risc-delivery' } },
    ])
  })

  test('is taken from a dead worker, and from a living one it is not', async () => {
    const [dead, held] = [await putJob(admin), await putJob(admin)]
    await holdJob(admin, dead, { worker: 'gone', beats: false })
    await holdJob(admin, held, { worker: 'busy', beats: true })

    const released = await ada.post(`/console/jobs/${dead}/release`)
    const refused = await ada.post(`/console/jobs/${held}/release`)

    expect(released.headers.location).toContain('answer=released')
    expect((await ada.get(String(refused.headers.location))).body).toContain(
      'the worker that holds it is not dead',
    )
    expect(await audited()).toEqual([
      { actor: 'ada', command: 'job release', arguments: { job: dead, task: 'risc-delivery' } },
    ])
  })

  test('that nobody knows is not found, whatever it is called', async () => {
    const answers = await Promise.all(
      [newId(), 'x', '%00', '..%2f..%2fmetrics', `${'a'.repeat(90)}`].map((id) =>
        ada.get(`/console/jobs/${id}`),
      ),
    )

    expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404])
  })

  test('is found by its id, its state and its task, in pages that miss none', async () => {
    const ids = []
    for (let count = 0; count < 55; count++)
      ids.push(await putJob(admin, { inSeconds: 60 + count }))
    const other = await putJob(admin, { job: 'email-delivery', inSeconds: 60 })

    const byId = await ada.get(`/console/jobs?id=${other}`)
    const first = await ada.get('/console/jobs?state=scheduled&task=risc-delivery')
    const next = /href="([^"]+)">Next page/
      .exec(first.body)?.[1]
      ?.replaceAll('&#38;', '&')
      .replaceAll('&#61;', '=')
    const second = await ada.get(next ?? '')
    const idsIn = (body: string) =>
      [...body.matchAll(/\/console\/jobs\/([\w-]{43})"/g)].map(([, id]) => id)

    expect(byId.headers.location).toBe(`/console/jobs/${other}`)
    expect(idsIn(first.body)).toEqual(ids.slice(0, 50))
    expect(idsIn(second.body)).toEqual(ids.slice(50))
    expect(second.body).not.toContain('Next page')
  })
})

describe('dead letters', () => {
  test('are replayed one by one or together, and what they were chosen by is not lost', async () => {
    const [one, two, three] = [
      await putDeadLetter(admin),
      await putDeadLetter(admin),
      await putDeadLetter(admin),
    ]

    const { headers } = await ada.post('/console/dead/replay', { letter: [one, two] })
    const page = await ada.get(String(headers.location))

    expect(page.body).toContain('In effect: 2 queued again.')
    expect(page.body).toContain(three)
    expect(page.body).not.toContain(one)
    const [{ arguments: written } = { arguments: {} }, ...more] = await audited()
    expect(new Set(written.jobs)).toEqual(new Set([one, two]))
    expect(more).toEqual([])
  })

  test('of a partner are discarded all at once, and nobody else’s', async () => {
    const theirs = [await putDeadLetter(admin), await putDeadLetter(admin)]
    const kept = await putDeadLetter(admin, { partner: 'archive' })

    const asked = await ada.get('/console/dead/discard?partner=library&all=yes')
    const { headers } = await ada.post('/console/dead/discard', { partner: 'library', all: 'yes' })
    const page = await ada.get(String(headers.location))

    expect(asked.body).toContain('2 letters.')
    expect(page.body).toContain('In effect: 2 thrown away.')
    expect(page.body).toContain(kept)
    const [entry] = await audited()
    expect(entry).toMatchObject({ actor: 'ada', command: 'dead discard' })
    expect(new Set(entry?.arguments.jobs)).toEqual(new Set(theirs))
  })

  test('of transfers are chosen by their destination or consumer, and shown with both', async () => {
    const clear = { consumer: 'permits-office', destination: 'court' }
    const theirs = await putDeadLetter(admin, { clear })
    const other = await putDeadLetter(admin, { clear: { ...clear, destination: 'clerk' } })

    const listed = await ada.get('/console/dead?destination=court')
    const all = await ada.get('/console/dead?consumer=permits-office')
    await ada.post('/console/dead/replay', { destination: 'court', all: 'yes' })

    expect(listed.body).toContain('permits-office, court')
    expect(listed.body).toContain(theirs)
    expect(listed.body).not.toContain(other)
    expect(all.body).toContain(other)
    expect((await audited())[0]?.arguments.jobs).toEqual([theirs])
  })

  test('are left alone where none is chosen, or it is not said which', async () => {
    await putDeadLetter(admin)

    const answers = await Promise.all([
      ada.post('/console/dead/discard'),
      ada.post('/console/dead/discard', { all: 'yes' }),
      ada.post('/console/dead/replay', { letter: 'x' }),
    ])

    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
    expect(await audited()).toEqual([])
  })
})

test('the line is drained and opened, and everybody in it is told something', async () => {
  const steps = [
    await ada.post('/console/line/drain'),
    await ada.post('/console/line/message', { message: ' Back at <noon>. ' }),
  ]
  const page = await ada.get('/console/line')
  await ada.post('/console/line/open')
  await ada.post('/console/line/message', { message: '' })
  const two = await ada.post('/console/line/message', { message: 'two\nlines' })

  expect(steps.map(({ status }) => status)).toEqual([303, 303])
  expect(page.body).toContain('nobody new: the line is drained')
  expect(page.body).toContain('Back at &#60;noon&#62;.')
  expect(page.body).toMatch(/\d+ calls a second/)
  expect(two.status).toBe(400)
  expect(await audited()).toEqual([
    { actor: 'ada', command: 'line drain', arguments: { mode: 'drained' } },
    { actor: 'ada', command: 'line message', arguments: { message: 'Back at <noon>.' } },
    { actor: 'ada', command: 'line open', arguments: { mode: 'open' } },
    { actor: 'ada', command: 'line message', arguments: { message: null } },
  ])
})

test('no page and no answer tells what is sealed or in a payload', async () => {
  const ready = await putJob(admin)
  const held = await putJob(admin)
  await holdJob(admin, held, { worker: 'busy', beats: true })
  await enterJob(admin, held, { state: 'running' })
  await admin.query(
    `insert into worker.vendor_calls (job_id, vendor, answered_at, reply) values ($1, 'registry', now(), $2)`,
    [held, canary],
  )
  const later = await putJob(admin, { inSeconds: 60 })
  const done = newId()
  await enterJob(admin, done, { state: 'done' })
  const dead = await putDeadLetter(admin)

  const answers = await Promise.all(
    [
      ...pages,
      ...['ready', 'running', 'scheduled', 'failed', 'done'].map(
        (it) => `/console/jobs?state=${it}`,
      ),
      ...[ready, held, later, done, dead].map((id) => `/console/jobs/${id}`),
      `/console/dead?id=${dead}`,
      `/console/dead/replay?letter=${dead}`,
      `/console/jobs/${later}/discard`,
    ].map((path) => ada.get(path)),
  )
  const [, , , , heldPage] = answers.slice(pages.length + 2)

  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200))
  expect(answers.map(({ body }) => body).join('\n')).not.toContain(canary)
  expect(heldPage?.body).toContain('registry')
  expect(worker.output.join('\n')).not.toContain(canary)
})

test.each(['/console/jobs?task=%00', '/console/dead?partner=a%00', '/console/dead?since=soon'])(
  '%s is not understood',
  async (path) => {
    expect((await ada.get(path)).status).toBe(400)
  },
)

test.each([
  '/console/jobs?after=2026-99-99T00:00:00.000000Z/x',
  `/console/jobs?state=nonsense&task=${'x'.repeat(64)}`,
  "/console/jobs?task=' or 1=1",
  '/console/audit?after=999999999999999999',
  '/console/dead?partner=%22%7D',
])('%s is answered', async (path) => {
  expect((await ada.get(encodeURI(decodeURI(path)))).status).toBe(200)
})

test('when the database does not answer, a page says so in time, and the worker goes on', async () => {
  const client = await admin.connect()
  await client.query('begin; lock table ops.console_sessions')

  const answer = await ada.get('/console/audit')
  await client.query('rollback')
  client.release()
  const after = await ada.get('/console/audit')

  expect(answer.status).toBe(503)
  expect(answer.body).toContain('The database does not answer')
  expect(worker.logged('console.failed')).toMatchObject([{ code: '57014' }])
  expect(after.status).toBe(200)
})

describe('by command line', () => {
  test('an operator sees the same, and nothing of what is sealed', async () => {
    const later = await putJob(admin, { inSeconds: 3_600 })
    await enterJob(admin, later, { state: 'waiting', reason: 'internal', code: 'UNEXPECTED' })
    await admin.query(
      `insert into worker.vendor_calls (job_id, vendor, reply) values ($1, 'registry', $2)`,
      [later, canary],
    )
    const held = await putJob(admin)
    await holdJob(admin, held, { worker: 'busy', beats: true })

    const answers = [
      await ops(['queues']),
      await ops(['workers']),
      await ops(['deliveries']),
      await ops(['jobs', '--state', 'scheduled', '--job', 'risc-delivery']),
      await ops(['job', 'show', later]),
      await ops(['job', 'show', newId()]),
    ]
    const [queues, workers, , jobs, shown] = answers.map(({ said }) => said)

    expect(answers.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0, 1])
    expect(queues).toMatch(/risc-delivery +0 +- +1 +1 +0 +0 +0/)
    expect(workers).toMatch(/busy +(at work|late) +\d+\.\d s +1/)
    expect(jobs).toContain(`${later}  risc-delivery  attempt 1  internal  UNEXPECTED`)
    expect(shown).toMatch(/in the queue +scheduled/)
    expect(shown).toMatch(/vendor +registry: asked .* no answer seen/)
    expect(JSON.stringify(answers)).not.toContain(canary)
  })

  test('who is told nothing for now is listed, and why; the console shows the same', async () => {
    const none = await ops(['events', 'held'])
    await ops(['events', 'hold', 'library'])
    await admin.query(
      `insert into web.held_receivers (partner, url) values ('taxes', 'https://gone.example/told')`,
    )
    await admin.query(
      `insert into web.security_events (jti, txn, event, profile, happening, partner, subject, account_id, state)
       values ('j', 't', 'account-disabled', 'ssf-1.0', '{}', 'taxes', 's', 'a', 'held')`,
    )

    const held = await ops(['events', 'held'])
    const page = await ada.get('/console/partners')
    await ops(['events', 'release', 'library'])
    const after = await ops(['events', 'held'])

    expect(none).toMatchObject({ code: 0, noted: 'There are none.\n' })
    expect(held.code).toBe(0)
    expect(held.said).toMatch(/^library +\S+ \S+ UTC +0 +by an operator$/m)
    expect(held.said).toMatch(/^taxes +\S+ \S+ UTC +1 +it answered 410$/m)
    expect(page.body).toMatch(/taxes.*It answered 410/s)
    expect(page.body).toMatch(/library.*By an operator/s)
    expect(`${held.said}${page.body}`).not.toContain('gone.example')
    expect(after.said).not.toContain('library')
    expect(after.said).toContain('taxes')
  })

  test('a list goes on where it has ended', async () => {
    const ids = [
      await putJob(admin, { inSeconds: 60 }),
      await putJob(admin, { inSeconds: 61 }),
      await putJob(admin, { inSeconds: 62 }),
    ]

    const first = await ops(['jobs', '--state', 'scheduled', '--last', '2'])
    const after = /--after (\S+)/.exec(first.noted)?.[1] ?? ''
    const second = await ops(['jobs', '--state', 'scheduled', '--last', '2', '--after', after])

    const idsIn = (text: string) => [...text.matchAll(/[\w-]{43}/g)].map(([id]) => id)
    expect(idsIn(first.said)).toEqual(ids.slice(0, 2))
    expect(idsIn(second.said)).toEqual(ids.slice(2))
    expect(second.noted).not.toContain('--after')
  })

  test('jobs are retried, discarded and released under the operator’s name', async () => {
    const [later, useless, orphan] = [
      await putJob(admin, { inSeconds: 3_600 }),
      await putJob(admin),
      await putJob(admin),
    ]
    await holdJob(admin, orphan, { worker: 'gone', beats: false })

    const done = [
      await ops(['job', 'retry', later]),
      await ops(['job', 'discard', useless]),
      await ops(['job', 'release', orphan]),
    ]
    const again = await ops(['job', 'discard', useless])

    expect(done.map(({ code }) => code)).toEqual([0, 0, 0])
    expect(again).toMatchObject({ code: 1, said: 'Nothing was done: it has ended already.\n' })
    expect(await audited()).toEqual(
      [
        ['job retry', later],
        ['job discard', useless],
        ['job release', orphan],
      ].map(([command, job]) => ({
        actor: 'ada',
        command,
        arguments: { job, task: 'risc-delivery' },
      })),
    )
  })

  test('a new operator’s hash is one that lets them in', async () => {
    const { code, said } = await ops(['operator', 'new', 'alan'])
    const [, hash = ''] = /"alan": "([^"]+)"/.exec(said) ?? []
    const password = said.trim().split('# ').at(-1) ?? ''
    const settings = {
      ...(await consoleSettings(stack)),
      ANTEROOM_CONSOLE_OPERATORS: `alan:${hash}`,
      ANTEROOM_JOBS_ENABLED: 'false',
    }
    const other = await startService('worker', stack, { settings, internalPort: await freePort() })
    const alan = consoleCaller(other.internalUrl)

    const answer = await alan.signIn('alan', password)
    const { body } = await alan.get('/console')
    // Another key and other operators: nobody's session of elsewhere counts here.
    alan.cookie = ada.cookie
    const foreign = await alan.get('/console')
    await other.stop()

    expect(code).toBe(0)
    expect(answer.status).toBe(303)
    expect(body).toContain('<b>alan</b>')
    expect(foreign.status).toBe(303)
  })
})

test('without its settings there is no console, and with half of them no start', async () => {
  const {
    console_database_url: _no,
    console_operators: _none,
    console_session_key: _neither,
    ...settings
  } = stack.settingsFor('worker')
  const without = {
    ...stack,
    environmentFor: () => stack.environmentFor('worker', settings),
  }
  const plain = await startService('worker', without, { internalPort: await freePort() })
  const answer = await fetch(`${plain.internalUrl}/console`)
  await plain.stop()
  const { ANTEROOM_CONSOLE_DATABASE_URL } = await consoleSettings(stack)
  const half = startService('worker', without, {
    settings: { ANTEROOM_CONSOLE_DATABASE_URL: `${ANTEROOM_CONSOLE_DATABASE_URL}` },
    internalPort: await freePort(),
  })

  expect(answer.status).toBe(404)
  await expect(half).rejects.toThrow(/console_operators|CONSOLE_OPERATORS/)
})
