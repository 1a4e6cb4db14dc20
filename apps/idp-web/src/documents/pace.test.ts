import { createServer, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, onTestFinished, test } from 'vitest'
import { keepPace } from './pace.ts'

const pace = { bytesPerSecond: 10_000, graceMs: 100, everyMs: 10 }

/** A request that says it has more bytes than it sends by itself. */
async function openRequest(): Promise<{ request: IncomingMessage; sender: Socket }> {
  const arrived = Promise.withResolvers<IncomingMessage>()
  const server = createServer((request) => arrived.resolve(request))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const sender = connect(port, '127.0.0.1').on('error', () => undefined)
  onTestFinished(() => {
    sender.destroy()
    server.close()
  })
  sender.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n')
  return { request: await arrived.promise, sender }
}

test('who stops sending is cut off', async () => {
  const { request } = await openRequest()
  request.resume()

  keepPace(request, pace)

  await expect.poll(() => request.destroyed, { timeout: 2_000 }).toBe(true)
})

test('who sends fast enough is left alone', async () => {
  const { request, sender } = await openRequest()
  request.resume()

  keepPace(request, pace)
  for (let count = 0; count < 10; count += 1) {
    sender.write(Buffer.alloc(1_000))
    await wait(40)
  }

  expect(request.destroyed).toBe(false)
})

test('time in which nobody reads does not count', async () => {
  const { request } = await openRequest()
  request.pause()

  keepPace(request, pace)
  await wait(300)

  expect(request.destroyed).toBe(false)
})

test('a request that is all there is left alone, however long it is worked on', async () => {
  const { request, sender } = await openRequest()
  request.resume()

  keepPace(request, pace)
  sender.write(Buffer.alloc(100_000))
  await wait(300)

  expect(request.complete).toBe(true)
  expect(sender.destroyed).toBe(false)
})
