import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { inspect } from 'node:util'
import { startSandboxVendors } from '@anteroom/infra/sandbox/vendors.ts'
import { createOutboundAgent, createVendorHttp } from '@anteroom/vendor-clients'
import { afterEach, expect, test, vi } from 'vitest'
import {
  applicant,
  callOptions,
  createClients,
  failureOf,
  startProxyTo,
  startVendorStack,
  token,
} from './vendor-stack.ts'

const { ca, certificates, proxy, vendors } = await startVendorStack()
afterEach(() => vi.unstubAllEnvs())

test('calls one after another share a tunnel', async () => {
  const clients = createClients({ proxyUrl: proxy.url, ca })
  const before = proxy.connectsTo('resolution.vendors.test')

  for (let call = 0; call < 5; call += 1) await clients.resolution.check(applicant, callOptions())

  expect(proxy.connectsTo('resolution.vendors.test')).toBe(before + 1)
})

test('with the proxy down a call fails, also when the vendor could be reached directly', async () => {
  const reachable = `localhost:${vendors.port}`
  const down = await startProxyTo(vendors.port)
  await down.stop()
  const connections = vendors.connections()

  const clients = createClients({ proxyUrl: down.url, ca, host: reachable })
  const error = await failureOf(clients.resolution.check(applicant, callOptions()))

  expect(error).toMatchObject({ code: 'PROXY_UNAVAILABLE', cause: { message: 'ECONNREFUSED' } })
  expect(vendors.connections()).toBe(connections)
})

test('a proxy that goes away under an open tunnel is not passed by', async () => {
  const leaving = await startProxyTo(vendors.port)
  const clients = createClients({ proxyUrl: leaving.url, ca })
  await clients.resolution.check(applicant, callOptions())
  const connections = vendors.connections()

  await leaving.stop()
  const error = await failureOf(clients.resolution.check(applicant, callOptions()))

  // Whether the closed tunnel is noticed before the call takes it is a matter of microseconds.
  expect(error.code).toMatch(/^(PROXY|VENDOR)_UNAVAILABLE$/)
  expect(vendors.connections()).toBe(connections)
})

test('NO_PROXY in the environment opens no way around', async () => {
  for (const name of ['NO_PROXY', 'no_proxy']) vi.stubEnv(name, '*')
  const clients = createClients({ proxyUrl: proxy.url, ca })
  const before = proxy.connectsTo('address.vendors.test')

  await clients.address.check(applicant, callOptions())

  expect(proxy.connectsTo('address.vendors.test')).toBe(before + 1)
})

test('a scheme in capital letters is still a proxy', async () => {
  const clients = createClients({ proxyUrl: proxy.url.replace('http:', 'HTTP:'), ca })
  const before = proxy.connectsTo('address.vendors.test')

  await clients.address.check(applicant, callOptions())

  expect(proxy.connectsTo('address.vendors.test')).toBe(before + 1)
})

test('a host that the proxy does not allow is told from a vendor that refuses', async () => {
  const clients = createClients({ proxyUrl: proxy.url, ca, host: 'elsewhere.vendors.test' })

  const error = await failureOf(clients.resolution.check(applicant, callOptions()))

  expect(error).toMatchObject({
    code: 'PROXY_REFUSED',
    cause: { message: 'ERR_PROXY_TUNNEL_403' },
  })
})

test('a proxy that does not know our password refuses', async () => {
  const proxyUrl = proxy.url.replace('p%40ss', 'guess')

  const error = await failureOf(
    createClients({ proxyUrl, ca }).resolution.check(applicant, callOptions()),
  )

  expect(error).toMatchObject({
    code: 'PROXY_REFUSED',
    cause: { message: 'ERR_PROXY_TUNNEL_407' },
  })
})

test.each([
  ['502 Bad Gateway', 'VENDOR_UNAVAILABLE'],
  ['503 Service Unavailable', 'VENDOR_UNAVAILABLE'],
  ['504 Gateway Timeout', 'VENDOR_UNAVAILABLE'],
  ['500 Internal Server Error', 'PROXY_UNAVAILABLE'],
  ['429 Too Many Requests', 'PROXY_REFUSED'],
])('a proxy that answers CONNECT with %s is %s', async (status, code) => {
  const front = await startProxyThat((socket) => {
    socket.end(`HTTP/1.1 ${status}\r\nx-words: Testmark\r\n\r\n`)
  })

  const error = await failureOf(
    createClients({ proxyUrl: front.url, ca }).resolution.check(applicant, callOptions()),
  )

  front.stop()
  expect(error.code).toBe(code)
  expect(inspect(error)).not.toContain('Testmark')
})

test('a vendor that is down behind the proxy is unavailable, not refused', async () => {
  const gone = await startSandboxVendors({ port: 0, certificates, token })
  await gone.stop()
  const lonely = await startProxyTo(gone.port)

  const error = await failureOf(
    createClients({ proxyUrl: lonely.url, ca }).resolution.check(applicant, callOptions()),
  )

  await lonely.stop()
  // A proxy that hangs up without a status does not say whose fault it was.
  expect(error.code).toMatch(/^(PROXY|VENDOR)_UNAVAILABLE$/)
})

test('a vendor whose authority is unknown is sent nothing', async () => {
  const options = callOptions()

  const error = await failureOf(
    createClients({ proxyUrl: proxy.url }).resolution.check(applicant, options),
  )

  expect(error).toMatchObject({
    code: 'VENDOR_UNAVAILABLE',
    cause: { message: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' },
  })
  expect(vendors.calls().some(({ key }) => key === options.idempotencyKey)).toBe(false)
})

test('a proxy that accepts and says nothing costs no more than the time budget', async () => {
  const silent = await startProxyThat(() => undefined)
  const startedAt = performance.now()

  const error = await failureOf(
    createClients({ proxyUrl: silent.url, ca }).resolution.check(
      applicant,
      callOptions({ timeoutMs: 500 }),
    ),
  )

  silent.stop()
  expect(error.code).toBe('VENDOR_TIMEOUT')
  expect(performance.now() - startedAt).toBeLessThan(800)
})

test('a tunnel that is not granted in ten seconds is the proxy’s trouble', async () => {
  const silent = await startProxyThat(() => undefined)

  const error = await failureOf(
    createClients({ proxyUrl: silent.url, ca }).resolution.check(
      applicant,
      callOptions({ timeoutMs: 15_000 }),
    ),
  )

  expect(error.code).toBe('PROXY_UNAVAILABLE')
  await vi.waitFor(() => expect(silent.open()).toBe(0))
  silent.stop()
})

test('an aborted signal ends a call at once', async () => {
  const clients = createClients({ proxyUrl: proxy.url, ca })
  const abort = new AbortController()
  const startedAt = performance.now()

  const calling = clients.resolution.check(
    { ...applicant, firstName: 'Time' },
    callOptions({ signal: abort.signal }),
  )
  setTimeout(() => abort.abort(new Error('Testmark')), 100)
  const error = await failureOf(calling)

  expect(error.code).toBe('CALL_ABORTED')
  expect(error.cause).toBeUndefined()
  expect(performance.now() - startedAt).toBeLessThan(400)
})

test('a signal that was aborted before sends nothing', async () => {
  const clients = createClients({ proxyUrl: proxy.url, ca })
  const before = proxy.connectsTo('resolution.vendors.test')

  const error = await failureOf(
    clients.resolution.check(applicant, callOptions({ signal: AbortSignal.abort() })),
  )

  expect(error.code).toBe('CALL_ABORTED')
  expect(proxy.connectsTo('resolution.vendors.test')).toBe(before)
})

test('many calls that end early leave the next ones unharmed', async () => {
  const clients = createClients({ proxyUrl: proxy.url, ca })
  const early = Array.from({ length: 50 }, (_, index) =>
    failureOf(
      clients.resolution.check(
        { ...applicant, firstName: 'Time' },
        callOptions({ timeoutMs: index * 4 }),
      ),
    ),
  )
  const codes = (await Promise.all(early)).map(({ code }) => code)

  const answers = await Promise.all(
    Array.from({ length: 50 }, () => clients.resolution.check(applicant, callOptions())),
  )

  expect(new Set(codes)).toEqual(new Set(['VENDOR_TIMEOUT']))
  expect(answers.every(({ match }) => match)).toBe(true)
})

test('a bomb is left alone long before it has unpacked', async () => {
  const clients = createClients({ proxyUrl: proxy.url, ca })
  await failureOf(clients.resolution.check({ ...applicant, firstName: 'Bomb' }, callOptions()))
  const before = process.memoryUsage().rss

  for (let call = 0; call < 10; call += 1) {
    await failureOf(clients.resolution.check({ ...applicant, firstName: 'Bomb' }, callOptions()))
  }

  expect(process.memoryUsage().rss - before).toBeLessThan(150 * 1024 * 1024)
})

test('an agent and a door are only made of addresses that lead through the proxy', () => {
  const agent = createOutboundAgent({ proxyUrl: proxy.url })

  for (const proxyUrl of ['', 'socks5://127.0.0.1:1', '127.0.0.1:3022', 'direct']) {
    expect(() => createOutboundAgent({ proxyUrl })).toThrow(TypeError)
  }
  for (const baseUrl of [
    'http://resolution.vendors.test',
    'resolution.vendors.test',
    'https://a:b@c.test',
  ]) {
    expect(() => createVendorHttp({ baseUrl, token, agent })).toThrow(TypeError)
  }
  agent.close()
})

async function startProxyThat(answer: (socket: Socket) => void) {
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    socket.once('data', () => answer(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (typeof address !== 'object' || !address) throw new Error('The server has no port')
  return {
    url: `http://127.0.0.1:${address.port}`,
    open: () => sockets.size,
    stop() {
      for (const socket of sockets) socket.destroy()
      server.close()
    },
  }
}
