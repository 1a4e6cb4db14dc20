import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import https from 'node:https'
import { join } from 'node:path'
import { createOutboundAgent, createTransferDoor } from '@anteroom/vendor-clients'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { httpsAgentOf } from '../../packages/vendor-clients/src/agent.ts'
import { localDirectory } from '../support/root.ts'
import { startTransferBed, type TransferBed } from '../support/transfer-bed.ts'
import { openDoor, sourceHost } from '../support/transfer-door.ts'
import { fileServer, move, sha256Of } from '../support/transfer-files.ts'

const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
const file = randomBytes(3_000_000)
let bed: TransferBed
let path: string

beforeAll(async () => {
  bed = await startTransferBed(directory)
})
beforeEach(() => {
  path = randomBytes(6).toString('hex')
  bed.serve(fileServer(file))
})
afterAll(async () => {
  await bed.stop()
  await rm(directory, { recursive: true, force: true })
})

const from = (url: string, hosts = ['*']) => ({ source: { type: 'url' as const, url, hosts } })
const page = `https://${sourceHost}/a.pdf`

/** What stands in this test's folder. */
const standing = () => [...bed.receiver.files.keys()].filter((name) => name.includes(path))

test.each([
  ['a name of this machine', 'https://localhost/a.pdf'],
  ['a number', 'https://127.0.0.1/a.pdf'],
  ['a number in disguise', 'https://0x7f000001/a.pdf'],
  ['a metadata service', 'https://169.254.169.254/latest/meta-data'],
  ['an IPv6 address with an IPv4 address in it', 'https://[::ffff:10.0.0.1]/a.pdf'],
  ['somebody at the host', `https://files@${sourceHost}/a.pdf`],
  ['another port', `https://${sourceHost}:8443/a.pdf`],
])('%s is no source, and nobody is asked', async (_name, url) => {
  const refused = bed.proxy.refused()
  const asked = bed.asked()

  await expect(move(bed, 'https', { path, ...from(url) })).rejects.toMatchObject({
    code: 'source-forbidden',
    retryable: false,
  })

  expect([bed.asked() - asked, bed.proxy.refused() - refused]).toEqual([0, 0])
})

test.each(['10.0.0.7', '169.254.169.254', '::ffff:10.0.0.7', 'fd00::1', '127.0.0.1'])(
  'a name that leads to %s is no source',
  async (address) => {
    bed.resolves('inside.example', address)

    await expect(
      move(bed, 'https', { path, ...from('https://inside.example/a.pdf') }),
    ).rejects.toMatchObject({ code: 'source-forbidden' })
  },
)

test('a name that leads somewhere else the second time is connected to as it was checked', async () => {
  bed.resolves('rebinding.example', '93.184.216.77', '10.0.0.7')
  const asked = bed.asked()

  // The first address is nobody's: the proxy refuses it, and the second is looked up anew and refused by us.
  const url = 'https://rebinding.example/a.pdf'
  await expect(move(bed, 'https', { path, ...from(url) })).rejects.toMatchObject({
    code: 'source-unreachable',
  })
  await expect(move(bed, 'https', { path, ...from(url) })).rejects.toMatchObject({
    code: 'source-forbidden',
  })

  expect(bed.asked()).toBe(asked)
})

test('a host that the consumer may not use is no source, nor is a redirect to it', async () => {
  await expect(
    move(bed, 'https', { path, ...from(page, ['other.example', '*.example.org']) }),
  ).rejects.toMatchObject({ code: 'source-forbidden' })
  bed.serve((_request, response) =>
    response.writeHead(302, { location: 'https://elsewhere.example/a.pdf' }).end(),
  )

  await expect(move(bed, 'https', { path, ...from(page, [sourceHost]) })).rejects.toMatchObject({
    code: 'source-forbidden',
  })
})

test.each([
  'http://files.agency.example/a.pdf',
  'https://10.0.0.7/a.pdf',
  'https://localhost/a.pdf',
  'https://inside.example/a.pdf',
])('a redirect to %s leads nowhere', async (location) => {
  bed.resolves('inside.example', '10.0.0.7')
  bed.serve((_request, response) => response.writeHead(307, { location }).end())
  const asked = bed.asked()

  await expect(move(bed, 'https', { path, ...from(page) })).rejects.toMatchObject({
    code: 'source-forbidden',
  })

  expect(bed.asked() - asked).toBe(1)
})

test('three redirects are followed, and a fourth is not', async () => {
  const redirects = (most: number) => {
    let count = 0
    bed.serve((request, response) => {
      count += 1
      if (count > most) return fileServer(file)(request, response)
      response.writeHead(302, { location: `/next/${count}/permit.pdf` }).end()
    })
  }
  redirects(3)
  expect((await move(bed, 'https', { path, ...from(page) })).filename).toBe('permit.pdf')
  redirects(4)

  await expect(
    move(bed, 'https', { path, conflict: 'rename', ...from(page) }),
  ).rejects.toMatchObject({ code: 'too-many-redirects' })
})

test.each([
  [404, 'source-not-found', false],
  [403, 'source-expired', false],
  [410, 'source-expired', false],
  [400, 'source-refused', false],
  [401, 'source-refused', false],
  [500, 'source-unreachable', true],
  [429, 'source-unreachable', true],
])('a source that says %i: %s, tried again: %s', async (status, code, retryable) => {
  bed.serve((_request, response) => response.writeHead(status).end())

  await expect(move(bed, 'https', { path })).rejects.toMatchObject({ code, retryable })
})

test('a file that is longer than it may be is not read to its end, whether it says so or not', async () => {
  let sent = 0
  bed.serve((_request, response) => {
    const chunk = Buffer.alloc(65_536)
    const write = () => {
      sent += chunk.length
      if (!response.destroyed) response.write(chunk, () => setImmediate(write))
    }
    write()
  })
  await expect(move(bed, 'https', { path, maxBytes: 1_000_000 })).rejects.toMatchObject({
    code: 'source-too-large',
  })
  expect(sent).toBeLessThan(20_000_000)
  bed.serve(fileServer(file))
  await expect(move(bed, 'https', { path, maxBytes: 1_000_000 })).rejects.toMatchObject({
    code: 'source-too-large',
  })

  expect(standing()).toEqual([])
})

test('a body that is shorter than it says is not a file', async () => {
  bed.serve((_request, response) => {
    response.writeHead(200, { 'content-length': 1_000_000 })
    response.write(Buffer.alloc(500_000), () => setTimeout(() => response.destroy(), 100))
  })

  await expect(move(bed, 'https', { path })).rejects.toMatchObject({
    code: 'source-incomplete',
    retryable: true,
  })
  expect(standing()).toEqual([])
})

test('a source that falls silent is given up', async () => {
  bed.serve((_request, response) => {
    response.writeHead(200, { 'content-length': 1_000_000 })
    response.write(Buffer.alloc(500_000))
  })

  await expect(move(bed, 'https', { path })).rejects.toMatchObject({ code: 'source-unreachable' })
}, 20_000)

test('a connection that breaks is taken up again as long as the file is the same', async () => {
  const ranges: unknown[] = []
  let cuts = 0
  const act = () => {
    cuts += 1
    return cuts > 1 ? ('on' as const) : ('cut' as const)
  }
  const serve = fileServer(file, { etag: '"v1"', at: { bytes: 1_500_000, act } })
  bed.serve((request, response) => {
    ranges.push(request.headers.range)
    serve(request, response)
  })

  const moved = await move(bed, 'https', { path })

  expect(moved.sha256).toBe(sha256Of(file))
  expect(ranges).toEqual([undefined, expect.stringMatching(/^bytes=\d+-$/)])
})

test('a file that changes while it is read is not put together', async () => {
  let asked = 0
  bed.serve((request, response) => {
    asked += 1
    const at = { bytes: 1_500_000, act: () => 'cut' as const }
    const etag = `"v${asked}"`
    fileServer(file, asked === 1 ? { etag, at } : { etag })(request, response)
  })

  await expect(move(bed, 'https', { path })).rejects.toMatchObject({
    code: 'source-changed',
    retryable: true,
  })
  expect(standing()).toEqual([])
})

test.each([
  [undefined, 'a.pdf'],
  ['attachment; filename="permit 7.pdf"', 'permit 7.pdf'],
  [`attachment; filename="x.pdf"; filename*=UTF-8''Geb%C3%BChr.pdf`, 'Gebühr.pdf'],
  ['attachment; filename="../../etc/passwd"', 'passwd'],
  ['attachment; filename="..\\\\..\\\\boot.ini"', 'boot.ini'],
  ['attachment; filename="CON.pdf"', '_CON.pdf'],
  ['attachment; filename="a:b*c?.pdf"', 'a_b_c_.pdf'],
  [`attachment; filename="${'x'.repeat(300)}.pdf"`, `${'x'.repeat(196)}.pdf`],
])('a source that says %s names the file %s', async (disposition, name) => {
  bed.serve(fileServer(file, disposition === undefined ? {} : { disposition }))

  expect((await move(bed, 'https', { path, ...from(`${page}?name=secret.pdf`) })).filename).toBe(
    name,
  )
})

test('an object of a bucket is a source', async () => {
  const client = new S3Client({
    ...{ endpoint: bed.facts.s3Url, region: 'us-east-1', forcePathStyle: true },
    credentials: { accessKeyId: 'AKIAWORKER', secretAccessKey: 'secret' },
  })
  const object = { Bucket: 'county', Key: 'out/permit 9.pdf' }
  await client.send(new PutObjectCommand({ ...object, Body: file }))
  client.destroy()
  const source = { type: 's3', bucket: object.Bucket, key: object.Key } as const

  const moved = await move(bed, 'https', { path, source })

  expect(moved).toMatchObject({ filename: 'permit 9.pdf', sha256: sha256Of(file) })
  await expect(
    move(bed, 'https', { path, source: { ...source, key: 'out/none' } }),
  ).rejects.toMatchObject({ code: 'source-not-found' })
})

test('what the source and a server are told carries the ids, and no secret of another', async () => {
  let headers: Record<string, unknown> = {}
  bed.serve((request, response) => {
    headers = request.headers
    fileServer(file)(request, response)
  })

  await move(bed, 'https', { path, sha256: sha256Of(file) })

  const [stored] = [...bed.receiver.files].filter(([name]) => name.includes(path))
  expect(headers).toMatchObject({ 'x-correlation-id': 'c-1' })
  expect(headers.authorization).toBeUndefined()
  expect(stored?.[1].headers).toMatchObject({
    authorization: 'Bearer x',
    'x-correlation-id': 'c-1',
    'content-length': String(file.length),
    'repr-digest': expect.stringMatching(/^sha-256=:.{44}:$/),
  })
})

test('a source that changes the protocol, or only ever says that it will answer, is given up', async () => {
  bed.serve((request) => {
    request.socket.write(
      'HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n',
    )
  })
  await expect(move(bed, 'https', { path })).rejects.toMatchObject({ code: 'source-unreachable' })
  const { door } = openDoor(bed.facts, { idleMs: 300 })
  bed.serve((_request, response) => {
    const timer = setInterval(() => response.writeProcessing(), 100)
    response.once('close', () => clearInterval(timer))
  })
  const call = { signal: new AbortController().signal, traceparent: '', correlationId: 'c-1' }

  const opening = door.urlSource({ url: page, hosts: ['*'] }).open(call)

  await expect(opening.finally(door.close)).rejects.toMatchObject({ code: 'source-unreachable' })
})

test('a file that ends with its connection alone may be cut by anybody, and is taken only by its hash', async () => {
  bed.serve((request) => {
    request.socket.end(
      Buffer.concat([Buffer.from('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n'), file]),
    )
  })

  await expect(move(bed, 'https', { path })).rejects.toMatchObject({
    code: 'source-refused',
    cause: { message: 'LENGTH' },
  })
  const moved = await move(bed, 'https', { path, sha256: sha256Of(file) })

  expect(moved.bytes).toBe(file.length)
})

test('a source that gives a byte each time is not asked without end', async () => {
  const asked = bed.asked()
  bed.serve((request, response) => {
    const from = Number(/\d+/.exec(request.headers.range ?? '0')?.[0])
    response.writeHead(from === 0 ? 200 : 206, {
      ...{ etag: '"v1"', 'content-length': 1_000 - from },
      ...(from > 0 && { 'content-range': `bytes ${from}-999/1000` }),
    })
    response.write('x', () => setTimeout(() => response.destroy(), 5))
  })

  await expect(move(bed, 'https', { path })).rejects.toMatchObject({ retryable: true })

  expect(bed.asked() - asked).toBe(21)
})

test('the end of a source in S3 cuts no call of another job', async () => {
  const { facts } = bed
  const agent = createOutboundAgent(facts)
  const door = createTransferDoor({ agent, idleMs: 5_000 })
  const put = new PutObjectCommand({ Bucket: 'county', Key: 'out/small', Body: 'x' })
  const s3 = {
    ...{ endpoint: facts.s3Url, region: 'us-east-1' },
    credentials: { accessKeyId: 'AKIAWORKER', secretAccessKey: 'secret' },
  }
  const client = new S3Client({ ...s3, forcePathStyle: true })
  await client.send(put).finally(() => client.destroy())
  // It answers when it has the whole question.
  const vendor = https.request('https://login.vendors.test/tenant/oauth2/v2.0/token', {
    ...{ agent: httpsAgentOf(agent), method: 'POST' },
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'content-length': 2 },
  })
  const answered = once(vendor, 'response')
  await new Promise((resolve) => vendor.write('x', resolve))

  const call = { signal: new AbortController().signal, traceparent: '', correlationId: 'c-1' }
  const opened = await door.s3Sources(s3)({ bucket: 'county', key: 'out/small' }).open(call)
  opened.close()
  vendor.end('x')

  const [answer] = await answered
  expect(answer.statusCode).toBeGreaterThanOrEqual(400)
  answer.resume()
  door.close()
  agent.close()
})
