import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { inspect } from 'node:util'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { createDirectVendorHttp } from './bench-door.ts'
import type { CallOptions, VendorRequest } from './http.ts'
import { VendorError } from './vendor-error.ts'

const json = { 'content-type': 'application/json' }
const question = { last_name: 'Testmark', none: undefined }
const good = JSON.stringify({ result: 'match' })
const spaces = Buffer.alloc(4 * 1024 * 1024, ' ')

test('a question arrives as JSON with token, key and trace, and the reply is parsed', async () => {
  let seen: unknown
  const call = await vendorThat(async (request, response) => {
    const { authorization, 'idempotency-key': key, traceparent, accept } = request.headers
    const body = Buffer.concat(await Array.fromAsync(request)).toString()
    seen = {
      method: request.method,
      url: request.url,
      authorization,
      key,
      traceparent,
      accept,
      body,
    }
    response.writeHead(200, json).end(good)
  })

  const answer = await call({ idempotencyKey: 'key-1', traceparent: '00-aa-bb-01' })

  expect(answer).toEqual({ result: 'match' })
  expect(seen).toEqual({
    method: 'POST',
    url: '/base/v1/check',
    authorization: 'Bearer secret-token',
    key: 'key-1',
    traceparent: '00-aa-bb-01',
    accept: 'application/json',
    body: '{"last_name":"Testmark"}',
  })
})

test('a body that is made as it is sent arrives whole, with its length told', async () => {
  const pieces = ['{"a":"', 'x'.repeat(100_000), 'é', '"}']
  let seen: unknown
  const call = await vendorThat(
    async (request, response) => {
      const body = Buffer.concat(await Array.fromAsync(request))
      seen = { length: request.headers['content-length'], body: body.toString() }
      response.writeHead(200, json).end(good)
    },
    { bytes: Buffer.byteLength(pieces.join('')), chunks: () => pieces },
  )

  const answer = await call()

  expect(answer).toEqual({ result: 'match' })
  expect(seen).toEqual({ length: '100010', body: pieces.join('') })
})

test('a vendor that answers before it has read all is heard, and one that hangs up ends the call', async () => {
  const endless = {
    bytes: 50_000_000,
    *chunks() {
      for (let piece = 0; piece < 500; piece += 1) yield 'x'.repeat(100_000)
    },
  }
  const refuses = await vendorThat((_request, response) => {
    response.writeHead(413, { ...json, connection: 'close' }).end('{}')
  }, endless)
  const hangsUp = await vendorThat((request) => request.socket.destroy(), endless)

  expect((await failureOf(refuses())).code).toBe('VENDOR_REFUSED')
  expect((await failureOf(hangsUp())).code).toBe('VENDOR_UNAVAILABLE')
})

test('a body that is never taken ends with the call’s time', async () => {
  const endless = {
    bytes: 50_000_000,
    chunks: () => Array.from({ length: 500 }, () => 'x'.repeat(100_000)),
  }
  const call = await vendorThat((request) => void request.pause(), endless)

  expect((await failureOf(call({ timeoutMs: 200 }))).code).toBe('VENDOR_TIMEOUT')
})

test.each([
  ['in gzip', { 'content-encoding': 'gzip' }, gzipSync(good)],
  ['in brotli', { 'content-encoding': 'br' }, brotliCompressSync(good)],
  ['with a charset', { 'content-type': 'application/json; charset=utf-8' }, good],
  ['with members that nobody asked for', {}, '{"result":"match","more":["a"]}'],
  ['of just under 2 MB', {}, good.padEnd(2 * 1024 * 1024, ' ')],
])('a reply %s is read', async (_, headers, body) => {
  const call = await vendorThat((_request, response) => {
    response.writeHead(200, { ...json, ...headers }).end(body)
  })

  expect(await call()).toEqual({ result: 'match' })
})

test.each([
  [201, 'VENDOR_REPLY_INVALID'],
  [204, 'VENDOR_REPLY_INVALID'],
  [301, 'VENDOR_REPLY_INVALID'],
  [302, 'VENDOR_REPLY_INVALID'],
  [304, 'VENDOR_REPLY_INVALID'],
  [308, 'VENDOR_REPLY_INVALID'],
  [400, 'VENDOR_REFUSED'],
  [401, 'VENDOR_UNAVAILABLE'],
  [407, 'VENDOR_REFUSED'],
  [408, 'VENDOR_UNAVAILABLE'],
  [409, 'VENDOR_REFUSED'],
  [422, 'VENDOR_REFUSED'],
  [429, 'VENDOR_UNAVAILABLE'],
  [500, 'VENDOR_UNAVAILABLE'],
  [503, 'VENDOR_UNAVAILABLE'],
])('status %i is %s, and asked once', async (status, code) => {
  let requests = 0
  const call = await vendorThat((_request, response) => {
    requests += 1
    response.writeHead(status, { ...json, location: '/base/v1/check' })
    response.end(status === 204 || status === 304 ? undefined : good)
  })

  const error = await failureOf(call())

  expect(error).toMatchObject({ code, cause: { message: `HTTP_${status}` } })
  expect(requests).toBe(1)
})

test.each([429, 503])(
  'a vendor that answers %i and says for how long is busy, and asked once',
  async (status) => {
    let requests = 0
    const call = await vendorThat((_request, response) => {
      requests += 1
      response.writeHead(status, { ...json, 'retry-after': '7' }).end('{}')
    })

    const error = await failureOf(call())

    expect(error).toMatchObject({ code: 'VENDOR_BUSY', retryAfterMs: 7_000 })
    expect(error.cause).toMatchObject({ message: `HTTP_${status}` })
    expect(requests).toBe(1)
  },
)

test.each([
  [500, '7', 'VENDOR_UNAVAILABLE'],
  [422, '7', 'VENDOR_REFUSED'],
  [429, 'soon', 'VENDOR_UNAVAILABLE'],
])('status %i with Retry-After %s is %s', async (status, after, code) => {
  const call = await vendorThat((_request, response) => {
    response.writeHead(status, { ...json, 'retry-after': after }).end('{}')
  })

  const error = await failureOf(call())

  expect(error).toMatchObject({ code, retryAfterMs: undefined })
})

test.each([
  ['without a content type', { 'content-type': '' }, good, 'CONTENT_TYPE'],
  ['of another content type', { 'content-type': 'text/html' }, good, 'CONTENT_TYPE'],
  ['that is empty', {}, '', 'NOT_JSON'],
  ['that is cut short', {}, '{"result":"ma', 'NOT_JSON'],
  ['that is not UTF-8', {}, Buffer.from('{"result":"match","a":"\xff"}', 'latin1'), 'NOT_JSON'],
  ['of another shape', {}, '{"result":"Testmark"}', 'SCHEMA'],
  ['that is not an object', {}, 'null', 'SCHEMA'],
  ['of more than 2 MB', {}, spaces, 'TOO_LARGE'],
  ['that unpacks to more than 2 MB', { 'content-encoding': 'gzip' }, gzipSync(spaces), 'TOO_LARGE'],
  ['in a coding it does not have', { 'content-encoding': 'gzip' }, good, 'Z_DATA_ERROR'],
  ['with headers without end', { 'x-long': 'x'.repeat(20_000) }, good, 'HPE_HEADER_OVERFLOW'],
])('a reply %s is invalid', async (...[, headers, body, cause]) => {
  const call = await vendorThat((_request, response) => {
    response.writeHead(200, { ...json, 'content-length': Buffer.byteLength(body), ...headers })
    response.end(body)
  })

  const error = await failureOf(call())

  expect(error).toMatchObject({ code: 'VENDOR_REPLY_INVALID', cause: { message: cause } })
})

test.each([
  ['before the reply', '', 'VENDOR_UNAVAILABLE'],
  [
    'within the reply',
    'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 99\r\n\r\n{',
    'VENDOR_UNAVAILABLE',
  ],
  ['after words that are not HTTP', 'Testmark\r\n\r\n', 'VENDOR_REPLY_INVALID'],
])('a vendor that hangs up %s ends the call', async (_, words, code) => {
  const call = await vendorThat((request) => {
    request.socket.end(words)
  })

  const error = await failureOf(call())

  expect(error.code).toBe(code)
})

test('an error holds neither the question nor the reply, however it is printed', async () => {
  const replies = ['{"result":"Testmark"}', 'Testmark', 'Testmark'.repeat(1024 * 1024)]

  for (const reply of replies) {
    const call = await vendorThat((_request, response) => {
      response.writeHead(200, { ...json, 'x-words': 'Testmark' }).end(reply)
    })
    const error = await failureOf(call())

    const shown = `${error.stack} ${JSON.stringify(error)} ${inspect(error, { depth: Infinity, showHidden: true })}`
    expect(shown).not.toMatch(/Testmark|secret-token|127\.0\.0\.1/)
  }
})

test('a budget of no time at all is over at once', async () => {
  const call = await vendorThat(() => undefined)

  expect((await failureOf(call({ timeoutMs: 0 }))).code).toBe('VENDOR_TIMEOUT')
  expect((await failureOf(call({ timeoutMs: -1 }))).code).toBe('VENDOR_TIMEOUT')
})

test('whichever comes first, the abort or the end of time, is the reason', async () => {
  const call = await vendorThat(() => undefined)

  const aborted = await failureOf(call({ timeoutMs: 5_000, signal: AbortSignal.timeout(30) }))
  const late = await failureOf(call({ timeoutMs: 30, signal: AbortSignal.timeout(5_000) }))

  expect([aborted.code, late.code]).toEqual(['CALL_ABORTED', 'VENDOR_TIMEOUT'])
})

test('a signal that outlives many calls keeps nothing of them', async () => {
  const call = await vendorThat((_request, response) => {
    response.writeHead(200, json).end(good)
  })
  const { signal } = new AbortController()
  let listening = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...listener: Parameters<typeof add>) => {
    listening += 1
    add(...listener)
  }
  signal.removeEventListener = (...listener: Parameters<typeof remove>) => {
    listening -= 1
    remove(...listener)
  }

  for (let round = 0; round < 20; round += 1) await call({ signal })

  expect(listening).toBe(0)
})

test.each([
  'https://user:word@vendor.test',
  'https://vendor.test/?a=1',
  'https://vendor.test/#a',
  'vendor.test',
])('%s is no address of a vendor', (baseUrl) => {
  expect(() => createDirectVendorHttp({ baseUrl, token: '' })).toThrow(TypeError)
})

/** A server that lives as long as the test, and the way to ask it once. */
async function vendorThat(
  answer: RequestListener,
  body: VendorRequest<unknown>['body'] = question,
) {
  const server = createServer({ maxHeaderSize: 65_536 }, answer)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const http = createDirectVendorHttp({
    baseUrl: `http://127.0.0.1:${port}/base/`,
    token: 'secret-token',
  })
  const reply = z.object({ result: z.enum(['match', 'no_match']) })
  const request = { path: '/v1/check', body, reply }
  return (options: Partial<CallOptions> = {}) =>
    http.post(request, {
      signal: new AbortController().signal,
      idempotencyKey: 'key',
      traceparent: 'trace',
      timeoutMs: 5_000,
      ...options,
    })
}

async function failureOf(calling: Promise<unknown>): Promise<VendorError> {
  const error = await calling.then(
    () => new Error('The call was answered'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof VendorError) return error
  throw error
}
