import { once } from 'node:events'
import { connect, createServer } from 'node:net'
import tls from 'node:tls'
import { createAuthority } from '@anteroom/infra/local/authority.ts'
import { freePort } from '@anteroom/infra/local/ports.ts'
import { expect, test } from 'vitest'
import {
  address,
  authority,
  canary,
  failureOf,
  host,
  listen,
  proxyTo,
  proxyWith,
  pusher,
  type Receiver,
  receiverThat,
} from './push-stack.ts'

const acknowledging = (options = {}): Promise<Receiver> =>
  receiverThat((_, response) => void response.writeHead(202).end(), options)

test('the proxy is asked for the address that was checked, and the partner for its name', async () => {
  let name: unknown
  const receiver = await acknowledging({
    SNICallback: (sni: string, done: (error: null) => void) => {
      name = sni
      done(null)
    },
  })
  const proxy = await proxyTo(receiver)

  await pusher(proxy)()

  expect(name).toBe(host)
  expect(proxy.connectsTo(address)).toBe(1)
  expect(proxy.connectsTo(host)).toBe(0)
})

test('an IPv6 address is asked for as such', async () => {
  const { port } = await acknowledging()
  const v6 = '2606:2800:220:1::1'
  const asked: string[] = []
  const proxy = await listen(
    createServer((socket) => {
      socket.once('data', (head) => {
        asked.push(head.toString().split('\r\n')[0] ?? '')
        const onward = connect(port, '127.0.0.1')
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        socket.pipe(onward).pipe(socket)
      })
    }),
  )

  await pusher({ url: urlOf(proxy) }, { resolve: async () => [v6] })()

  expect(asked).toEqual([`CONNECT [${v6}]:443 HTTP/1.1`])
})

test('pushes one after another share a connection, and partners do not', async () => {
  const receiver = await acknowledging()
  const proxy = await proxyTo(receiver)
  const push = pusher(proxy)

  for (let times = 0; times < 5; times += 1) await push()
  await push({ receiver: 'another' })

  expect(proxy.connectsTo(address)).toBe(2)
})

test('many pushes at once all arrive, and sixteen connections are kept at most', async () => {
  let requests = 0
  const receiver = await receiverThat((_, response) => {
    requests += 1
    response.writeHead(202).end()
  })
  const push = pusher(await proxyTo(receiver))

  const pushed = await Promise.all(Array.from({ length: 60 }, () => push()))
  const opened = receiver.connections()
  await Promise.all(Array.from({ length: 17 }, () => push()))

  expect(pushed).toHaveLength(60)
  expect(requests).toBe(77)
  expect(receiver.connections() - opened).toBeGreaterThan(0)
})

test('of several addresses the next is tried where nobody answers', async () => {
  const receiver = await acknowledging()
  const dead = '93.184.216.35'
  const closed = await freePort()
  const proxy = await proxyWith({
    [dead]: { host: '127.0.0.1', port: closed },
    [address]: { host: '127.0.0.1', port: receiver.port },
  })

  const pushed = await pusher(proxy, { resolve: async () => [dead, address] })()

  expect(pushed).toEqual({ status: 202 })
  expect([proxy.connectsTo(dead), proxy.connectsTo(address)]).toEqual([1, 1])
})

const day = 24 * 60 * 60 * 1000
const other = await createAuthority({ now: Date.now(), validDays: 30 })

test.each([
  ['that has expired', () => expired(), 'CERT_HAS_EXPIRED'],
  ['that does not hold yet', () => future(), 'CERT_NOT_YET_VALID'],
  ['for another name', () => forNames('partner.example'), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['for the address', () => forNames(address), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['for a name inside', () => forNames('*.events.partner.example'), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['without a name', () => forNames(), 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ['of an unknown authority', () => unknown(), 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
  ['for a client', () => forClient(), 'INVALID_PURPOSE'],
])('a certificate %s is not accepted, and nothing is sent', async (_, certify, cause) => {
  let requests = 0
  const receiver = await receiverThat(
    () => {
      requests += 1
    },
    await certify(),
  )

  const error = await failureOf(pusher(await proxyTo(receiver))())

  expect(error).toMatchObject({ code: 'PUSH_CERTIFICATE', cause: { message: cause } })
  expect(requests).toBe(0)
})

test('a partner with authorities of its own is verified against these alone', async () => {
  const own = await acknowledging(await other.certify({ hostNames: [host] }))
  const usual = await acknowledging()
  const { ca } = other

  expect(await pusher(await proxyTo(own))({ ca })).toEqual({ status: 202 })
  expect((await failureOf(pusher(await proxyTo(usual))({ ca }))).code).toBe('PUSH_CERTIFICATE')
})

test('a partner that speaks nothing newer than TLS 1.1 is not spoken to', async () => {
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'ALL@SECLEVEL=0' } as const
  const receiver = await acknowledging(old)
  const { ca } = authority
  const willing = tls.connect({ ...old, port: receiver.port, servername: host, ca })
  await once(willing, 'secureConnect')
  willing.destroy()

  const error = await failureOf(pusher(await proxyTo(receiver))())

  expect(error).toMatchObject({
    code: 'PUSH_UNREACHABLE',
    cause: { message: 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION' },
  })
})

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a partner that wants to know us by a certificate is shown it, in %s',
  async (version) => {
    const { ca } = authority
    const names: unknown[] = []
    const receiver = await receiverThat(
      ({ socket }, response) => {
        names.push(socket instanceof tls.TLSSocket && socket.getPeerCertificate().subject.CN)
        response.writeHead(202).end()
      },
      { requestCert: true, ca, minVersion: version, maxVersion: version },
    )
    const push = pusher(await proxyTo(receiver))
    const clientCertificate = await authority.certify({ hostNames: [], role: 'client' })
    const foreign = await other.certify({ hostNames: [], role: 'client' })

    const errors = [await failureOf(push()), await failureOf(push({ clientCertificate: foreign }))]
    const pushed = await push({ clientCertificate })

    expect(pushed).toEqual({ status: 202 })
    expect(names).toEqual(['Anteroom local client'])
    // Some servers say why, others hang up.
    for (const { code } of errors) expect(code).toMatch(/^PUSH_(CERTIFICATE|UNREACHABLE)$/)
  },
)

test('a certificate of ours that cannot be read is told as such', async () => {
  const push = pusher(await proxyTo(await acknowledging()))

  const error = await failureOf(push({ clientCertificate: { cert: 'none', key: 'none' } }))

  expect(error.code).toBe('PUSH_CERTIFICATE')
})

test('a proxy that is down is not the partner’s fault', async () => {
  const receiver = await acknowledging()
  const proxy = await proxyTo(receiver)
  await proxy.stop()

  const error = await failureOf(pusher(proxy)())

  expect(error).toMatchObject({ code: 'PROXY_UNAVAILABLE', cause: { message: 'ECONNREFUSED' } })
  expect(receiver.connections()).toBe(0)
})

test('a proxy that nothing comes back from is told before the partner’s time is up', async () => {
  // TEST-NET-1: nobody answers there.
  const startedAt = performance.now()

  const error = await failureOf(pusher({ url: 'http://192.0.2.1:3128' })({ timeoutMs: 3_000 }))

  expect(error.code).toBe('PROXY_UNAVAILABLE')
  expect(performance.now() - startedAt).toBeLessThan(2_500)
})

test('a proxy that does not know our password refuses, and so does one that does not know the address', async () => {
  const proxy = await proxyTo(await acknowledging())
  const stranger = { url: proxy.url.replace('p%40ss', 'guess') }

  const errors = [
    await failureOf(pusher(stranger)()),
    await failureOf(pusher(proxy, { resolve: async () => ['93.184.216.35'] })()),
  ]

  expect(errors).toMatchObject([
    { code: 'PROXY_REFUSED', cause: { message: 'CONNECT_407' } },
    { code: 'PROXY_REFUSED', cause: { message: 'CONNECT_403' } },
  ])
})

test.each([
  ['429 Too Many Requests', 'PROXY_REFUSED'],
  ['301 Moved Permanently', 'PROXY_REFUSED'],
  ['500 Internal Server Error', 'PROXY_UNAVAILABLE'],
  ['502 Bad Gateway', 'PUSH_UNREACHABLE'],
  ['503 Service Unavailable', 'PUSH_UNREACHABLE'],
  ['504 Gateway Timeout', 'PUSH_UNREACHABLE'],
  ['593 Connection Refused', 'PUSH_UNREACHABLE'],
])('a proxy that answers CONNECT with %s is %s', async (status, code) => {
  const proxy = await listen(
    createServer((socket) => {
      socket.once('data', () => socket.end(`HTTP/1.1 ${status}\r\nx-words: Testmark\r\n\r\n`))
    }),
  )

  const error = await failureOf(pusher({ url: urlOf(proxy) })())

  expect(error.code).toBe(code)
})

test('a partner that is down behind the proxy is unreachable', async () => {
  const port = await freePort()

  const error = await failureOf(
    pusher(await proxyWith({ [address]: { host: '127.0.0.1', port } }))(),
  )

  expect(error.code).toBe('PUSH_UNREACHABLE')
})

test('a name that nobody knows is unreachable; name servers that nobody reaches are no way out', async () => {
  const proxy = await proxyTo(await acknowledging())
  const failing = (code: string) => async () => {
    throw Object.assign(new Error(host), { code })
  }

  const unknownName = await failureOf(pusher(proxy, { resolve: failing('ENOTFOUND') })())
  const noServers = await failureOf(pusher(proxy, { resolve: failing('ECONNREFUSED') })())

  expect(unknownName).toMatchObject({
    code: 'PUSH_UNREACHABLE',
    cause: { message: 'DNS_ENOTFOUND' },
  })
  expect(noServers).toMatchObject({ code: 'PROXY_UNAVAILABLE' })
})

test('a push can be called off before and while it is under way, and by closing', async () => {
  const silent = await canary()
  const push = pusher(await proxyTo(silent))

  const before = await failureOf(push({ signal: AbortSignal.abort() }))
  const during = await failureOf(push({ signal: AbortSignal.timeout(50) }))

  expect([before.code, during.code]).toEqual(['CALL_ABORTED', 'CALL_ABORTED'])
  expect(silent.connections()).toBe(1)
})

function urlOf({ port }: Receiver): string {
  return `http://127.0.0.1:${port}`
}

function expired() {
  return authority.certify({ hostNames: [host], notAfter: new Date(Date.now() - day / 24) })
}

function future() {
  return authority.certify({ hostNames: [host], notBefore: new Date(Date.now() + day) })
}

function forNames(...hostNames: string[]) {
  return authority.certify({ hostNames })
}

function forClient() {
  return authority.certify({ hostNames: [host], role: 'client' })
}

function unknown() {
  return other.certify({ hostNames: [host] })
}
