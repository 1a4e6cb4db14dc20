import { once } from 'node:events'
import { type IncomingMessage, request, type ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { type InternalServerOptions, startInternalServer } from './internal-server.ts'
import { createMetrics } from './metrics.ts'

async function started(options: Partial<InternalServerOptions> = {}) {
  const defaults = { host: '127.0.0.1', port: 0, ready: {}, metrics: createMetrics('web') }
  const server = await startInternalServer({ ...defaults, ...options })
  onTestFinished(() => server.close())
  const ask = (path: string, method = 'GET') =>
    fetch(`http://127.0.0.1:${server.port}${path}`, { method })
  return { server, ask }
}

const ok = async () => {}
const failing = async () => {
  throw new Error('password=hunter2')
}
const throwing = () => {
  throw new Error('password=hunter2')
}
const hanging = () => new Promise<void>(() => {})

test('/livez answers 200 even when nothing else works', async () => {
  const { ask } = await started({ ready: { postgres: failing } })

  const response = await ask('/livez')

  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('/readyz answers 200 when every check passes', async () => {
  const { ask } = await started({ ready: { postgres: ok, redis: ok } })

  const response = await ask('/readyz?from=probe')

  expect(response.status).toBe(200)
  expect(await response.json()).toEqual({
    status: 'ready',
    checks: { postgres: 'ok', redis: 'ok' },
  })
})

test('/readyz answers 503 and says which checks failed, but not how', async () => {
  const { ask } = await started({ ready: { postgres: failing, kms: throwing, redis: ok } })

  const response = await ask('/readyz')

  expect(response.status).toBe(503)
  expect(await response.json()).toEqual({
    status: 'not ready',
    checks: { postgres: 'failed', kms: 'failed', redis: 'ok' },
  })
})

test('a check that hangs has failed at its deadline, side by side with others', async () => {
  const ready = { postgres: hanging, redis: hanging, kms: ok }
  const { ask } = await started({ ready, checkTimeoutMs: 100 })
  const startedAt = performance.now()

  const response = await ask('/readyz')

  expect(performance.now() - startedAt).toBeLessThan(190)
  expect(await response.json()).toMatchObject({
    checks: { postgres: 'failed', redis: 'failed', kms: 'ok' },
  })
})

test('/readyz answers 503 while draining, and /livez still 200', async () => {
  const { server, ask } = await started({ ready: { postgres: ok } })

  server.draining()

  expect((await ask('/readyz')).status).toBe(503)
  expect((await ask('/livez')).status).toBe(200)
})

test('/metrics answers in the format of Prometheus', async () => {
  const { ask } = await started()

  const response = await ask('/metrics')

  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  expect(await response.text()).toContain('# TYPE http_request_duration_seconds histogram')
})

test('metrics that cannot be written are a 500 without details', async () => {
  const metrics = { contentType: 'text/plain', text: () => Promise.reject(new Error('hunter2')) }
  const { ask } = await started({ metrics })

  const response = await ask('/metrics')

  expect(response.status).toBe(500)
  expect(await response.text()).toBe('Failed\n')
})

test.each([
  ['GET', '/'],
  ['GET', '/livez/'],
  ['GET', '/LIVEZ'],
  ['GET', '//livez'],
  ['GET', '/metrics/../livez%00'],
  ['GET', '/<script>'],
  ['POST', '/livez'],
  ['PUT', '/readyz'],
  ['DELETE', '/metrics'],
  ['OPTIONS', '/livez'],
])('%s %s answers 404 and echoes nothing', async (method, path) => {
  const { ask } = await started()

  const response = await ask(path, method)

  expect(response.status).toBe(404)
  expect(await response.text()).toBe('Not found\n')
})

test('HEAD answers as GET does, without the body', async () => {
  const { server } = await started({ ready: { postgres: failing } })
  const asked = request({ port: server.port, path: '/readyz', method: 'HEAD' }).end()

  const [response] = await once(asked, 'response')

  expect(response.statusCode).toBe(503)
  expect(Number(response.headers['content-length'])).toBeGreaterThan(0)
  expect((await response.toArray()).join('')).toBe('')
})

test('what is not HTTP, or breaks off, leaves the server running', async () => {
  const { server, ask } = await started({ ready: { postgres: hanging } })
  for (const bytes of ['\u0000\u0001\r\n\r\n', 'GET /readyz HTTP/1.1\r\nhost: a\r\n\r\n', 'GET ']) {
    const socket = connect(server.port, '127.0.0.1', () => socket.end(bytes))
    socket.on('error', () => {})
    setTimeout(() => socket.resetAndDestroy(), 20)
    await once(socket, 'close')
  }

  expect((await ask('/livez')).status).toBe(200)
})

test('a port that is taken is an error at start', async () => {
  const { server } = await started()

  const second = startInternalServer({
    host: '127.0.0.1',
    port: server.port,
    ready: {},
    metrics: createMetrics('web'),
  })

  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test('closing does not wait for a hanging check and may be done twice', async () => {
  const { server, ask } = await started({ ready: { postgres: hanging } })
  const asked = ask('/readyz').catch(() => 'cut off')
  await new Promise((resolve) => setTimeout(resolve, 50))

  await Promise.all([server.close(), server.close()])

  expect(await asked).toBe('cut off')
  await expect(ask('/livez')).rejects.toThrow()
})

test('what is mounted answers everything at and below its path, and nothing else', async () => {
  const handle = (_request: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(418).end()
  const { ask } = await started({ mounted: { path: '/console', handle } })

  const below = ['/console', '/console?a', '/console/', '/console/livez', '/console/../livez']
  const others = ['/livez', '/consoles', '/livez?/console/', '/a/console/']
  const statuses = async (paths: readonly string[]) =>
    Promise.all(paths.map(async (path) => (await ask(path)).status))

  expect(await statuses(below)).toEqual([418, 418, 418, 418, 200])
  expect(await statuses(others)).toEqual([200, 404, 200, 404])
  expect((await ask('/console', 'POST')).status).toBe(418)
})
