import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { workerSettings } from '../../apps/worker/src/config.ts'
import { fixedSealer } from '../support/fixed-keys.ts'
import { jtiIn, newJti, type PushBed, startPushBed } from '../support/push-bed.ts'
import type { Reply } from '../support/scripted-receiver.ts'

let bed: PushBed
beforeAll(async () => {
  const authorization = await fixedSealer.seal(
    { purpose: 'settings', name: 'push-authorization', id: 'museum' },
    'Bearer of-the-museum',
  )
  bed = await startPushBed({
    partners: {
      library: { timeout_ms: 500 },
      archive: {},
      museum: { authorization },
      gallery: { authorization },
    },
  })
})
afterAll(() => bed.stop())
beforeEach(async () => {
  await bed.runAll()
  bed.receiver.received.length = 0
  bed.worker.logLines.length = 0
  bed.receiver.script = () => ({ status: 202 })
})

const stateOf = async (jobId: string) => {
  const [row] = await bed.query<{ state: string; reason: string; attempt: number; code: string }>(
    'select state, reason, attempt, code from worker.ledger where job_id = $1',
    [jobId],
  )
  return row
}
const letterOf = async (jobId: string) => {
  const [row] = await bed.query('select code, facts from worker.dead_letters where job_id = $1', [
    jobId,
  ])
  return row
}
const pushes = () =>
  bed.worker.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'risc.push')

async function announceOne(exp?: number): Promise<{ jobId: string; jti: string }> {
  const jti = newJti()
  const [jobId = ''] = await bed.announce([
    { partner: 'library', subject: jti, jti, ...(exp !== undefined && { exp }) },
  ])
  return { jobId, jti }
}

test('a partner is shown the Authorization that was sealed for it, and no other partner is', async () => {
  const [, stolen = ''] = await bed.announce([{ partner: 'museum' }, { partner: 'gallery' }])

  await bed.runAll()

  expect(bed.receiver.received.map(({ path, headers }) => [path, headers.authorization])).toEqual([
    ['/museum', 'Bearer of-the-museum'],
  ])
  expect(await stateOf(stolen)).toMatchObject({ state: 'failed', code: 'SEAL_UNOPENABLE' })
})

test('an event is posted as RFC 8935 has it, and nothing readable stays', async () => {
  const { jobId, jti } = await announceOne()

  await bed.runAll()

  const [received] = bed.receiver.received
  expect(received?.headers).toMatchObject({
    'content-type': 'application/secevent+jwt',
    accept: 'application/json',
  })
  expect(received?.path).toBe('/library')
  expect(received?.headers.traceparent).toContain(`-${pushes()[0]?.traceId}-`)
  expect(jtiIn(received?.body ?? '')).toBe(jti)
  expect(await stateOf(jobId)).toMatchObject({ state: 'done', attempt: 1 })
  expect(await bed.query('select from graphile_worker._private_jobs')).toEqual([])
  expect(await bed.query('select from worker.dead_letters where job_id = $1', [jobId])).toEqual([])
  const dump = JSON.stringify([
    await bed.query('select * from worker.ledger where job_id = $1', [jobId]),
    await bed.query('select * from worker.ordered_jobs where job_id = $1', [jobId]),
  ])
  expect(dump).not.toContain(jti)
  expect(dump).not.toContain((received?.body ?? 'x').split('.')[1])
})

test('each push is one line: which partner, event and token, which attempt, what came of it', async () => {
  bed.receiver.script = () => ({ status: bed.receiver.received.length === 1 ? 503 : 200 })
  const { jti } = await announceOne()

  await bed.runAll()

  const common = {
    partner: 'library',
    event: 'password-reset',
    jti,
    durationMs: expect.any(Number),
  }
  expect(pushes()).toEqual([
    expect.objectContaining({
      ...common,
      attempt: 1,
      outcome: 'failed',
      code: 'PUSH_BUSY',
      status: 503,
    }),
    expect.objectContaining({ ...common, attempt: 2, outcome: 'delivered', status: 200 }),
  ])
})

test.each([0, 1, 2, 3, 4, 5, 6])(
  'a partner that fails %i times gets the same bytes each time, six times at most',
  async (failures) => {
    bed.receiver.script = () => ({ status: bed.receiver.received.length <= failures ? 503 : 202 })
    const { jobId } = await announceOne()

    await bed.runAll()

    const bodies = bed.receiver.received.map(({ body }) => body)
    expect(bodies).toHaveLength(Math.min(failures + 1, 6))
    expect(new Set(bodies).size).toBe(1)
    expect(await stateOf(jobId)).toMatchObject({ state: failures < 6 ? 'done' : 'failed' })
    expect((await letterOf(jobId)) !== undefined).toBe(failures >= 6)
  },
)

test('the waits between attempts are those of the contract, a fifth around them', async () => {
  bed.receiver.script = () => ({ status: 503 })
  const { jobId } = await announceOne()
  const waits: number[] = []

  for (let attempt = 1; attempt <= 5; attempt += 1) {
    await bed.runDue()
    const [row] = await bed.query<{ wait: number }>(
      'select extract(epoch from next_try - now())::float8 as wait from worker.ledger where job_id = $1',
      [jobId],
    )
    waits.push(row?.wait ?? 0)
    await bed.makeDue()
  }

  // A test worker draws the shortest of them.
  for (const [index, wait] of [8, 48, 480, 2_880, 14_400].entries()) {
    expect(waits[index]).toBeLessThanOrEqual(wait)
    expect(waits[index]).toBeGreaterThan(wait - 5)
  }
})

describe('what the partner answers decides', () => {
  const invalid = (err: string) => ({
    status: 400,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ err, description: 'd' }),
  })

  test.each<[string, Reply, { readonly attempts: number; readonly code: string }]>([
    ['invalid_request', invalid('invalid_request'), { attempts: 1, code: 'PUSH_REFUSED' }],
    ['invalid_audience', invalid('invalid_audience'), { attempts: 1, code: 'PUSH_REFUSED' }],
    ['invalid_issuer', invalid('invalid_issuer'), { attempts: 1, code: 'PUSH_REFUSED' }],
    ['invalid_key', invalid('invalid_key'), { attempts: 6, code: 'PUSH_KEY_STALE' }],
    ['access_denied', invalid('access_denied'), { attempts: 6, code: 'PUSH_DENIED' }],
    ['400 and nothing', { status: 400 }, { attempts: 6, code: 'PUSH_REFUSED' }],
    ['an unknown code', invalid('jwtHdr'), { attempts: 6, code: 'PUSH_REFUSED' }],
    ['401', { status: 401 }, { attempts: 6, code: 'PUSH_DENIED' }],
    ['403', { status: 403 }, { attempts: 6, code: 'PUSH_DENIED' }],
    [
      '302',
      { status: 302, headers: { location: 'https://a.example' } },
      { attempts: 1, code: 'PUSH_MISCONFIGURED' },
    ],
    ['404', { status: 404 }, { attempts: 2, code: 'PUSH_MISCONFIGURED' }],
    ['415', { status: 415 }, { attempts: 2, code: 'PUSH_MISCONFIGURED' }],
    ['410', { status: 410 }, { attempts: 1, code: 'PUSH_GONE' }],
    ['429', { status: 429 }, { attempts: 6, code: 'PUSH_BUSY' }],
    ['500', { status: 500 }, { attempts: 6, code: 'PUSH_BUSY' }],
  ])('%s', async (_what, reply, { attempts, code }) => {
    bed.receiver.script = () => reply
    const { jobId } = await announceOne()

    await bed.runAll()

    expect(bed.receiver.received).toHaveLength(attempts)
    expect(await stateOf(jobId)).toMatchObject({ state: 'failed', code })
    expect(await letterOf(jobId)).toMatchObject({ code, facts: { status: reply.status } })
  })

  test('404 after other trouble is worth one more try, ten minutes later', async () => {
    const statuses = [503, 404, 404]
    bed.receiver.script = () => ({ status: statuses[bed.receiver.received.length - 1] ?? 202 })
    const { jobId } = await announceOne()

    await bed.runDue()
    await bed.makeDue()
    await bed.runDue()
    const [row] = await bed.query<{ wait: number }>(
      'select extract(epoch from next_try - now())::float8 as wait from worker.ledger where job_id = $1',
      [jobId],
    )
    await bed.runAll()

    expect(row?.wait).toBeGreaterThan(590)
    expect(bed.receiver.received).toHaveLength(3)
    expect(await stateOf(jobId)).toMatchObject({ state: 'failed', code: 'PUSH_MISCONFIGURED' })
  })

  test.each([
    ['30', 25, 31],
    ['1', 5, 9],
    ['86400', 43_000, 43_140],
  ])(
    'a Retry-After of %s s is kept, but no sooner than scheduled and within the time there is',
    async (after, least, most) => {
      bed.receiver.script = () => ({ status: 429, headers: { 'retry-after': after } })
      const { jobId } = await announceOne()

      await bed.runDue()

      const [row] = await bed.query<{ wait: number }>(
        'select extract(epoch from next_try - now())::float8 as wait from worker.ledger where job_id = $1',
        [jobId],
      )
      expect(row?.wait).toBeGreaterThanOrEqual(least)
      expect(row?.wait).toBeLessThanOrEqual(most)
    },
  )
})

test('a proxy that is away costs no attempt', async () => {
  const { jobId } = await announceOne()
  await bed.stopProxy()

  for (let round = 0; round < 8; round += 1) {
    await bed.runDue()
    await bed.makeDue()
  }
  const meanwhile = await stateOf(jobId)
  await bed.startProxyAgain()
  await bed.runAll()

  expect(meanwhile).toMatchObject({ state: 'waiting', attempt: 0 })
  expect(await stateOf(jobId)).toMatchObject({ state: 'done', attempt: 1 })
  expect(bed.receiver.received).toHaveLength(1)
})

test('a token is never sent in its last minute', async () => {
  const now = Math.floor(Date.now() / 1000)
  const late = await announceOne(now + 59)
  const inTime = await announceOne(now + 90)

  await bed.runAll()

  expect(bed.receiver.received.map(({ body }) => jtiIn(body))).toEqual([inTime.jti])
  expect(await stateOf(late.jobId)).toMatchObject({ state: 'failed', code: 'SET_EXPIRED' })
  expect(await letterOf(late.jobId)).toMatchObject({ code: 'SET_EXPIRED' })
})

test('an event for a partner that is not in the file is tried again, and kept in the end', async () => {
  const [jobId = ''] = await bed.announce([{ partner: 'stranger' }])

  await bed.runAll()

  expect(await stateOf(jobId)).toMatchObject({ attempt: 6, code: 'RECEIVER_UNKNOWN' })
  expect(await letterOf(jobId)).toBeDefined()
})

test('a job whose deadline passed while nobody had it is kept as it lay in the queue', async () => {
  bed.receiver.script = () => ({ status: 503 })
  const { jobId } = await announceOne()
  await bed.runDue()

  await bed.query(
    `update worker.ledger set deadline_at = now() - interval '1 s' where job_id = $1`,
    [jobId],
  )
  await bed.runAll()

  expect(await stateOf(jobId)).toMatchObject({ state: 'failed', reason: 'timed-out' })
  expect(await letterOf(jobId)).toBeDefined()
})

test('the worker knows no setting with a key that signs tokens', () => {
  const names = Object.keys(workerSettings.shape)

  expect(names.filter((name) => /openid|subjectKey/i.test(name))).toEqual([])
})
