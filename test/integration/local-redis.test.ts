import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { startRedis } from '@anteroom/infra/local/redis.ts'
import { Redis } from 'ioredis'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { root } from '../support/root.ts'
import { scratchDirectory } from './local-scratch.ts'

const scratch = await scratchDirectory()
const passwords = { web: 'w/1', worker: 'w 2', ops: 'o+4', admin: 'a@3' }
// The fetched server is kept beside the scratch directories: it is fetched once, not once per run.
const cacheDirectory = join(scratch, '../../redis')
const server = await startRedis({ port: 0, cacheDirectory, passwords })
const web = connect(server.urls.web)
const worker = connect(server.urls.worker)
const ops = connect(server.urls.ops)
const admin = connect(server.urls.admin)
afterAll(async () => {
  for (const client of [web, worker, ops, admin]) client.disconnect()
  await server.stop()
})

describe.runIf(server.hasUsers)('with the users of the access list', () => {
  test('the worker answers and reports, the web reads both', async () => {
    const heard = Promise.withResolvers<string>()
    const listener = connect(server.urls.web)
    onTestFinished(() => listener.disconnect())
    listener.on('message', (_, message) => heard.resolve(message))
    await listener.subscribe('outcomes')

    await worker.set('outcome:1', 'sealed', 'EX', 60, 'NX')
    await worker.publish('outcomes', '1')
    await worker.xadd('reports', '*', 'jobId', '1')

    expect(await web.get('outcome:1')).toBe('sealed')
    expect(await heard.promise).toBe('1')
    expect(await web.xrange('reports', '-', '+')).toHaveLength(1)
  })

  test('the worker answers within a transaction and publishes quotas, the others read them', async () => {
    const answered = await worker
      .multi()
      .set('outcome:2', 'x', 'EX', 60)
      .publish('outcomes', '2')
      .exec()
    const told = await worker.eval(
      "redis.call('hset', KEYS[1], 'calls', redis.call('time')[1])",
      1,
      'quota:registry',
    )

    expect(answered?.map(([error]) => error)).toEqual([null, null])
    expect(told).toBeNull()
    expect(Number(await web.hget('quota:registry', 'calls'))).toBeGreaterThan(1e9)
    const [seen] = await ops.hmget('quota:registry', 'calls')
    expect(Number(seen)).toBeGreaterThan(1e9)
  })

  test('the web keeps the line of waiting people', async () => {
    await web.zadd('line:credentials', '1', 'ticket')

    expect(await web.zrange('line:credentials', '0', '-1')).toEqual(['ticket'])
  })

  test('the web keeps sessions, counts limits by script and reads reports as a group', async () => {
    await web.set('session:1', 'sealed', 'EX', 900)
    const count = await web.eval("return redis.call('incr', KEYS[1])", 1, 'limit:1')
    await web.xgroup('CREATE', 'reports', 'records', '0', 'MKSTREAM')
    const read = await web.xreadgroup(
      'GROUP',
      'records',
      'one',
      'COUNT',
      10,
      'STREAMS',
      'reports',
      '>',
    )

    expect(await web.get('session:1')).toBe('sealed')
    expect(count).toBe(1)
    expect(read).not.toBeNull()
  })

  test.each<[string, (client: Redis) => Promise<unknown>]>([
    ['read a session', (client) => client.get('session:1')],
    ['write a session', (client) => client.set('session:1', 'x')],
    ['see whether a session exists', (client) => client.exists('session:1')],
    ['delete an outcome', (client) => client.del('outcome:1')],
    ['read the reports', (client) => client.xrange('reports', '-', '+')],
    ['delete the reports', (client) => client.del('reports')],
    ['count limits', (client) => client.incr('limit:1')],
    ['see who waits', (client) => client.zrange('line:credentials', '0', '-1')],
    ['listen to outcomes', (client) => client.subscribe('outcomes')],
    ['publish elsewhere', (client) => client.publish('other', 'x')],
    [
      'read a session by script',
      (client) => client.eval("return redis.call('get', KEYS[1])", 1, 'session:1'),
    ],
    ['list keys', (client) => client.keys('*')],
    ['scan keys', (client) => client.scan(0)],
    ['empty the server', (client) => client.flushall()],
    ['read the configuration', (client) => client.config('GET', '*')],
    ['read the access list', (client) => client.acl('LIST')],
  ])('the worker may not %s', async (_, attempt) => {
    const client = connect(server.urls.worker)
    onTestFinished(() => client.disconnect())

    await expect(attempt(client)).rejects.toThrow('NOPERM')
  })

  test.each<[string, (client: Redis) => Promise<unknown>]>([
    ['list keys', (client) => client.keys('*')],
    ['scan keys', (client) => client.scan(0)],
    ['empty the database', (client) => client.flushdb()],
    ['empty the server', (client) => client.flushall()],
    ['read the configuration', (client) => client.config('GET', '*')],
    ['watch all commands', (client) => client.call('MONITOR')],
    ['write a report', (client) => client.xadd('reports', '*', 'jobId', '1')],
    ['touch a key of nobody', (client) => client.set('other', 'x')],
    ['change a quota', (client) => client.hset('quota:registry', 'calls', '1')],
    ['listen elsewhere', (client) => client.subscribe('other')],
    ['listen to patterns', (client) => client.psubscribe('*')],
  ])('the web may not %s', async (_, attempt) => {
    const client = connect(server.urls.web)
    onTestFinished(() => client.disconnect())

    await expect(attempt(client)).rejects.toThrow('NOPERM')
  })

  test.each<[string, (client: Redis) => Promise<unknown>]>([
    ['read an outcome', (client) => client.get('outcome:1')],
    ['read a session', (client) => client.get('session:1')],
    ['see who stands in line', (client) => client.get('line:1')],
    ['read the reports', (client) => client.xrange('reports', '-', '+')],
    ['write a quota', (client) => client.hset('quota:registry', 'calls', '1')],
    [
      'read which jobs had their turn',
      (client) => client.zrange('quota:registry:started', '0', '-1'),
    ],
    ['listen to outcomes', (client) => client.subscribe('outcomes')],
    ['run a script', (client) => client.eval('return 1', 0)],
    ['list keys', (client) => client.keys('*')],
    ['empty the server', (client) => client.flushall()],
    ['read the configuration', (client) => client.config('GET', '*')],
  ])('operators may not %s', async (_, attempt) => {
    const client = connect(server.urls.ops)
    onTestFinished(() => client.disconnect())

    await expect(attempt(client)).rejects.toThrow('NOPERM')
  })

  test('without a password, or with a wrong one, nothing is answered', async () => {
    const stranger = connect(`redis://127.0.0.1:${server.port}`)
    const liar = connect(`redis://web:wrong@127.0.0.1:${server.port}`)
    onTestFinished(() => stranger.disconnect())
    onTestFinished(() => liar.disconnect())

    await expect(stranger.get('outcome:1')).rejects.toThrow('NOAUTH')
    await expect(liar.get('outcome:1')).rejects.toThrow()
  })

  test('the access list on disk holds no password', async () => {
    const list = await readFile(join(cacheDirectory, `users-${server.port}.acl`), 'utf8')

    expect(Object.values(passwords).filter((password) => list.includes(`>${password}`))).toEqual([])
    expect(list).not.toContain('>')
  })

  // What docs.aws.amazon.com says of access strings (Clusters.RBAC): `reset` and passwords are refused, selectors and %R~ are taken.
  const rule = /(?:%(?:R|W|RW))?~\S+|&\S+|[+-]@?[a-z|]+/
  const accessString = new RegExp(
    `^on(?: (?:${rule.source}|\\((?:${rule.source})(?: (?:${rule.source}))*\\)))+$`,
  )

  test.each(['web', 'worker', 'ops'] as const)(
    'what AWS is told of %s is an access string, and gives a new user the same rights',
    async (name) => {
      const { redis_access: told } = JSON.parse(
        await readFile(join(root, 'infra/terraform/policies.auto.tfvars.json'), 'utf8'),
      )
      const access = `on ${told[name]}`
      const rules = access.match(/\([^)]*\)|\S+/g) ?? []

      await admin.call('ACL', 'SETUSER', `aws-${name}`, ...rules)
      const list = (await admin.call('ACL', 'LIST')) as string[]

      // `reset`, by which our own begin, also has payloads of RESTORE checked, which nobody here may do.
      const rightsOf = (user: string) =>
        list
          .find((line) => line.startsWith(`user ${user} `))
          ?.replace(/^user \S+ |#[0-9a-f]{64} |sanitize-payload /g, '')
      expect(access).toMatch(accessString)
      expect(rightsOf(`aws-${name}`)).toBe(rightsOf(name))
      expect(rightsOf(name)).toContain('on ')
    },
  )
})

test('the JavaScript server stands in with one URL for everyone', async () => {
  const standIn = await startRedis({
    port: 0,
    cacheDirectory,
    passwords,
    program: { source: 'javascript' },
  })
  onTestFinished(() => standIn.stop())
  const client = connect(standIn.urls.web)
  onTestFinished(() => client.disconnect())

  const first = await client.set('outcome:1', 'x', 'EX', 60, 'NX')
  const second = await client.set('outcome:1', 'y', 'EX', 60, 'NX')

  expect([first, second]).toEqual(['OK', null])
  expect(new Set(Object.values(standIn.urls)).size).toBe(1)
  expect(standIn.hasUsers).toBe(false)
})

function connect(url: string): Redis {
  const client = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => null })
  // Each refusal is asserted where it is expected; the event would end the process.
  client.on('error', () => undefined)
  return client
}
