import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import https from 'node:https'
import { startSandboxVendors } from '@anteroom/infra/sandbox/vendors.ts'
import { expect, test } from 'vitest'
import { startVendorStack, token } from './vendor-stack.ts'

const { ca, certificates, vendors } = await startVendorStack()

const body = {
  first_name: 'Maria',
  last_name: 'Okafor',
  date_of_birth: '1986-04-12',
  ssn: '900123456',
  address1: '100 Example Street',
  city: 'Seattle',
  state: 'WA',
  zip_code: '98109',
}

interface Ask {
  readonly host?: string
  readonly path?: string
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly text?: string
}

const refused: [string, Ask, number, string][] = [
  ['another host', { host: 'other.vendors.test' }, 421, 'unknown_host'],
  ['another vendor’s path', { path: '/v1/address' }, 404, 'not_found'],
  ['another method', { method: 'PUT' }, 405, 'method_not_allowed'],
  ['a wrong token', { headers: { authorization: 'Bearer guess' } }, 401, 'unauthorized'],
  ['no JSON type', { headers: { 'content-type': 'text/plain' } }, 415, 'json_only'],
  ['a short key', { headers: { 'idempotency-key': 'short' } }, 400, 'idempotency_key'],
  ['a bad trace', { headers: { traceparent: '00-x' } }, 400, 'traceparent'],
  ['no JSON', { text: '{' }, 400, 'invalid_json'],
  [
    'a missing member',
    { text: JSON.stringify({ ...body, ssn: undefined }) },
    422,
    'invalid_request',
  ],
  [
    'a member not asked for',
    { text: JSON.stringify({ ...body, phone: '1' }) },
    422,
    'invalid_request',
  ],
  [
    'a real number',
    { text: JSON.stringify({ ...body, ssn: '123456789' }) },
    422,
    'refused_real_ssn',
  ],
  ['a large body', { text: 'x'.repeat(100_000) }, 413, 'too_large'],
]

test.each(refused)('%s is refused and leaves no trace', async (...[, ask, status, error]) => {
  const before = vendors.calls().length

  const answer = await send(vendors.port, ask)

  expect(answer).toEqual({ status, body: { error } })
  expect(vendors.calls()).toHaveLength(before)
})

test('the list of calls wants the token and tells nothing personal', async () => {
  await send(vendors.port, {})

  const listed = await send(vendors.port, { method: 'GET', path: '/sandbox/calls' })
  const stranger = await send(vendors.port, {
    method: 'GET',
    path: '/sandbox/calls',
    headers: { authorization: '' },
  })

  expect(stranger.status).toBe(401)
  expect(listed.body).toEqual({ calls: vendors.calls() })
  expect(JSON.stringify(listed.body)).not.toMatch(/Maria|900123456|Okafor/)
})

test('an answer without a scenario takes about a millisecond', async () => {
  const agent = new https.Agent({ keepAlive: true, ca })
  await send(vendors.port, {}, agent)
  const took: number[] = []

  for (let round = 0; round < 50; round += 1) {
    const startedAt = performance.now()
    await send(vendors.port, {}, agent)
    took.push(performance.now() - startedAt)
  }

  agent.destroy()
  expect(took.sort((a, b) => a - b)[25]).toBeLessThan(10)
})

test('a stop ends open calls and frees the port', async () => {
  const other = await startSandboxVendors({ port: 0, certificates, token })
  const open = ['Time', 'Slow 60', 'Drip', 'Bomb'].map((first_name) =>
    send(other.port, { text: JSON.stringify({ ...body, first_name }) }).then(
      () => 'answered',
      () => 'cut',
    ),
  )
  await expect.poll(() => other.calls().length).toBe(4)

  await other.stop()

  expect(await Promise.all(open)).toEqual(['cut', 'cut', 'cut', 'cut'])
  const again = await startSandboxVendors({ port: other.port, certificates, token })
  await again.stop()
})

async function send(port: number, ask: Ask, agent?: https.Agent) {
  const host = ask.host ?? 'resolution.vendors.test'
  const request = https.request({
    host: '127.0.0.1',
    port,
    servername: 'resolution.vendors.test',
    ca,
    ...(agent ? { agent } : {}),
    method: ask.method ?? 'POST',
    path: ask.path ?? '/v1/resolution',
    headers: {
      host,
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': randomBytes(16).toString('hex'),
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      ...ask.headers,
    },
  })
  request.end(ask.method === 'GET' ? undefined : (ask.text ?? JSON.stringify(body)))
  const [response]: IncomingMessage[] = await once(request, 'response')
  if (!response) throw new Error('No response')
  const text = Buffer.concat(await Array.fromAsync(response)).toString()
  const parsed: unknown = JSON.parse(text)
  return { status: response.statusCode, body: parsed }
}
