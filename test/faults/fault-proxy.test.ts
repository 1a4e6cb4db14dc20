import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts'

const echo = createServer((socket) => {
  socket.on('error', () => undefined)
  socket.pipe(socket)
})
let proxy: FaultProxy
beforeAll(async () => {
  await once(echo.listen(0, '127.0.0.1'), 'listening')
  // A TCP server has an address of this shape once it listens.
  proxy = await startFaultProxy((echo.address() as AddressInfo).port)
})
beforeEach(() => proxy.setWeather({ kind: 'clear' }))
afterAll(async () => {
  await proxy.stop()
  echo.close()
})

async function dial(): Promise<Socket> {
  const socket = connect({ port: proxy.port, host: '127.0.0.1' })
  socket.on('error', () => undefined)
  await once(socket, 'connect')
  return socket
}

/** Sends, and waits until as much has come back. */
async function ask(socket: Socket, text: string): Promise<{ reply: string; ms: number }> {
  const startedAt = performance.now()
  let reply = ''
  const whole = new Promise<void>((resolve) => {
    socket.on('data', (piece) => {
      reply += piece
      if (reply.length >= text.length) resolve()
    })
  })
  socket.write(text)
  await whole
  return { reply, ms: performance.now() - startedAt }
}

test('in clear weather bytes pass as they are', async () => {
  const socket = await dial()
  const text = 'x'.repeat(1_000_000)

  const { reply } = await ask(socket, text)

  expect(reply).toBe(text)
  socket.destroy()
})

test('latency holds for each way, and pieces keep their order', async () => {
  await proxy.setWeather({ kind: 'latency', ms: 60, jitterMs: 20 })
  const socket = await dial()

  const { reply, ms } = await ask(socket, 'a long way')

  expect(reply).toBe('a long way')
  expect(ms).toBeGreaterThan(75)
  socket.destroy()
})

test('a drip takes its time', async () => {
  await proxy.setWeather({ kind: 'drip', bytesPerSecond: 1_000 })
  const socket = await dial()

  const { reply, ms } = await ask(socket, 'x'.repeat(200))

  expect(reply).toHaveLength(200)
  expect(ms).toBeGreaterThan(150)
  socket.destroy()
})

test('while the line is cut nothing arrives and nothing is closed; then everything does', async () => {
  const socket = await dial()
  let closed = false
  socket.on('close', () => {
    closed = true
  })
  await proxy.setWeather({ kind: 'cut' })
  const asked = ask(socket, 'later')
  const first = await Promise.race([asked, new Promise((resolve) => setTimeout(resolve, 150))])
  await proxy.setWeather({ kind: 'clear' })

  expect(first).toBeUndefined()
  expect((await asked).reply).toBe('later')
  expect(closed).toBe(false)
  socket.destroy()
})

test('who is refused cannot connect, until the weather is clear again', async () => {
  const before = await dial()
  const ended = once(before, 'close')
  await proxy.setWeather({ kind: 'refuse' })
  await ended

  await expect(dial()).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  await proxy.setWeather({ kind: 'clear' })
  const after = await dial()

  expect((await ask(after, 'again')).reply).toBe('again')
  after.destroy()
})

test('a reset ends every connection at once', async () => {
  const socket = await dial()
  await ask(socket, 'hello')
  const failed = once(socket, 'error')

  const count = proxy.reset()

  expect(count).toBe(1)
  expect(await failed).toMatchObject([{ code: 'ECONNRESET' }])
})

test('a watch sees each piece, knows where it goes, and may drop it', async () => {
  const socket = await dial()
  const seen: string[] = []
  proxy.watch((piece, toward) => {
    seen.push(`${piece} to ${toward}`)
    return piece.includes('secret') ? 'drop' : 'pass'
  })

  await ask(socket, 'hello')
  socket.write('secret')
  await expect.poll(() => seen).toEqual(['hello to server', 'hello to client', 'secret to server'])

  proxy.watch(undefined)
  socket.destroy()
})
