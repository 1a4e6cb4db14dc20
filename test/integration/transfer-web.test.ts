import { afterAll, beforeAll, expect, test } from 'vitest'
import { goodRequest, startTransferDesk, type TransferDesk } from '../support/transfer-desk.ts'

let desk: TransferDesk
let key: string
beforeAll(async () => {
  desk = await startTransferDesk()
  key = await desk.consumer('permits-office')
})
afterAll(() => desk.stop())

test('a transfer that is asked for is taken, with a job whose source nobody else can read', async () => {
  const answer = await desk.ask(key, {
    body: goodRequest,
    headers: { 'x-correlation-id': 'permit-1' },
  })

  const { id, ...told } = answer.json()
  expect(answer.statusCode).toBe(202)
  expect(answer.headers.location).toBe(`/api/transfers/${id}`)
  expect(told).toMatchObject({
    state: 'queued',
    destination: 'county-records',
    path: 'permits/2026',
    filename: 'quackenbush.pdf',
    correlation_id: 'permit-1',
    attempts: 0,
    problem: null,
  })
  const { rows } = await desk.web.database
    .pool('admin')
    .query('select distinct priority::integer from graphile_worker._private_jobs')
  // Jobs that people wait for come before it.
  expect(rows).toEqual([{ priority: 20 }])
  const wire = (await desk.queued('document-transfer')).find(({ clear }) => clear.transferId === id)
  expect(JSON.stringify(wire)).not.toMatch(/permits\.example|quackenbush|2026\//)
  expect(wire && (await desk.payloadOf(wire))).toMatchObject({
    source: { url: goodRequest.source.url, hosts: ['files.permits.example', '*.trees.example'] },
    consumer: 'permits-office',
    maxBytes: 50_000_000,
    correlationId: 'permit-1',
    conflict: 'fail',
  })
})

test('until when the source can be fetched goes with the job, sealed', async () => {
  const expiresAt = '2099-01-01T00:00:00.000Z'
  const id = await desk.transfer(key, { expires_at: expiresAt })

  const wire = (await desk.queued('document-transfer')).find(({ clear }) => clear.transferId === id)

  expect(wire && (await desk.payloadOf(wire)).sourceExpiresAt).toBe(Date.parse(expiresAt))
  expect(JSON.stringify(wire)).not.toContain(String(Date.parse(expiresAt)))
})

test('a transfer goes on by reports, and ends with what the worker found', async () => {
  const id = await desk.transfer(key)

  await desk.report(id, { state: 'running', bytes: 1_000 })
  const running = (await desk.ask(key, { method: 'GET', path: `/${id}` })).json()
  const nextTry = Date.now() + 60_000
  await desk.report(id, {
    state: 'waiting',
    reason: 'vendor-unavailable',
    code: 'destination-busy',
    nextTry,
  })
  const waiting = (await desk.ask(key, { method: 'GET', path: `/${id}` })).json()
  await desk.delivered(id)
  const ended = (await desk.ask(key, { method: 'GET', path: `/${id}` })).json()

  expect(running).toMatchObject({ state: 'running', bytes: 1_000, problem: null })
  expect(waiting).toMatchObject({
    state: 'waiting',
    problem: 'destination-busy',
    next_attempt_at: new Date(nextTry).toISOString(),
  })
  expect(ended).toMatchObject({
    state: 'delivered',
    filename: 'quackenbush (1).pdf',
    sha256: '5e'.repeat(32),
    media_type: 'application/pdf',
    bytes: 48_213,
    problem: null,
    next_attempt_at: null,
  })
  expect(ended.ended_at).not.toBeNull()
})

test('a failure says what failed, and a report that comes twice or late changes nothing', async () => {
  const id = await desk.transfer(key)

  await desk.report(id, {
    state: 'failed',
    reason: 'rejected-input',
    code: 'hash-mismatch',
    seq: 5,
  })
  const first = (await desk.ask(key, { method: 'GET', path: `/${id}` })).json()
  await desk.report(id, { state: 'running', bytes: 7, seq: 4 })
  await desk.report(id, { state: 'failed', reason: 'internal', seq: 5 })

  expect(first).toMatchObject({ state: 'failed', problem: 'hash-mismatch' })
  expect((await desk.ask(key, { method: 'GET', path: `/${id}` })).json()).toEqual(first)
})

test.each([
  ['does not open', 'not sealed'],
  ['says something else', undefined],
])('a result that %s is a failure, and holds up no other', async (_what, sealed) => {
  const [broken, whole] = [await desk.transfer(key), await desk.transfer(key)]

  if (sealed === undefined) await desk.delivered(broken, { filename: '../x' })
  else await desk.report(broken, { state: 'done', sealed })
  await desk.delivered(whole)

  expect((await desk.ask(key, { method: 'GET', path: `/${broken}` })).json()).toMatchObject({
    state: 'failed',
    problem: 'unreadable',
  })
  expect((await desk.ask(key, { method: 'GET', path: `/${whole}` })).json().state).toBe('delivered')
})

test('a failed transfer that is replayed lives again', async () => {
  const id = await desk.transfer(key)
  await desk.report(id, {
    state: 'failed',
    reason: 'vendor-unavailable',
    code: 'source-unreachable',
  })

  await desk.report(id, { state: 'running' })
  const again = (await desk.ask(key, { method: 'GET', path: `/${id}` })).json()
  await desk.delivered(id)

  expect(again).toMatchObject({ state: 'running', ended_at: null })
  expect((await desk.ask(key, { method: 'GET', path: `/${id}` })).json().state).toBe('delivered')
})

test('whoever prefers to wait is answered when it ends, not when the time is up', async () => {
  const asked = desk.ask(key, { body: goodRequest, headers: { prefer: 'wait=20' } })
  const sent = performance.now()
  await new Promise((resolve) => setTimeout(resolve, 300))
  const { rows } = await desk.web.database
    .pool('admin')
    .query<{ id: string }>('select id from web.transfers order by requested_at desc limit 1')
  await desk.delivered(rows[0]?.id ?? '')

  const answer = await asked

  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toMatchObject({ id: rows[0]?.id, state: 'delivered' })
  expect(answer.headers['preference-applied']).toBe('wait=20')
  expect(performance.now() - sent).toBeLessThan(2_500)
})

test('whoever prefers to wait is told how it stands when the time is up', async () => {
  const answer = await desk.ask(key, {
    body: goodRequest,
    headers: { prefer: 'respond-async, wait=1' },
  })

  expect(answer.statusCode).toBe(202)
  expect(answer.json().state).toBe('queued')
})

test('what no worker has begun is cancelled at once, and its job is gone', async () => {
  const id = await desk.transfer(key)

  const answer = await desk.ask(key, { path: `/${id}/cancel` })
  const again = await desk.ask(key, { path: `/${id}/cancel` })

  expect(answer.statusCode).toBe(200)
  expect(answer.json()).toMatchObject({ state: 'cancelled', problem: 'cancelled' })
  expect(again.json()).toEqual(answer.json())
  const queued = await desk.queued('document-transfer')
  expect(queued.filter(({ clear }) => clear.transferId === id)).toEqual([])
})

test('what a worker has begun is asked to stop, and says itself how it ended', async () => {
  const id = await desk.transfer(key)
  const admin = desk.web.database.pool('admin')
  await admin.query(
    `insert into worker.ledger (job_id, job, state, attempt, starts, token, enqueued_at, deadline_at)
     select job_id, 'document-transfer', 'running', 1, 1, 1, now(), deadline_at from web.transfers where id = $1`,
    [id],
  )
  await desk.report(id, { state: 'running' })

  const asked = await desk.ask(key, { path: `/${id}/cancel` })
  const requests = await admin.query(
    'select 1 from worker.stop_requests join web.transfers using (job_id) where id = $1',
    [id],
  )
  await desk.report(id, { state: 'failed', reason: 'cancelled', code: 'cancelled' })
  const after = await desk.ask(key, { path: `/${id}/cancel` })

  expect(asked.statusCode).toBe(202)
  expect(asked.json()).toMatchObject({ state: 'running', cancel_requested: true })
  expect(requests.rowCount).toBe(1)
  expect(after.json()).toMatchObject({ state: 'cancelled', problem: 'cancelled' })
})

test('what has ended is not cancelled', async () => {
  const id = await desk.transfer(key)
  await desk.delivered(id)

  const answer = await desk.ask(key, { path: `/${id}/cancel` })

  expect(answer.statusCode).toBe(409)
  expect(answer.json().code).toBe('already-ended')
})

test('a consumer lists its own transfers, newest first, page by page, each once', async () => {
  const trees = await desk.consumer('trees-office', { sourceHosts: ['*'] })
  const ids: string[] = []
  for (let count = 0; count < 5; count += 1) ids.unshift(await desk.transfer(trees))
  const newest = ids[0] ?? ''
  await desk.report(newest, { state: 'running' })

  const seen: string[] = []
  let cursor = ''
  do {
    const page = (await desk.ask(trees, { method: 'GET', path: `?limit=2${cursor}` })).json()
    seen.push(...page.transfers.map(({ id }: { id: string }) => id))
    cursor = page.next_cursor === null ? '' : `&cursor=${page.next_cursor}`
  } while (cursor !== '')
  const running = await desk.ask(trees, { method: 'GET', path: '?state=running,waiting' })
  const none = await desk.ask(trees, { method: 'GET', path: '?correlation_id=other' })

  expect(seen).toEqual(ids)
  expect(running.json().transfers).toMatchObject([{ id: newest, state: 'running' }])
  expect(none.json()).toEqual({ transfers: [], next_cursor: null })
})

test('the source is in no table of the web and in no log, and names only sealed', async () => {
  await desk.ask(key, { body: goodRequest })
  const admin = desk.web.database.pool('admin')
  const tables = ['transfers', 'transfer_requests', 'transfer_webhooks', 'transfer_audit']

  const rows = await Promise.all(tables.map((name) => admin.query(`select * from web.${name}`)))

  const kept = JSON.stringify(rows.map(({ rows: found }) => found))
  expect(kept).toContain('county-records')
  expect(kept).not.toMatch(/signature|wS4T|quackenbush|permits\/2026/)
  expect(desk.web.logLines.join('')).not.toMatch(/signature|wS4T|quackenbush|permits\/2026/)
})
