import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { beforeEach, expect, test } from 'vitest'
import {
  applicant,
  callOptions,
  createClients,
  failureOf,
  startVendorStack,
  token,
} from './vendor-stack.ts'

const { ca, proxy, vendors } = await startVendorStack()
const { registry } = createClients({ proxyUrl: proxy.url, ca })

beforeEach(() =>
  vendors.registry.change({ calls: 1_000, windowMs: 1_000, fastestMs: 0, slowestMs: 0 }),
)

const named = (firstName: string) => ({ ...applicant, firstName })

test('a person is entered for two years under a number that fits on a credential', async () => {
  const entry = await registry.enter(applicant, callOptions())

  expect(entry).toEqual({
    number: expect.stringMatching(/^[A-Z0-9]{4}-\d{4}-\d{4}$/),
    validFrom: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    validUntil: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
    reference: expect.stringMatching(/^registry-/),
  })
  expect(Date.parse(entry.validUntil) - Date.parse(entry.validFrom)).toBe(729 * 86_400_000)
})

test('a repetition is the same entry, and another key another one', async () => {
  const options = callOptions()

  const first = await registry.enter(applicant, options)
  const again = await registry.enter(applicant, options)
  const other = await registry.enter(applicant, callOptions())

  expect(again).toEqual(first)
  expect(other.number).not.toBe(first.number)
  const calls = vendors.calls().filter(({ key }) => key === options.idempotencyKey)
  expect(calls).toMatchObject([{ vendor: 'registry', count: 2, billed: 1 }])
})

test('who asks too often is told when to come again, and remembered as not taken', async () => {
  const before = vendors.registry.arrivals().length
  vendors.registry.change({ calls: before + 2, windowMs: 60_000 })

  const asked = [1, 2, 3].map(() => registry.enter(applicant, callOptions()))
  const answers = await Promise.allSettled(asked)

  const [refused] = answers.filter(({ status }) => status === 'rejected')
  const wait = { retryAfterMs: expect.any(Number), cause: { message: 'HTTP_429' } }
  expect(refused).toMatchObject({ reason: { code: 'VENDOR_BUSY', ...wait } })
  const arrived = vendors.registry.arrivals().slice(before)
  expect(arrived.map(({ taken }) => taken)).toEqual([true, true, false])
})

test.each([
  ['Deny', 'VENDOR_REFUSED'],
  ['Broken', 'VENDOR_UNAVAILABLE'],
  ['Away', 'VENDOR_UNAVAILABLE'],
  ['Mute', 'VENDOR_TIMEOUT'],
  ['Slow 3', 'VENDOR_TIMEOUT'],
  ['Misfit', 'VENDOR_REPLY_INVALID'],
])('for %s it ends as %s', async (firstName, code) => {
  const error = await failureOf(registry.enter(named(firstName), callOptions({ timeoutMs: 800 })))

  expect(error.code).toBe(code)
})

test('for Busy it asks for 5 seconds once, and then goes on', async () => {
  const options = callOptions()

  const error = await failureOf(registry.enter(named('Busy'), options))
  const entry = await registry.enter(named('Busy'), options)

  expect(error).toMatchObject({ code: 'VENDOR_BUSY', retryAfterMs: 5_000 })
  expect(entry.number).toMatch(/^[A-Z0-9-]+$/)
})

test('it takes as long as it is told to', async () => {
  vendors.registry.change({ fastestMs: 300, slowestMs: 400 })
  const startedAt = performance.now()

  await registry.enter(applicant, callOptions())

  const tookMs = performance.now() - startedAt
  expect(tookMs).toBeGreaterThan(295)
  expect(tookMs).toBeLessThan(900)
})

test('whoever has the token may change how it behaves while it runs, and sees what arrived', async () => {
  const options = callOptions()
  await registry.enter(applicant, options)

  const changed = await control('PUT', { calls: 7, slowestMs: 9 })
  const seen = await control('GET')
  const refused = await Promise.all([
    control('PUT', { calls: 0 }),
    control('PUT', { color: 'red' }),
    control('DELETE'),
    control('GET', undefined, 'guess'),
  ])

  expect(changed.status).toBe(200)
  expect(seen.body).toMatchObject({ calls: 7, windowMs: 1_000, fastestMs: 0, slowestMs: 9 })
  expect(JSON.stringify(seen.body)).toContain(options.idempotencyKey)
  expect(JSON.stringify(seen.body)).not.toMatch(/Maria|Okafor/)
  expect(refused.map(({ status }) => status)).toEqual([422, 422, 405, 401])
})

async function control(method: string, body?: object, bearer = token) {
  const request = https.request({
    host: '127.0.0.1',
    port: vendors.port,
    servername: 'registry.vendors.test',
    ca,
    method,
    path: '/sandbox/registry',
    headers: { authorization: `Bearer ${bearer}` },
  })
  request.end(body && JSON.stringify(body))
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (!response) throw new Error('No response')
  const text = Buffer.concat(await Array.fromAsync(response)).toString()
  const parsed: unknown = JSON.parse(text)
  return { status: response.statusCode, body: parsed }
}
