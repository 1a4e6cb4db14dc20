import { spawn } from 'node:child_process'
import { createServer, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  authority,
  canary,
  failureOf,
  listen,
  proxyTo,
  proxyWith,
  pusher,
  type Receiver,
  receiverOnSocket,
} from './push-stack.ts'

const timeoutMs = 500
const bomb = gzipSync(Buffer.alloc(50_000_000))

/** Receivers that do what they can to keep us. Each is asked as any other before it begins. */
const hostile: Record<string, (socket: Socket) => void> = {
  'drips its headers': (socket) => drip(socket, 'HTTP/1.1 202 Accepted\r\n', 'x-a: b\r\n'),
  'drips its first line': (socket) => drip(socket, 'HTTP/1.1', ' '),
  'drips its body': (socket) => drip(socket, `HTTP/1.1 400 No\r\ncontent-length: 99\r\n\r\n`, '{'),
  'drips its chunks': (socket) =>
    drip(socket, 'HTTP/1.1 400 No\r\ntransfer-encoding: chunked\r\n\r\n', '1\r\n{\r\n'),
  'sends a body without end': (socket) =>
    pour(socket, 'HTTP/1.1 400 No\r\n\r\n', Buffer.alloc(64 * 1024, ' ')),
  'sends a body without end and calls it small': (socket) =>
    pour(socket, 'HTTP/1.1 400 No\r\ncontent-length: 2\r\n\r\n', Buffer.alloc(64 * 1024, ' ')),
  'sends chunk extensions without end': (socket) =>
    pour(
      socket,
      'HTTP/1.1 400 No\r\ntransfer-encoding: chunked\r\n\r\n1;',
      Buffer.alloc(65_536, 'a'),
    ),
  'sends a bomb in gzip': (socket) =>
    void socket.end(
      Buffer.concat([Buffer.from('HTTP/1.1 400 No\r\ncontent-encoding: gzip\r\n\r\n'), bomb]),
    ),
  'sends a header without end': (socket) =>
    pour(socket, 'HTTP/1.1 202 Accepted\r\nx-a: ', Buffer.alloc(64 * 1024, 'a')),
  'sends headers without end': (socket) =>
    pour(socket, 'HTTP/1.1 202 Accepted\r\n', Buffer.from('a: b\r\n'.repeat(10_000))),
  'says to go on and nothing more': (socket) => void socket.write('HTTP/1.1 100 Continue\r\n\r\n'),
  'says to go on without end': (socket) =>
    pour(socket, '', Buffer.from('HTTP/1.1 100 Continue\r\n\r\n'.repeat(1_000))),
  'gives hints without end': (socket) =>
    pour(socket, '', Buffer.from('HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n'.repeat(1_000))),
  'changes to another protocol': (socket) =>
    void socket.write('HTTP/1.1 101 Now\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n'),
  'hangs up': (socket) => socket.destroy(),
  'says nothing': () => undefined,
}

test.each(Object.entries(hostile))(
  'a partner that %s is through with in its time',
  async (_, take) => {
    const sockets: Socket[] = []
    const receiver = await receiverOnSocket((socket) => {
      sockets.push(socket)
      take(socket)
    })
    const push = pusher(await proxyTo(receiver))
    const startedAt = performance.now()

    const error = await failureOf(push({ timeoutMs }))

    expect(performance.now() - startedAt).toBeLessThan(timeoutMs + 1_000)
    expect(error.code).toMatch(/^PUSH_(TIMEOUT|UNREACHABLE|REFUSED)$/)
    await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true)
  },
)

test.each([
  ['takes the connection and says nothing', () => undefined],
  ['drips bytes before TLS', (socket: Socket) => drip(socket, '\x16\x03\x03', '\x40')],
  ['speaks before it is asked', (socket: Socket) => pour(socket, '', Buffer.alloc(65_536, 'a'))],
])('a partner that %s is through with in its time', async (_, take) => {
  const receiver = await listen(createServer(take))
  const push = pusher(await proxyTo(receiver))
  const startedAt = performance.now()

  const error = await failureOf(push({ timeoutMs }))

  expect(error.code).toMatch(/^PUSH_(TIMEOUT|UNREACHABLE)$/)
  expect(performance.now() - startedAt).toBeLessThan(timeoutMs + 1_000)
})

test('name servers and a proxy that say nothing take no more than the partner’s time', async () => {
  const silent = await canary()
  const proxy = { url: `http://127.0.0.1:${silent.port}` }
  const never = pusher(proxy, { resolve: () => new Promise(() => undefined) })
  const startedAt = performance.now()

  const errors = [
    await failureOf(never({ timeoutMs })),
    await failureOf(pusher(proxy)({ timeoutMs })),
  ]

  expect(errors.map(({ code }) => code)).toEqual(['PUSH_TIMEOUT', 'PUSH_TIMEOUT'])
  expect(performance.now() - startedAt).toBeLessThan(2 * timeoutMs + 1_000)
})

test('fifty attackers at once cost less than 20 MB, and a partner among them is served', async () => {
  const attackers = 50
  const takes = Object.values(hostile)
  const receivers: Receiver[] = []
  for (let index = 0; index < attackers; index += 1) {
    const take = takes[index % takes.length]
    if (take) receivers.push(await receiverOnSocket(take))
  }
  const good = await receiverOnSocket((socket) => void socket.end('HTTP/1.1 202 Accepted\r\n\r\n'))
  const proxy = await proxyWith(
    Object.fromEntries(
      [good, ...receivers].map(({ port }, index) => [
        `93.184.217.${index}`,
        { host: '127.0.0.1', port },
      ]),
    ),
  )

  const seen = await pushAlone({ proxyUrl: proxy.url, ca: authority.ca, attackers, timeoutMs })

  expect(seen).toMatchObject({ attacked: attackers * 3, acknowledged: 3 })
  expect(seen.slowestAttackMs).toBeLessThan(timeoutMs + 1_000)
  expect(seen.grownBytes).toBeLessThan(20_000_000)
})

interface Seen {
  readonly attacked: number
  readonly acknowledged: number
  readonly slowestAttackMs: number
  readonly grownBytes: number
}

/** In a process of its own, where the attackers' memory is not. */
async function pushAlone(how: object): Promise<Seen> {
  const script = fileURLToPath(new URL('push-alone.ts', import.meta.url))
  const child = spawn(process.execPath, ['--expose-gc', script, JSON.stringify(how)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return JSON.parse(await text(child.stdout))
}

function drip(socket: Socket, head: string, drop: string): void {
  socket.write(head, 'latin1')
  const dripping = setInterval(() => socket.write(drop, 'latin1'), 20)
  socket.on('close', () => clearInterval(dripping))
}

function pour(socket: Socket, head: string, piece: Buffer): void {
  const more = () => {
    while (!socket.destroyed && socket.write(piece));
    // Where it is not taken, the next piece waits.
  }
  socket.write(head)
  socket.on('drain', () => setImmediate(more))
  more()
}
