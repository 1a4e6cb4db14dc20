import { inspect } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'
import {
  failureOf,
  host,
  proxyTo,
  pusher,
  receiverOnSocket,
  receiverThat,
  token,
} from './push-stack.ts'

test('a token is posted as RFC 8935 has it, and with nothing beside', async () => {
  let seen: unknown
  const receiver = await receiverThat(async (request, response) => {
    const body = Buffer.concat(await Array.fromAsync(request)).toString()
    const { method, url, rawHeaders } = request
    const headers = rawHeaders.flatMap((name, at) =>
      at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1]]] : [],
    )
    seen = { method, url, headers: Object.fromEntries(headers), body }
    response.writeHead(202).end()
  })
  const push = pusher(await proxyTo(receiver))

  const pushed = await push({ authorization: 'Bearer of-the-partner' })

  expect(pushed).toEqual({ status: 202 })
  expect(seen).toEqual({
    method: 'POST',
    url: '/events?a=1',
    headers: {
      host,
      'content-type': 'application/secevent+jwt',
      accept: 'application/json',
      authorization: 'Bearer of-the-partner',
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      'user-agent': 'anteroom',
      'content-length': String(token.length),
      connection: 'keep-alive',
    },
    body: token,
  })
})

test('a partner that wants no Authorization is sent none', async () => {
  const receiver = await receiverThat(({ headers: { authorization } }, response) => {
    response.writeHead(authorization === undefined ? 202 : 400).end()
  })

  expect(await pusher(await proxyTo(receiver))()).toEqual({ status: 202 })
})

test.each([200, 201, 202, 204, 299])('%i is an acknowledgement', async (status) => {
  const receiver = await receiverThat((_, response) => void response.writeHead(status).end())

  expect(await pusher(await proxyTo(receiver))()).toEqual({ status })
})

const said = (err: unknown) => JSON.stringify({ err, description: 'Testmark' })

test.each([
  [300, '', 'PUSH_MISCONFIGURED'],
  [301, '', 'PUSH_MISCONFIGURED'],
  [302, '', 'PUSH_MISCONFIGURED'],
  [303, '', 'PUSH_MISCONFIGURED'],
  [304, '', 'PUSH_MISCONFIGURED'],
  [307, '', 'PUSH_MISCONFIGURED'],
  [308, '', 'PUSH_MISCONFIGURED'],
  [400, said('invalid_request'), 'PUSH_REFUSED', 'invalid_request'],
  [400, said('invalid_issuer'), 'PUSH_REFUSED', 'invalid_issuer'],
  [400, said('invalid_audience'), 'PUSH_REFUSED', 'invalid_audience'],
  [400, said('invalid_key'), 'PUSH_KEY_STALE', 'invalid_key'],
  [400, said('authentication_failed'), 'PUSH_DENIED', 'authentication_failed'],
  [400, said('access_denied'), 'PUSH_DENIED', 'access_denied'],
  [400, said('jwtHdr'), 'PUSH_REFUSED'],
  [400, said('Testmark'), 'PUSH_REFUSED'],
  [400, said(['invalid_key']), 'PUSH_REFUSED'],
  [400, said(7), 'PUSH_REFUSED'],
  [400, '', 'PUSH_REFUSED'],
  [400, 'null', 'PUSH_REFUSED'],
  [400, '"invalid_key"', 'PUSH_REFUSED'],
  [400, '<p>invalid_key</p>', 'PUSH_REFUSED'],
  [400, said('invalid_key').padEnd(16 * 1024, ' '), 'PUSH_KEY_STALE', 'invalid_key'],
  [400, said('invalid_key').padEnd(16 * 1024 + 1, ' '), 'PUSH_REFUSED'],
  [401, said('invalid_key'), 'PUSH_DENIED'],
  [403, '', 'PUSH_DENIED'],
  [402, '', 'PUSH_REFUSED'],
  [404, '', 'PUSH_MISCONFIGURED'],
  [405, '', 'PUSH_MISCONFIGURED'],
  [407, '', 'PUSH_REFUSED'],
  [408, '', 'PUSH_BUSY'],
  [409, '', 'PUSH_REFUSED'],
  [410, '', 'PUSH_GONE'],
  [413, '', 'PUSH_MISCONFIGURED'],
  [415, '', 'PUSH_MISCONFIGURED'],
  [422, '', 'PUSH_MISCONFIGURED'],
  [425, '', 'PUSH_BUSY'],
  [429, '', 'PUSH_BUSY'],
  [500, said('invalid_request'), 'PUSH_BUSY'],
  [501, '', 'PUSH_BUSY'],
  [502, '', 'PUSH_BUSY'],
  [503, '', 'PUSH_BUSY'],
  [504, '', 'PUSH_BUSY'],
  [599, '', 'PUSH_BUSY'],
])('%i saying %.40s is %s', async (...[status, body, code, err]) => {
  let requests = 0
  const receiver = await receiverThat((_, response) => {
    requests += 1
    response.writeHead(status, { location: '/elsewhere', 'content-type': 'application/json' })
    response.end(body)
  })

  const error = await failureOf(pusher(await proxyTo(receiver))())

  expect(error).toMatchObject({ code, status, err, cause: { message: `HTTP_${status}` } })
  expect(requests).toBe(1)
  expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(/Testmark|eyJ/)
})

test('an answer in gzip is not unpacked', async () => {
  const receiver = await receiverThat((_, response) => {
    response.writeHead(400, { 'content-encoding': 'gzip' }).end(gzipSync(said('invalid_key')))
  })

  const error = await failureOf(pusher(await proxyTo(receiver))())

  expect(error).toMatchObject({ code: 'PUSH_REFUSED', status: 400, err: undefined })
})

test.each([
  [429, '7', 7_000],
  [503, '0', 1_000],
  [503, '86400000', 86_400_000],
  [500, 'soon', undefined],
  [401, '7', undefined],
])('for how long %i with Retry-After %s wants to be left alone', async (status, after, waitMs) => {
  const receiver = await receiverThat((_, response) => {
    response.writeHead(status, { 'retry-after': after }).end()
  })

  const error = await failureOf(pusher(await proxyTo(receiver))())

  expect(error.retryAfterMs).toBe(waitMs)
})

test.each([
  ['that nobody finishes', 'HTTP/1.1 202 Accepted\r\ncontent-length: 99\r\n\r\n{'],
  ['that is too long', `HTTP/1.1 202 Accepted\r\n\r\n${'x'.repeat(40_000)}`],
])('an acknowledgement with a body %s is one', async (_, words) => {
  const receiver = await receiverOnSocket((socket) => void socket.write(words))

  expect(await pusher(await proxyTo(receiver))({ timeoutMs: 400 })).toEqual({ status: 202 })
})

test.each([
  ['hangs up', ''],
  ['speaks no HTTP', '220 Testmark ESMTP\r\n\r\n'],
  ['has headers without end', `HTTP/1.1 202 Accepted\r\nx-long: ${'x'.repeat(1_000_000)}\r\n\r\n`],
])('a partner that %s is unreachable', async (_, words) => {
  const receiver = await receiverOnSocket((socket) => void socket.end(words))

  const error = await failureOf(pusher(await proxyTo(receiver))())

  expect(error).toMatchObject({ code: 'PUSH_UNREACHABLE', status: undefined })
  expect(inspect(error)).not.toContain('Testmark')
})
