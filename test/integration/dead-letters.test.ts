import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { keepOverdue } from '../../apps/worker/src/ledger/dead-letters.ts'
import { jtiIn, newJti, type PushBed, startPushBed } from '../support/push-bed.ts'
import { root } from '../support/root.ts'

let bed: PushBed
beforeAll(async () => {
  bed = await startPushBed({ partners: { library: {}, archive: {} } })
})
afterAll(() => bed.stop())
beforeEach(async () => {
  await bed.runAll()
  await bed.query('delete from worker.dead_letters')
  bed.receiver.received.length = 0
  bed.receiver.script = () => ({ status: 410 })
})

interface Answer {
  readonly code: number | null
  readonly said: string
}

/** `pnpm ops`, as the operator ada. */
function ops(...line: string[]): Promise<Answer> {
  const key = Buffer.alloc(32, 1).toString('base64url')
  const env = {
    PATH: process.env.PATH,
    USER: 'ada',
    ANTEROOM_ENVIRONMENT: 'test',
    ANTEROOM_DATABASE_URL: bed.worker.database.urls.ops,
    ANTEROOM_REDIS_URL: 'redis://127.0.0.1:1',
    ANTEROOM_KEY_PROVIDER: 'local',
    ANTEROOM_LOCAL_KEYS: `payload:${key}`,
    ANTEROOM_SESSION_ENCRYPTION_KEYS: `1:${key}`,
  }
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [join(root, 'infra/ops/main.ts'), ...line],
      { env },
      (_error, said, noted) => resolve({ code: child.exitCode, said: said === '' ? noted : said }),
    )
  })
}

async function dead(partner = 'library', more: object = {}): Promise<{ id: string; jti: string }> {
  const jti = newJti()
  const [id = ''] = await bed.announce([{ partner, subject: jti, jti, ...more }])
  await bed.runAll()
  return { id, jti }
}

const audited = () =>
  bed.query('select actor, command, arguments from ops.audit order by id desc limit 1')

const rowsOf = async (jobId: string) => {
  const [row] = await bed.query<{ state: string; seq: number; attempt: number }>(
    'select state, seq, attempt from worker.ledger where job_id = $1',
    [jobId],
  )
  return row
}

test('operators see what failed: for whom, what about and why, and nothing of what is sealed', async () => {
  const one = await dead('library')
  const other = await dead('archive')

  const all = await ops('dead', 'list')
  const some = await ops('dead', 'list', '--partner', 'archive')
  const single = await ops('dead', 'show', one.id)

  expect(all).toMatchObject({ code: 0 })
  expect(all.said.trim().split('\n')).toEqual([
    expect.stringMatching(`${one.id}  risc-delivery library password-reset  PUSH_GONE 410`),
    expect.stringMatching(`${other.id}  risc-delivery archive password-reset  PUSH_GONE 410`),
  ])
  expect(some.said).not.toContain(one.id)
  expect(some.said).toContain(other.id)
  expect(single.said).toMatch(/partner +library/)
  expect(single.said).toMatch(new RegExp(`jti +${one.jti}`))
  expect(single.said).toMatch(/of use until +it does not expire/)
  const [letter] = await bed.query('select * from worker.dead_letters where job_id = $1', [one.id])
  expect(JSON.stringify(letter)).not.toContain('c2lnbmF0dXJl')
})

test('the web learns which partners want to be told no more, and of no others', async () => {
  const gone = await dead('library')
  bed.receiver.script = () => ({ status: 400, body: '{"err":"invalid_issuer"}' })
  const refused = await dead('archive')

  const { rows } = await bed.worker.database
    .pool('web')
    .query('select partner from channel.gone_receivers($1) as partner', [[gone.id, refused.id]])

  expect(rows).toEqual([{ partner: 'library' }])
})

test('what is queued again leaves as it was, with all its attempts, and reports go on', async () => {
  const { id, jti } = await dead()
  const before = await rowsOf(id)
  bed.receiver.script = () => ({ status: bed.receiver.received.length < 5 ? 503 : 202 })

  const answer = await ops('dead', 'replay', id)
  await bed.runAll()

  expect(answer).toEqual({ code: 0, said: 'In effect: 1 queued again.\n' })
  expect(new Set(bed.receiver.received.map(({ body }) => body)).size).toBe(1)
  expect(jtiIn(bed.receiver.received[0]?.body ?? '')).toBe(jti)
  const after = await rowsOf(id)
  expect(after).toMatchObject({ state: 'done', attempt: 4 })
  expect(after?.seq).toBeGreaterThan(before?.seq ?? 0)
  expect(await bed.query('select from worker.dead_letters')).toEqual([])
  expect(await audited()).toEqual([
    { actor: 'ada', command: 'dead replay', arguments: { jobs: [id] } },
  ])
})

test('the web has a partner’s own queued again, as they were, and no other partner’s', async () => {
  const own = await dead('library')
  const foreign = await dead('archive')
  const [before] = bed.receiver.received.splice(0)
  bed.receiver.script = () => ({ status: 202 })

  const { rows } = await bed.worker.database
    .pool('web')
    .query('select * from channel.replay_dead_events($1, $2)', ['library', [own.id, foreign.id]])
  await bed.runAll()

  expect(rows).toEqual([
    { job_id: own.id, answer: 'queued' },
    { job_id: foreign.id, answer: 'gone' },
  ])
  expect(bed.receiver.received.map(({ body }) => body)).toEqual([before?.body])
  expect(await rowsOf(own.id)).toMatchObject({ state: 'done' })
  expect(await audited()).toEqual([
    { actor: 'library', command: 'partner replay', arguments: { jobs: [own.id] } },
  ])
})

test('what fails again is kept again, and is not kept twice', async () => {
  const { id } = await dead()

  await ops('dead', 'replay', id)
  await bed.runAll()

  expect(await bed.query('select job_id from worker.dead_letters')).toEqual([{ job_id: id }])
  expect(bed.receiver.received).toHaveLength(2)
})

test('all of a partner are queued again in the order in which they were said', async () => {
  const subject = newJti()
  const jtis = Array.from({ length: 5 }, newJti)
  await bed.announce(jtis.map((jti) => ({ partner: 'library', subject, jti })))
  await bed.runAll()
  const other = await dead('archive')
  bed.receiver.received.length = 0
  bed.receiver.script = () => ({ status: 202 })

  await ops('dead', 'replay', '--partner', 'library')
  await bed.runAll()

  expect(bed.receiver.received.map(({ body }) => jtiIn(body))).toEqual(jtis)
  expect(await bed.query('select job_id from worker.dead_letters')).toEqual([{ job_id: other.id }])
})

test('a token that has expired is not queued again, and one that will is given no longer than that', async () => {
  const exp = Math.floor(Date.now() / 1000) + 600
  const { id } = await dead('library', { exp })
  const expired = await dead('library', { exp })
  await bed.query(`update worker.dead_letters set useless_at = now() where job_id = $1`, [
    expired.id,
  ])

  const refused = await ops('dead', 'replay', expired.id)
  await ops('dead', 'replay', id)

  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('its time has passed') })
  const [row] = await bed.query<{ left: number }>(
    'select extract(epoch from deadline_at - now())::float8 as left from worker.ledger where job_id = $1',
    [id],
  )
  expect(row?.left).toBeLessThanOrEqual(540)
  expect(row?.left).toBeGreaterThan(500)
})

test('it is said how much was done since in the same stream', async () => {
  const subject = newJti()
  const [first = ''] = await bed.announce([{ partner: 'library', subject }])
  await bed.runAll()
  bed.receiver.script = () => ({ status: 202 })
  await bed.announce([
    { partner: 'library', subject },
    { partner: 'library', subject },
  ])
  await bed.runAll()

  expect((await ops('dead', 'show', first)).said).toMatch(/done since, in its stream +2/)
})

test('what is thrown away is gone', async () => {
  const { id } = await dead()

  const answers = [await ops('dead', 'discard', id), await ops('dead', 'replay', id)]

  expect(answers).toMatchObject([
    { code: 0, said: 'In effect: 1 thrown away.\n' },
    { code: 1, said: expect.stringContaining('there is none of this job') },
  ])
  expect(await audited()).toEqual([
    { actor: 'ada', command: 'dead discard', arguments: { jobs: [id] } },
  ])
})

test.each([
  [['dead', 'replay']],
  [['dead', 'discard', '--since', '2026-11-23']],
  [['dead', 'replay', 'short']],
  [['dead', 'replay', 'x'.repeat(43), '--partner', 'library']],
  [['dead', 'list', '--since', 'yesterday']],
  [['dead', 'bury', 'x']],
])('%j is not understood', async (line) => {
  expect((await ops(...line)).code).toBe(2)
})

test('a job that nobody had by its deadline is kept, but for one that says it must never be', async () => {
  const ids = await bed.announce(
    ['a', 'b'].map(() => ({ partner: 'library', subject: newJti(), jti: newJti() })),
  )
  const [kept = '', never = ''] = ids
  await bed.query(
    `update graphile_worker._private_jobs
     set payload = jsonb_set(payload::jsonb, '{clear,deadLetter}', '"never"')::json where key = $1`,
    [never],
  )
  await bed.query(
    `insert into worker.ledger (job_id, job, state, reason, attempt, starts, token, enqueued_at, deadline_at, settled_at)
     select id, 'risc-delivery', 'failed', 'timed-out', 1, 1, 1, now(), now(), now() from unnest($1::text[]) as id`,
    [ids],
  )

  const counted = await keepOverdue(bed.worker.database.pool('worker'), ids)

  const rows = await bed.query<{ job_id: string }>('select job_id from worker.dead_letters', [])
  expect(counted).toEqual(['risc-delivery'])
  expect(rows).toEqual([{ job_id: kept }])
})
