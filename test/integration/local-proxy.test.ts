import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import https from 'node:https'
import { createConnection } from 'node:net'
import { join } from 'node:path'
import { issueCertificates } from '@anteroom/infra/local/certificates.ts'
import { startProxy } from '@anteroom/infra/local/proxy.ts'
import got from 'got'
import { afterAll, expect, test } from 'vitest'
import { scratchDirectory } from './local-scratch.ts'

const scratch = await scratchDirectory()
const hostNames = ['resolution.vendors.test', 'address.vendors.test']
const certificates = await issueCertificates(join(scratch, 'certificates'), hostNames)
const vendor = await startVendor()
const proxy = await startProxy({
  port: 0,
  credentials: { username: 'worker', password: 'p@ss:/word' },
  allow: { 'resolution.vendors.test': { host: '127.0.0.1', port: vendor.port } },
})
afterAll(async () => {
  await proxy.stop()
  vendor.server.close()
})

test('an allowed host is reached by its name, through one tunnel for several calls', async () => {
  const agent = agentOf(proxy.url)
  const before = proxy.connectsTo('resolution.vendors.test')

  const answers = [await call(agent), await call(agent)]

  expect(answers).toEqual(['resolution.vendors.test', 'resolution.vendors.test'])
  expect(proxy.connectsTo('resolution.vendors.test')).toBe(before + 1)
  agent.destroy()
})

test('a server is trusted by the private CA alone', async () => {
  const calling = call(agentOf(proxy.url), { certificateAuthority: undefined })

  await expect(calling).rejects.toMatchObject({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' })
})

test.each([
  ['a host that is not in the table', 'https://address.vendors.test/', 403],
  ['another port of an allowed host', 'https://resolution.vendors.test:8443/', 403],
  ['the address behind an allowed name', 'https://127.0.0.1/', 403],
])('%s is refused', async (_, url, status) => {
  const refused = proxy.refused()
  const connections = vendor.connections()

  const calling = call(agentOf(proxy.url), { url })

  await expect(calling).rejects.toMatchObject({
    code: 'ERR_PROXY_TUNNEL',
    message: expect.stringContaining(String(status)),
  })
  expect(proxy.refused()).toBe(refused + 1)
  expect(vendor.connections()).toBe(connections)
})

test.each([
  ['no credentials', (url: URL) => Object.assign(url, { username: '', password: '' })],
  ['a wrong password', (url: URL) => Object.assign(url, { password: 'guess' })],
  ['a wrong name', (url: URL) => Object.assign(url, { username: 'web' })],
])('a caller with %s is asked for them', async (_, change) => {
  const calling = call(agentOf(change(new URL(proxy.url)).href))

  await expect(calling).rejects.toMatchObject({ message: expect.stringContaining('407') })
})

test('plain HTTP is not forwarded, to an allowed host neither', async () => {
  const answer = await raw(
    `GET http://resolution.vendors.test:443/ HTTP/1.1\r\nhost: resolution.vendors.test\r\n${authorization()}\r\n`,
  )

  expect(answer).toMatch(/^HTTP\/1.1 403 /)
})

test('a name in capital letters is the same name, and a name that only begins alike is not', async () => {
  const capitals = await raw(
    `CONNECT RESOLUTION.vendors.test:443 HTTP/1.1\r\n${authorization()}\r\n`,
  )
  const longer = await raw(
    `CONNECT resolution.vendors.test.example:443 HTTP/1.1\r\n${authorization()}\r\n`,
  )

  expect(longer).toMatch(/^HTTP\/1.1 403 /)
  expect(capitals).toMatch(/^HTTP\/1.1 (200|403) /)
})

test('certificates are kept until another name is asked for, and the key is for its owner only', async () => {
  const directory = join(scratch, 'kept')
  const first = await issueCertificates(directory, ['a.test', 'b.test'])

  const again = await issueCertificates(directory, ['b.test'])
  const wider = await issueCertificates(directory, ['a.test', 'b.test', 'c.test'])

  expect(again).toEqual(first)
  expect(wider.cert).not.toBe(first.cert)
  expect((await stat(join(directory, 'key.pem'))).mode & 0o777).toBe(0o600)
})

test('certificates with fewer than 30 days left are made anew', async () => {
  const directory = join(scratch, 'renewed')
  const day = 24 * 60 * 60 * 1000
  const first = await issueCertificates(directory, ['a.test'])

  const early = await issueCertificates(directory, ['a.test'], Date.now() + 334 * day)
  const late = await issueCertificates(directory, ['a.test'], Date.now() + 336 * day)

  expect(early).toEqual(first)
  expect(late.ca).not.toBe(first.ca)
})

interface CallOptions {
  readonly url?: string
  readonly certificateAuthority?: string | undefined
}

function call(agent: https.Agent, options: CallOptions = {}): Promise<string> {
  const { url, certificateAuthority } = {
    url: 'https://resolution.vendors.test/',
    certificateAuthority: certificates.ca,
    ...options,
  }
  return got(url, {
    agent: { https: agent },
    https: certificateAuthority ? { certificateAuthority } : {},
    retry: { limit: 0 },
    timeout: { request: 5000 },
  }).text()
}

function agentOf(proxyUrl: string): https.Agent {
  return new https.Agent({ keepAlive: true, proxyEnv: { HTTPS_PROXY: proxyUrl } })
}

function authorization(): string {
  const { username, password } = new URL(proxy.url)
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`
  return `proxy-authorization: Basic ${Buffer.from(pair).toString('base64')}\r\n`
}

async function raw(request: string): Promise<string> {
  const socket = createConnection(proxy.port, '127.0.0.1')
  socket.write(request)
  const [answer] = await once(socket, 'data')
  socket.destroy()
  return answer.toString()
}

async function startVendor() {
  const { cert, key } = certificates
  let connections = 0
  const server = https.createServer({ cert, key }, (request, response) => {
    response.end(request.headers.host)
  })
  server.on('connection', () => {
    connections += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return { server, port, connections: () => connections }
}
