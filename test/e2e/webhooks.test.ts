import { writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type LocalProxy, startProxy } from '@anteroom/infra/local/proxy.ts'
import type { LocalStack } from '@anteroom/infra/local/stack.ts'
import { traceIdOf } from '@anteroom/runtime'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type Ops, opsOf } from '../support/ops.ts'
import {
  type Received,
  type Reply,
  type ScriptedReceiver,
  startScriptedReceiver,
} from '../support/scripted-receiver.ts'
import { type RunningService, startService } from '../support/service.ts'
import { startTestStack } from '../support/stack.ts'

// An agency's program asks for a transfer and is told of its end: web, worker and proxy are real, and the agency is a server
// that has the file, takes it in, and listens.

const consumer = 'permits-office'
const wait = { timeout: 60_000 }

let stack: LocalStack
let agency: ScriptedReceiver
let proxy: LocalProxy
let ops: Ops
let web: RunningService
let worker: RunningService
let workerSettings: Readonly<Record<string, string>>
let key: string
let secret: string
let said: (received: Received) => Reply | 'silent'
beforeAll(async () => {
  stack = await startTestStack()
  agency = await startScriptedReceiver()
  agency.script = answer
  const { port } = agency
  const here = { host: '127.0.0.1', port }
  const credentials = { username: 'worker', password: 'p' }
  proxy = await startProxy({ port: 0, credentials, allow: { [`127.0.0.1:${port}`]: here } })
  const file = join(dirname(stack.addresses.partnersFile), 'destinations.yaml')
  const destination = { name: 'county-records', type: 'https', url: urlOf('/in') }
  await writeFile(file, JSON.stringify({ destinations: [destination] }))
  workerSettings = {
    ANTEROOM_TRANSFER_DESTINATIONS_FILE: file,
    ANTEROOM_OUTBOUND_PROXY_URL: proxy.url,
    ANTEROOM_OUTBOUND_CA_FILE: agency.caFile,
    ANTEROOM_TRANSFER_PRIVATE_HOSTS: `localhost:${port}`,
    ANTEROOM_PUSH_PRIVATE_HOSTS: `localhost:${port}`,
  }
  web = await startService('web', stack, {
    settings: {
      ANTEROOM_TRANSFER_DESTINATIONS_FILE: file,
      ANTEROOM_TRANSFER_SANDBOX_ORIGINS: urlOf(''),
    },
  })
  worker = await startService('worker', stack, { settings: workerSettings })
  ops = await opsOf(stack)
  const scopes = ['--destinations', destination.name, '--source-hosts', 'localhost']
  const made = await ops([
    ...['transfer', 'consumer', 'new', consumer],
    ...scopes,
    ...['--webhook', urlOf('/hooks')],
  ])
  secret = /^whsec_.*$/m.exec(made.said)?.[0] ?? ''
  key = /^at_.*$/m.exec((await ops(['transfer', 'key', 'new', consumer])).said)?.[0] ?? ''
}, 120_000)
afterAll(async () => {
  await Promise.all([web.stop(), worker.stop()])
  await proxy.stop()
  await agency.stop()
  await stack.stop()
})
beforeEach(() => {
  said = () => ({ status: 204 })
})

const urlOf = (path: string): string => `https://localhost:${agency.port}${path}`

/** The agency's source, destination and webhook. */
function answer(received: Received): Reply | 'silent' {
  if (received.path === '/hooks') return said(received)
  if (received.method === 'GET') return { status: 200, body: 'a permit' }
  if (received.method === 'PUT') return { status: 201 }
  const isThere = agency.received.some(
    ({ method, path }) => method === 'PUT' && path === received.path,
  )
  return isThere ? { status: 200, headers: { 'content-length': '8' } } : { status: 404 }
}

async function transfer(filename: string): Promise<string> {
  const response = await fetch(`${web.url}/api/transfers`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      source: { type: 'url', url: urlOf(`/${filename}`) },
      destination: { name: 'county-records', filename },
    }),
  })
  expect(response.status).toBe(202)
  return JSON.parse(await response.text()).id
}

const hooks = (transferId: string): Received[] =>
  agency.received.filter(({ path, body }) => path === '/hooks' && body.includes(transferId))

const arrived = (transferId: string, count = 1) =>
  expect.poll(() => hooks(transferId).length, wait).toBe(count)

/** By an implementation of others. @throws if it is not ours */
function verified(hook: Received | undefined, by = secret): unknown {
  const headers = Object.entries(hook?.headers ?? {}).map(([name, value]) => [name, String(value)])
  return new Webhook(by).verify(hook?.body ?? '', Object.fromEntries(headers))
}

const traceOf = ({ headers }: Received): string => traceIdOf(String(headers.traceparent))

const isDelivered = (id: string) =>
  web.logged('webhook.delivered').some(({ transferId }) => transferId === id)

test('who asks for a transfer is told of its end, signed, in the trace of the request', async () => {
  const id = await transfer('first.txt')

  await arrived(id)

  const [hook] = hooks(id)
  expect(verified(hook)).toMatchObject({ type: 'transfer.delivered', data: { id, bytes: 8 } })
  expect(hook?.body).not.toContain('first.txt')
  const asked = web.logged('transfer.requested').find(({ transferId }) => transferId === id)
  const moved = agency.received.filter(({ path }) => path.endsWith('first.txt'))
  expect(asked?.traceId).toMatch(/[1-9a-f]/)
  expect(moved.length).toBeGreaterThan(1)
  expect(new Set([...moved, ...hooks(id)].map(traceOf))).toEqual(new Set([asked?.traceId]))
  await expect.poll(() => isDelivered(id), wait).toBe(true)
})

test('for a day after the secret has changed, either one verifies', async () => {
  const before = secret
  const changed = await ops([
    'transfer',
    'consumer',
    'change',
    consumer,
    '--webhook',
    urlOf('/hooks'),
  ])
  secret = /^whsec_.*$/m.exec(changed.said)?.[0] ?? ''

  const id = await transfer('second.txt')
  await arrived(id)

  expect(before).not.toBe(secret)
  expect(verified(hooks(id)[0], before)).toMatchObject({ data: { id } })
  expect(verified(hooks(id)[0])).toMatchObject({ data: { id } })
})

test('what was given up arrives when an operator has it sent again, under its id and in its trace', async () => {
  said = () => ({ status: 410 })
  const id = await transfer('third.txt')
  await arrived(id)
  await expect
    .poll(() => web.logged('webhook.dead').map(({ transferId }) => transferId), wait)
    .toEqual([id])
  said = () => ({ status: 200 })

  const replayed = await ops(['transfer', 'webhook', 'replay', consumer])
  await arrived(id, 2)

  expect(replayed.code).toBe(0)
  const [first, second] = hooks(id)
  expect(verified(second)).toEqual(JSON.parse(first?.body ?? ''))
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect(new Set(hooks(id).map(traceOf)).size).toBe(1)
})

test('a worker that is killed before it has heard the answer leaves a message that comes twice, under one id', async () => {
  said = () => 'silent'
  const id = await transfer('fourth.txt')
  await arrived(id)
  await worker.kill()
  said = () => ({ status: 200 })

  worker = await startService('worker', stack, { settings: workerSettings })
  await arrived(id, 2)

  await expect.poll(() => isDelivered(id), wait).toBe(true)
  const [first, second, ...more] = hooks(id)
  expect(more).toEqual([])
  expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id'])
  expect(second?.headers['webhook-signature']).toBe(first?.headers['webhook-signature'])
})
