import { expect, test } from 'vitest'
import {
  address,
  authority,
  canary,
  failureOf,
  host,
  proxyTo,
  proxyWith,
  pusher,
  type Receiver,
  receiverThat,
} from './push-stack.ts'

/** What a name must not lead to. */
const notPublic = [
  '0.0.0.0',
  '0.1.2.3',
  '10.0.0.1',
  '10.255.255.255',
  '100.64.0.1',
  '100.100.100.200',
  '100.127.255.255',
  '127.0.0.1',
  '127.1.2.3',
  '127.255.255.255',
  '168.63.129.16',
  '169.254.0.1',
  '169.254.169.254',
  '169.254.170.2',
  '172.16.0.1',
  '172.31.255.255',
  '192.0.0.1',
  '192.0.0.192',
  '192.0.2.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.168.255.255',
  '198.18.0.1',
  '198.19.255.255',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '239.255.255.255',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::7f00:1',
  '::ffff:127.0.0.1',
  '::ffff:93.184.216.34',
  '::ffff:a9fe:a9fe',
  '::ffff:0:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b::5db8:d822',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2001:db8::1',
  '2002:7f00:1::1',
  '2002:5db8:d822::1',
  '3fff::1',
  '3fff:fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00:ec2::254',
  'fdff::1',
  'fe80::1',
  'fe80::1%eth0',
  '2606:2800:220:1::1%eth0',
  'fec0::1',
  'ff02::1',
  '0177.0.0.1',
  '127.1',
  '0x7f000001',
  '2130706433',
  'localhost',
  '',
]

test.each(notPublic)('a name that leads to %s is not followed', async (where) => {
  const { push, connections } = await pusherToCanary({ resolve: async () => [where] })

  const error = await failureOf(push())

  expect(error).toMatchObject({
    code: 'PUSH_ADDRESS_FORBIDDEN',
    cause: { message: 'ADDRESS_NOT_PUBLIC' },
  })
  expect(connections()).toBe(0)
})

test.each([[[address, '10.0.0.1']], [['2606:2800:220:1::1', '::1', address]], [[]]])(
  '%j is no place to go',
  async (addresses) => {
    const { push, connections } = await pusherToCanary({ resolve: async () => addresses })

    expect((await failureOf(push())).code).toBe('PUSH_ADDRESS_FORBIDDEN')
    expect(connections()).toBe(0)
  },
)

/** `PORT` stands for that of a listener on this machine, which is allowed here as a port. */
test.each([
  ['http://events.partner.example/', 'NOT_HTTPS'],
  ['ftp://events.partner.example/', 'NOT_HTTPS'],
  ['file:///etc/passwd', 'NOT_HTTPS'],
  ['unix:/var/run/docker.sock', 'NOT_HTTPS'],
  ['events.partner.example', 'NOT_A_URL'],
  ['', 'NOT_A_URL'],
  ['https://', 'NOT_A_URL'],
  ['https://events.partner.example:99999/', 'NOT_A_URL'],
  ['https://events.partner.example /', 'NOT_A_URL'],
  [' https://events.partner.example/', 'NOT_A_URL'],
  ['https://events.partner\n.example/', 'NOT_A_URL'],
  ['https://events.partner.example\\@127.0.0.1:PORT/', 'NOT_A_URL'],
  ['https:\\\\127.0.0.1:PORT/', 'NOT_A_URL'],
  ['https://user@events.partner.example/', 'CREDENTIALS'],
  ['https://user:word@events.partner.example/', 'CREDENTIALS'],
  ['https://@events.partner.example/', 'CREDENTIALS'],
  ['https://events.partner.example@127.0.0.1:PORT/', 'CREDENTIALS'],
  ['https://events.partner.example/#a', 'FRAGMENT'],
  ['https://events.partner.example/#', 'FRAGMENT'],
  ['https://127.0.0.1:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://127.1:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://2130706433:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://0x7f.0.0.1:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://0x7f000001:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://0177.0.0.1:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://127.0.0.1.:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://%31%32%37.0.0.1:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://１２７.0.0.1:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://127。0。0。1:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://0:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://93.184.216.34/', 'HOST_IS_A_NUMBER'],
  ['https://[::1]:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://[::ffff:127.0.0.1]:PORT/', 'HOST_IS_A_NUMBER'],
  ['https://[2606:2800:220:1::1]/', 'HOST_IS_A_NUMBER'],
  ['https://[fe80::1%25eth0]/', 'NOT_A_URL'],
  ['https://[127.0.0.1]:PORT/', 'NOT_A_URL'],
  ['https://127.0.0.256/', 'NOT_A_URL'],
  ['https:///events.partner.example/', 'HOST_IN_DISGUISE'],
  ['https:events.partner.example', 'HOST_IN_DISGUISE'],
  ['https://events.partner%2eexample/', 'HOST_IN_DISGUISE'],
  ['https://ⓔvents.partner.example/', 'HOST_IN_DISGUISE'],
  ['https://bücher.example/', 'HOST_IN_DISGUISE'],
  ['https://events.partner.example:0443/', 'HOST_IN_DISGUISE'],
  ['https://events.partner.example:/', 'HOST_IN_DISGUISE'],
  ['https://events.partner.example./', 'HOST_NOT_PUBLIC'],
  ['https://localhost:PORT/', 'HOST_NOT_PUBLIC'],
  ['https://localhost.:PORT/', 'HOST_NOT_PUBLIC'],
  ['https://events.localhost:PORT/', 'HOST_NOT_PUBLIC'],
  ['https://redis/', 'HOST_NOT_PUBLIC'],
  ['https://printer.local/', 'HOST_NOT_PUBLIC'],
  ['https://metadata.google.internal/', 'HOST_NOT_PUBLIC'],
  ['https://router.home.arpa/', 'HOST_NOT_PUBLIC'],
  ['https://hidden.onion/', 'HOST_NOT_PUBLIC'],
  ['https://events_1.partner.example/', 'HOST_NOT_PUBLIC'],
  ['https://-events.partner.example/', 'HOST_NOT_PUBLIC'],
  [`https://${'a'.repeat(64)}.example/`, 'HOST_NOT_PUBLIC'],
  [`https://${'a.'.repeat(127)}example/`, 'HOST_NOT_PUBLIC'],
  ['https://events.partner.example:80/', 'PORT'],
  ['https://events.partner.example:8443/', 'PORT'],
  ['https://events.partner.example:6379/', 'PORT'],
])('%j is not asked for: %s', async (url, reason) => {
  let lookedUp = 0
  const { push, connections, port } = await pusherToCanary({
    resolve: async () => {
      lookedUp += 1
      return ['127.0.0.1']
    },
  })

  const error = await failureOf(push({ url: url.replace('PORT', String(port)) }))

  expect(error).toMatchObject({ code: 'PUSH_ADDRESS_FORBIDDEN', cause: { message: reason } })
  expect([lookedUp, connections()]).toEqual([0, 0])
})

test.each([
  `https://${host}`,
  `https://${host}:443/events`,
  `HTTPS://EVENTS.Partner.example/a%20b?c=d&e=https://127.0.0.1/`,
])('%s is asked for', async (url) => {
  const { push } = await pusherToReceiver()

  expect(await push({ url })).toEqual({ status: 202 })
})

test('a name is looked up once for a connection, and who says something else later is not followed', async () => {
  const answers = [address, '127.0.0.1']
  let lookedUp = 0
  const proxy = await proxyTo(
    await receiverThat((_, response) => {
      response.writeHead(202, { connection: 'close' }).end()
    }),
  )
  const push = pusher(proxy, { resolve: async () => [answers[lookedUp++] ?? '127.0.0.1'] })

  expect(await push()).toEqual({ status: 202 })
  expect(lookedUp).toBe(1)
  expect((await failureOf(push())).code).toBe('PUSH_ADDRESS_FORBIDDEN')
  expect([lookedUp, proxy.connectsTo(address), proxy.connectsTo('127.0.0.1')]).toEqual([2, 1, 0])
})

test.each([301, 302, 303, 307, 308])('a %i to a place inside is not followed', async (status) => {
  const inside = await canary()
  const receiver = await receiverThat((_, response) => {
    response.writeHead(status, { location: `https://127.0.0.1:${inside.port}/` }).end()
  })
  const proxy = await proxyWith({
    [address]: { host: '127.0.0.1', port: receiver.port },
    [`127.0.0.1:${inside.port}`]: { host: '127.0.0.1', port: inside.port },
  })

  const error = await failureOf(pusher(proxy)())

  expect(error.code).toBe('PUSH_MISCONFIGURED')
  expect([inside.connections(), proxy.refused()]).toEqual([0, 0])
})

test('a local machine may name places of its own, by host and port, and none beside', async () => {
  const own = await authority.certify({ hostNames: ['localhost', host] })
  const { port } = await receiverThat((_, response) => void response.writeHead(202).end(), own)
  const there = `127.0.0.1:${port}`
  const proxy = await proxyWith({ [there]: { host: '127.0.0.1', port } })
  const push = pusher(proxy, {
    allowPrivate: [`localhost:${port}`, `${host}:${port}`],
    resolve: async () => ['127.0.0.1'],
  })

  expect(await push({ url: `https://localhost:${port}/` })).toEqual({ status: 202 })
  expect(await push({ url: `https://${host}:${port}/` })).toEqual({ status: 202 })
  for (const url of [`https://localhost/`, `https://localhost:${port + 1}/`, `https://${host}/`]) {
    expect((await failureOf(push({ url }))).code).toBe('PUSH_ADDRESS_FORBIDDEN')
  }
})

/** Where the proxy should be there is a listener that counts: nothing can leave unseen. */
async function pusherToCanary(options: Parameters<typeof pusher>[1]) {
  const listener: Receiver = await canary()
  const { port, connections } = listener
  const push = pusher({ url: `http://127.0.0.1:${port}` }, { ports: [443, port], ...options })
  return { push, port, connections }
}

async function pusherToReceiver() {
  const receiver = await receiverThat((_, response) => void response.writeHead(202).end())
  return { push: pusher(await proxyTo(receiver)) }
}
