import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { expect, onTestFinished, test } from 'vitest'
import { createS3SettingsReader } from './settings-s3.ts'

const object = { bucket: 'secrets', key: 'web/settings.yaml' }

async function s3Reader(answer: RequestListener, timeoutMs = 5000) {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  return createS3SettingsReader({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    timeoutMs,
  })
}

test('an object is asked for by path with a signed request and read as text', async () => {
  const seen: unknown[] = []
  const read = await s3Reader((request, response) => {
    const algorithm = request.headers.authorization?.split(' ')[0]
    seen.push([request.method, request.url?.split('?')[0], algorithm])
    response.end('port: 7 # für später\n')
  })

  const text = await read(object)

  expect(text).toBe('port: 7 # für später\n')
  expect(seen).toEqual([['GET', '/secrets/web/settings.yaml', 'AWS4-HMAC-SHA256']])
})

test('an object of more than a megabyte is refused', async () => {
  const read = await s3Reader((_request, response) => response.end(Buffer.alloc(1_000_001)))

  await expect(read(object)).rejects.toThrow(RangeError)
})

test('an object that is not there is refused', async () => {
  const read = await s3Reader((_request, response) => response.writeHead(404).end())

  await expect(read(object)).rejects.toThrow()
})

test('an answer that begins and never ends is given up at the deadline', async () => {
  const read = await s3Reader((_request, response) => {
    response.writeHead(200, { 'content-length': 100 })
    response.write('port')
  }, 200)

  await expect(read(object)).rejects.toMatchObject({ code: 'DEADLINE_PASSED' })
})
