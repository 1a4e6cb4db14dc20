import { createServer, type Socket } from 'node:net'
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
  receiverOnSocket,
  receiverThat,
  webhookPusher,
} from './push-stack.ts'

// A webhook leaves by the door that security events leave by. Its receivers are strangers, and say what they like.

const timeoutMs = 500
const inTime = timeoutMs + 1_000

function pour(socket: Socket, head: string): void {
  socket.write(head)
  const more = () => {
    while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'x')));
    // Where it is not taken, the next piece waits.
  }
  socket.on('drain', () => setImmediate(more))
  more()
}

test.each<[string, (socket: Socket) => void]>([
  ['never ends its body', (socket) => pour(socket, 'HTTP/1.1 200 OK\r\n\r\n')],
  [
    'lies about the length of its body',
    (socket) => pour(socket, 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n'),
  ],
  [
    'stops in its body',
    (socket) => void socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{'),
  ],
  [
    'hangs up after its head',
    (socket) => void socket.end('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n'),
  ],
])('a receiver that says 200 and %s has taken it', async (_, take) => {
  const receiver = await receiverOnSocket(take)
  const push = webhookPusher(await proxyTo(receiver))
  const startedAt = performance.now()

  expect(await push({ timeoutMs })).toEqual({ status: 200 })

  expect(performance.now() - startedAt).toBeLessThan(inTime)
})

test('who has answered is waited for no longer, whatever else it sends', async () => {
  const receiver = await receiverOnSocket((socket) => {
    socket.write('HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n{')
  })
  const push = webhookPusher(await proxyTo(receiver))
  const startedAt = performance.now()

  expect(await push({ timeoutMs: 5_000 })).toEqual({ status: 200 })

  expect(performance.now() - startedAt).toBeLessThan(2_500)
})

test.each<[string, (socket: Socket) => void, string]>([
  ['says nothing', () => undefined, 'PUSH_TIMEOUT'],
  ['hangs up', (socket) => socket.destroy(), 'PUSH_UNREACHABLE'],
  [
    'never ends its headers',
    (socket) => pour(socket, 'HTTP/1.1 200 OK\r\nx: '),
    'PUSH_UNREACHABLE',
  ],
  [
    'never ends what it says of a failure',
    (socket) => pour(socket, 'HTTP/1.1 500 No\r\n\r\n'),
    'PUSH_BUSY',
  ],
  [
    'speaks another protocol',
    (socket) => void socket.end('220 mail ESMTP\r\n'),
    'PUSH_UNREACHABLE',
  ],
])('a receiver that %s has not, and is through with in its time', async (_, take, code) => {
  const receiver = await receiverOnSocket(take)
  const push = webhookPusher(await proxyTo(receiver))
  const startedAt = performance.now()

  const error = await failureOf(push({ timeoutMs }))

  expect(error.code).toBe(code)
  expect(performance.now() - startedAt).toBeLessThan(inTime)
})

test('who has another’s certificate is not told', async () => {
  const others = await authority.certify({ hostNames: ['elsewhere.example'] })
  let asked = 0
  const receiver = await receiverThat((_, response) => {
    asked += 1
    response.writeHead(200).end()
  }, others)

  const error = await failureOf(webhookPusher(await proxyTo(receiver))())

  expect([error.code, asked]).toEqual(['PUSH_CERTIFICATE', 0])
})

test('who speaks no TLS is not told', async () => {
  const heard: string[] = []
  const receiver = await listen(
    createServer((socket) => {
      socket.on('data', (bytes) => heard.push(bytes.toString('latin1')))
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
    }),
  )

  const error = await failureOf(webhookPusher(await proxyTo(receiver))({ timeoutMs }))

  expect(error.code).toMatch(/^PUSH_(UNREACHABLE|TIMEOUT)$/)
  expect(heard.join()).not.toContain('webhook-id')
})

test('a redirect to where clouds keep their secrets is not followed', async () => {
  const inside = await canary()
  const receiver = await receiverThat((_, response) => {
    response.writeHead(307, { location: 'https://169.254.169.254/latest/meta-data' }).end()
  })
  const proxy = await proxyWith({
    [address]: { host: '127.0.0.1', port: receiver.port },
    '169.254.169.254': { host: '127.0.0.1', port: inside.port },
  })

  const error = await failureOf(webhookPusher(proxy)())

  expect(error).toMatchObject({ code: 'PUSH_MISCONFIGURED', status: 307 })
  expect([inside.connections(), proxy.connectsTo('169.254.169.254')]).toEqual([0, 0])
})

test('a name that leads inside when it is asked again is not followed', async () => {
  const answers = [[address], ['127.0.0.1'], [address, '10.0.0.1']]
  const receiver = await receiverThat((_, response) => {
    response.writeHead(200, { connection: 'close' }).end()
  })
  const proxy = await proxyTo(receiver)
  const push = webhookPusher(proxy, { resolve: async () => answers.shift() ?? [] })

  expect(await push()).toEqual({ status: 200 })
  expect((await failureOf(push())).code).toBe('PUSH_ADDRESS_FORBIDDEN')
  expect((await failureOf(push())).code).toBe('PUSH_ADDRESS_FORBIDDEN')

  expect([proxy.connectsTo(address), proxy.refused()]).toEqual([1, 0])
})

test.each(['a=1; Secure', `webhook=2; Domain=${host}`])(
  'a cookie (%s) is not kept',
  async (cookie) => {
    const cookies: unknown[] = []
    const receiver = await receiverThat(({ headers }, response) => {
      cookies.push(headers.cookie)
      response.writeHead(200, { 'set-cookie': cookie }).end()
    })
    const push = webhookPusher(await proxyTo(receiver))

    await push()
    await push()

    expect(cookies).toEqual([undefined, undefined])
  },
)

test('what its receiver writes about a token says nothing of a webhook', async () => {
  const receiver = await receiverThat((_, response) => {
    response.writeHead(400).end('{"err":"invalid_key"}')
  })

  const error = await failureOf(webhookPusher(await proxyTo(receiver))())

  expect(error).toMatchObject({ code: 'PUSH_REFUSED', status: 400, err: undefined })
})
