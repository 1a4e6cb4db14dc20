import { createHmac, randomBytes } from 'node:crypto'
import { jobs, type PayloadOf, type Report } from '@anteroom/job-contracts'
import { traceIdOf } from '@anteroom/runtime'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type PushBed, startPushBed } from '../support/push-bed.ts'

type Message = PayloadOf<typeof jobs.webhookDelivery>

const secret = `whsec_${randomBytes(32).toString('base64')}`
const body = JSON.stringify({ type: 'transfer.delivered', data: { note: 'Quackenbush ✓' } })
/** Names that others choose, and what they lead to. */
const inside: Readonly<Record<string, string>> = {
  'metadata.agency.example': '169.254.169.254',
  'inside.agency.example': '10.0.0.7',
}

let bed: PushBed
beforeAll(async () => {
  bed = await startPushBed({ resolve: async (host) => [inside[host] ?? '127.0.0.1'] })
})
afterAll(() => bed.stop())
beforeEach(async () => {
  await bed.worker.redis.flushall()
  bed.receiver.script = () => ({ status: 204 })
  bed.receiver.received.length = 0
  bed.worker.logLines.length = 0
})

/** As the web signs one. */
function message(changes: Partial<Message> = {}): Message {
  const messageId = `msg_${randomBytes(16).toString('base64url')}`
  const timestamp = Math.floor(Date.now() / 1_000)
  const signature = createHmac('sha256', Buffer.from(secret.slice('whsec_'.length), 'base64'))
    .update(`${messageId}.${timestamp}.${body}`)
    .digest('base64')
  const url = bed.receiver.url('hooks/in')
  const consumer = 'permits-office'
  const signed = { messageId, timestamp, signature: `v1,${signature}` }
  return { consumer, url, body, ...signed, ...changes }
}

const enqueue = (changes: Partial<Message> = {}) =>
  bed.worker.enqueue(jobs.webhookDelivery, message(changes))

/** As many tries as a round has. */
async function deliver(changes: Partial<Message> = {}): Promise<string> {
  const jobId = await enqueue(changes)
  await bed.runAll()
  return jobId
}

async function lastReportOf(jobId: string): Promise<Report | undefined> {
  return (await bed.worker.reports()).filter((report) => report.jobId === jobId).at(-1)
}

test('a message arrives as it was signed, and an implementation of others verifies it', async () => {
  const jobId = await deliver()

  const [received] = bed.receiver.received
  const headers = Object.fromEntries(
    Object.entries(received?.headers ?? {}).map(([name, value]) => [name, String(value)]),
  )
  expect(received?.path).toBe('/hooks/in')
  expect(new Webhook(secret).verify(received?.body ?? '', headers)).toEqual(JSON.parse(body))
  expect(() => new Webhook(secret).verify(`${received?.body} `, headers)).toThrow()
  expect(Object.keys(headers).sort()).toEqual([
    'connection',
    'content-length',
    'content-type',
    'host',
    'traceparent',
    'user-agent',
    'webhook-id',
    'webhook-signature',
    'webhook-timestamp',
  ])
  expect(headers['content-type']).toBe('application/json')
  expect(await bed.worker.openResult('webhook-delivery', jobId)).toEqual({ status: 204 })
})

test('every try has the same bytes and the same id, and is a step of one trace', async () => {
  bed.receiver.script = () => ({ status: bed.receiver.received.length < 3 ? 500 : 200 })

  const jobId = await deliver()

  const tries = bed.receiver.received.map(({ headers, body: sent }) =>
    [headers['webhook-id'], headers['webhook-signature'], sent].join(),
  )
  const traceparents = bed.receiver.received.map(({ headers }) => String(headers.traceparent))
  expect(tries).toHaveLength(3)
  expect(new Set(tries).size).toBe(1)
  expect(new Set(traceparents.map(traceIdOf))).toEqual(new Set(['a'.repeat(32)]))
  expect(new Set(traceparents).size).toBe(3)
  expect(await lastReportOf(jobId)).toMatchObject({ state: 'done', attempt: 3 })
})

test.each([
  [410, 1, 'gone'],
  [301, 1, undefined],
  [404, 1, undefined],
  [400, 4, undefined],
  [401, 4, undefined],
  [429, 4, undefined],
  [503, 4, undefined],
])('a receiver that answers %i is asked %i times in a round', async (status, times, code) => {
  const location = 'https://metadata.agency.example/latest/meta-data'
  bed.receiver.script = () => ({ status, headers: { location }, body: '{"err":"invalid_request"}' })

  const jobId = await deliver()

  const report = await lastReportOf(jobId)
  expect(bed.receiver.received).toHaveLength(times)
  expect(report).toMatchObject({ state: 'failed' })
  expect(report?.code).toBe(code)
  expect(bed.refused()).toBe(0)
})

test('who asks us to come later is left alone for so long, and not longer than the round', async () => {
  const waits: number[] = []
  for (const after of ['100', '86400']) {
    bed.receiver.script = () => ({ status: 429, headers: { 'retry-after': after } })
    const before = Date.now()
    const jobId = await enqueue()
    await bed.runDue()
    const report = await lastReportOf(jobId)
    await bed.runAll()
    waits.push(((report?.nextTry ?? 0) - before) / 1_000)
  }

  expect(waits[0]).toBeGreaterThan(98)
  expect(waits[0]).toBeLessThan(115)
  expect(waits[1]).toBeGreaterThan(200)
  expect(waits[1]).toBeLessThan(240)
})

test.each([
  'https://metadata.agency.example/latest/meta-data',
  'https://inside.agency.example/',
  'https://169.254.169.254/latest/meta-data',
  'https://localhost/',
  'https://redis.internal/',
])('nothing connects to %s', async (url) => {
  const jobId = await deliver({ url })

  expect(await lastReportOf(jobId)).toMatchObject({ state: 'failed', reason: 'rejected-input' })
  expect(bed.refused()).toBe(0)
  expect(bed.worker.logLines.join()).toContain('PUSH_ADDRESS_FORBIDDEN')
  expect(bed.receiver.received).toEqual([])
})

test('each try is one line, and no line says what was sent, where to, or what was answered', async () => {
  bed.receiver.script = () =>
    bed.receiver.received.length === 1
      ? { status: 500, body: 'Quackenbush is not here' }
      : { status: 200, headers: { 'set-cookie': 'quack=1' }, body: 'Quackenbush, thanks' }

  const jobId = await deliver()

  const pushes = bed.worker.logLines
    .map((line) => JSON.parse(line))
    .filter(({ msg }) => msg === 'webhook.push')
  const common = { consumer: 'permits-office', jobId, traceId: 'a'.repeat(32) }
  expect(pushes).toEqual([
    expect.objectContaining({ ...common, attempt: 1, outcome: 'failed', status: 500 }),
    expect.objectContaining({ ...common, attempt: 2, outcome: 'delivered', status: 200 }),
  ])
  expect(bed.worker.logLines.join()).not.toMatch(/quack|hooks|whsec|v1,/i)
  const reported = JSON.stringify(await bed.worker.reports())
  expect(reported).not.toMatch(/quack|hooks/i)
})

test('one consumer that is slow does not hold up another', async () => {
  bed.receiver.script = ({ path }) => (path === '/slow' ? 'silent' : { status: 200 })
  const url = bed.receiver.url('slow')
  for (let count = 0; count < 20; count += 1) await enqueue({ consumer: 'slow-office', url })
  await enqueue()

  const workers = await bed.startWorkers(1, 8)

  await expect
    .poll(() => bed.receiver.received.filter(({ path }) => path === '/hooks/in').length)
    .toBe(1)
  expect(bed.receiver.received.length).toBeLessThan(8)
  bed.receiver.script = () => ({ status: 200 })
  await workers.stop()
  await bed.runAll()
})
