import { execFile, spawnSync } from 'node:child_process'
import { createHash, randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { sampleDestinations } from '@anteroom/infra/local/agency.ts'
import { readySampleConsumer } from '@anteroom/infra/local/sample-consumer.ts'
import { agencyPaths } from '@anteroom/infra/sandbox/agency/sample-agency.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Ops, opsOf } from '../support/ops.ts'
import { root } from '../support/root.ts'
import { startTestSystem, type TestSystem } from '../support/walk.ts'

// What `pnpm dev` starts: the web, the worker, the proxy, and the sample agency at both ends.
let system: TestSystem
let ops: Ops
let key: string
beforeAll(async () => {
  system = await startTestSystem()
  const { addresses } = system.stack
  key = await readFile(
    await readySampleConsumer(system.stack, dirname(addresses.destinationsFile)),
    'utf8',
  )
  ops = await opsOf(system.stack)
})
afterAll(() => system.stop())

interface Asked {
  readonly method?: string
  readonly path?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly as?: string
}

async function ask({ method = 'POST', path = '', body, headers = {}, as = key }: Asked) {
  const answer = await fetch(`${system.web.url}/api/transfers${path}`, {
    method,
    headers: {
      ...(as !== '' && { authorization: `Bearer ${as.trim()}` }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  return { status: answer.status, headers: answer.headers, told: JSON.parse(await answer.text()) }
}

const get = (path: string) => ask({ method: 'GET', path })
const patiently = { prefer: 'wait=20' }

const sourceOf = (name: string) => ({
  type: 'url',
  url: `${system.stack.agency.filesUrl}${agencyPaths.sources}/${name}`,
})

/** A request for the agency's permit to be moved into a folder of its own. */
const permitTo = (name: string, more: object = {}) => ({
  source: sourceOf('permit.pdf'),
  destination: { name, path: randomUUID(), ...more },
})

async function arrivedAt(kind: string, path: string) {
  const all = await system.stack.agency.arrived()
  return all.filter((file) => file.kind === kind && file.path.includes(path))
}

test.each(Object.entries(sampleDestinations))(
  'a document that is asked for by HTTP stands at the destination of type %s, whole and once',
  async (kind, name) => {
    const wanted = permitTo(name)
    const { path } = wanted.destination

    const asked = await ask({ body: wanted, headers: patiently })
    const [file, ...others] = await arrivedAt(kind, path)
    const shown = await get(`/${asked.told.id}`)

    expect(asked.status).toBe(200)
    expect(asked.told).toMatchObject({
      ...{ state: 'delivered', filename: 'permit.pdf', media_type: 'application/pdf', path },
      ...{ bytes: file?.bytes.length, sha256: file?.sha256, problem: null },
    })
    expect(file?.path.endsWith(`${path}/permit.pdf`)).toBe(true)
    expect(`${file?.bytes}`).toMatch(/^%PDF-1\.4[\s\S]*%%EOF\n$/)
    expect(others).toEqual([])
    expect(shown.told).toEqual(asked.told)
  },
)

test('source and destination are reached through the outbound proxy', async () => {
  const { proxy } = system.stack
  const before = proxy.connectsTo('sftp.agency.test')

  await ask({ body: permitTo(sampleDestinations.sftp), headers: patiently })

  expect(proxy.connectsTo('sftp.agency.test')).toBeGreaterThan(before)
  expect(proxy.connectsTo('127.0.0.1')).toBeGreaterThan(0)
})

test('whoever does not wait is told where to look, and finds it there and in the list', async () => {
  const headers = { 'x-correlation-id': randomUUID() }

  const asked = await ask({ body: permitTo(sampleDestinations.https), headers })
  const location = asked.headers.get('location') ?? ''
  const path = location.replace('/api/transfers', '')
  await expect.poll(async () => (await get(path)).told.state).toBe('delivered')
  await ask({ body: permitTo(sampleDestinations.s3), headers: { ...headers, ...patiently } })
  const list = `?correlation_id=${headers['x-correlation-id']}&limit=1`
  const first = await get(list)
  const second = await get(`${list}&cursor=${first.told.next_cursor}`)

  expect(asked.status).toBe(202)
  expect(asked.told.state).toBe('queued')
  expect(first.told.transfers[0].destination).toBe(sampleDestinations.s3)
  expect(second.told.transfers[0].id).toBe(asked.told.id)
  expect(second.told.next_cursor).toBeNull()
})

test('asked twice under one name, it is moved once', async () => {
  const wanted = permitTo(sampleDestinations.https, { conflict: 'rename' })
  const headers = { 'idempotency-key': randomUUID(), ...patiently }

  const first = await ask({ body: wanted, headers })
  const second = await ask({ body: wanted, headers })

  expect(second.told).toEqual(first.told)
  expect(second.headers.get('idempotency-replayed')).toBe('true')
  expect(await arrivedAt('https', wanted.destination.path)).toHaveLength(1)
})

test.each(['https', 'sftp'] as const)(
  'what is on its way to a destination of type %s is stopped, and nothing of it stays',
  async (kind) => {
    const wanted = { ...permitTo(sampleDestinations[kind]), source: sourceOf('slow.txt') }
    const { id } = (await ask({ body: wanted })).told
    await expect.poll(async () => (await get(`/${id}`)).told.state).toBe('running')

    const cancelled = await ask({ path: `/${id}/cancel` })
    await expect.poll(async () => (await get(`/${id}`)).told.state).toBe('cancelled')
    const again = await ask({ path: `/${id}/cancel` })

    expect(cancelled.status).toBe(202)
    expect((await get(`/${id}`)).told.problem).toBe('cancelled')
    expect(again.status).toBe(200)
    expect(await arrivedAt(kind, wanted.destination.path)).toEqual([])
  },
)

test('a file that is not the one whose hash was given is not delivered', async () => {
  const wanted = { ...permitTo(sampleDestinations.sftp), sha256: '5e'.repeat(32) }

  const { told } = await ask({ body: wanted, headers: patiently })

  expect(told).toMatchObject({ state: 'failed', problem: 'hash-mismatch' })
  expect(await arrivedAt('sftp', wanted.destination.path)).toEqual([])
})

test('a name that is taken is a failure, another name, or the new file, as was asked', async () => {
  const wanted = permitTo(sampleDestinations.graph)
  const asWished = (conflict: string) => ({
    ...wanted,
    destination: { ...wanted.destination, conflict },
  })
  await ask({ body: wanted, headers: patiently })

  const failed = await ask({ body: wanted, headers: patiently })
  const renamed = await ask({ body: asWished('rename'), headers: patiently })
  const replaced = await ask({ body: asWished('replace'), headers: patiently })

  expect(failed.told).toMatchObject({ state: 'failed', problem: 'file-exists' })
  expect(renamed.told).toMatchObject({ state: 'delivered', filename: 'permit (1).pdf' })
  expect(replaced.told).toMatchObject({ state: 'delivered', filename: 'permit.pdf' })
})

test('wrong requests are refused as problems, each by its code', async () => {
  const good = permitTo(sampleDestinations.https)
  const from = (url: string) => ({ body: { ...good, source: { type: 'url', url } } })
  const asked: readonly [Asked, number, string][] = [
    [{ body: good, as: '' }, 401, 'key-missing'],
    [{ body: good, as: 'at_aaaaaaaaaaaaaaaa_no' }, 401, 'key-unknown'],
    [{ body: '{' }, 400, 'malformed-request'],
    [{ body: good, headers: { 'content-type': 'text/plain' } }, 415, 'not-json'],
    [{ body: { ...good, extra: 1 } }, 422, 'invalid-request'],
    [from('https://169.254.169.254/latest'), 422, 'source-address-refused'],
    [from('https://localhost:443/'), 422, 'source-address-refused'],
    [from('https://files.permits.example/a'), 403, 'source-not-allowed'],
    [{ body: permitTo('elsewhere') }, 403, 'destination-not-allowed'],
    [{ body: permitTo(sampleDestinations.s3, { path: '../up' }) }, 422, 'invalid-request'],
    [{ method: 'GET', path: `/${'A'.repeat(22)}` }, 404, 'not-found'],
    [{ body: good, headers: { prefer: 'wait=1', 'x-request-id': 'a b' } }, 400, 'malformed-header'],
  ]

  for (const [request, status, code] of asked) {
    const answer = await ask(request)
    expect([answer.status, answer.told.code]).toEqual([status, code])
    expect(answer.headers.get('content-type')).toContain('application/problem+json')
  }
})

test('a key is changed without a gap, and the old one is refused once it is revoked', async () => {
  const { stack } = system
  const rotated = await ops(['transfer', 'key', 'rotate', 'sample-office', '--hours', '1'])
  const next = /^at_\S+$/m.exec(rotated.said)?.[0] ?? ''
  const [, oldId = ''] = key.split('_')
  const list = { method: 'GET', path: '?limit=1' }
  const both = [await ask(list), await ask({ ...list, as: next })]

  const revoked = await ops(['transfer', 'key', 'revoke', oldId])
  const refused = await ask(list)
  const delivered = await ask({
    body: permitTo(sampleDestinations.https),
    headers: patiently,
    as: next,
  })
  // As the next start does it: the key that it had is no good any more.
  const file = await readySampleConsumer(stack, dirname(stack.addresses.destinationsFile))
  key = await readFile(file, 'utf8')
  await readySampleConsumer(stack, dirname(stack.addresses.destinationsFile))

  expect([rotated.code, revoked.code]).toEqual([0, 0])
  expect(both.map(({ status }) => status)).toEqual([200, 200])
  expect([refused.status, refused.told.code]).toEqual([401, 'key-revoked'])
  expect(delivered.told.state).toBe('delivered')
  expect((await ops(['transfer', 'audit', 'verify'])).code).toBe(0)
  expect((await ask(list)).status).toBe(200)
  expect(await readFile(file, 'utf8')).toBe(key)
})

/** The README's commands are curl's, which a machine with Node and nothing else lacks. */
const hasCurl = spawnSync('curl', ['--version']).status === 0

test.skipIf(!hasCurl)('the commands of the README move a document, and fetch it', async () => {
  const { ports, destinationsFile } = system.stack.addresses
  const readme = await readFile(join(root, 'README.md'), 'utf8')
  const [, block = ''] =
    /into its pretend drive, and fetched from there, by\n\n(( {4}.*\n)+)/.exec(readme) ?? []
  const folder = await mkdtemp(join(tmpdir(), 'anteroom-'))
  const commands = block
    .replace('localhost:3000', `localhost:${ports.web}`)
    .replace('localhost:3036', `localhost:${ports.agencyFiles}`)
    .replace('127.0.0.1:3035', `127.0.0.1:${ports.agency}`)
    .replace('.local', dirname(destinationsFile))

  const { stdout } = await promisify(execFile)('sh', ['-ec', commands], { cwd: folder })
  const fetched = await readFile(join(folder, 'permit.pdf'))
  await rm(folder, { recursive: true })

  expect(JSON.parse(stdout)).toMatchObject({
    state: 'delivered',
    sha256: createHash('sha256').update(fetched).digest('hex'),
  })
})

test('the webhook is told of the end, in a message that the agency can verify', async () => {
  const { agency } = system.stack
  const { told } = await ask({ body: permitTo(sampleDestinations.https), headers: patiently })
  const messages = () => agency.webhooks().filter(({ body }) => body.includes(told.id))

  await expect.poll(() => messages().length).toBe(1)

  const [message] = messages()
  expect(message?.isGenuine).toBe(true)
  expect(JSON.parse(message?.body ?? '')).toMatchObject({
    type: 'transfer.delivered',
    data: { id: told.id, state: 'delivered', sha256: told.sha256 },
  })
  expect(await (await fetch(agency.url)).text()).toContain('verified')
})
