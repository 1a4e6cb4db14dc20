import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'
import { expect, test } from 'vitest'
import { pageOrigin, s3Client, startTestS3 } from './local-s3-stack.ts'

const s3 = await startTestS3()
const settings = { requestChecksumCalculation: 'WHEN_REQUIRED' } as const
const web = s3Client(s3.url, 'web', settings)
const worker = s3Client(s3.url, 'worker', settings)
const type = 'application/octet-stream'
const body = 'encrypted'

test('a page of ours uploads what was agreed, and the worker reads it', async () => {
  const url = await uploadUrl('agreed')

  const put = await send(url)
  const get = await fetch(
    await getSignedUrl(worker, new GetObjectCommand({ Bucket: 'uploads', Key: 'agreed' })),
  )

  expect(put.status).toBe(200)
  expect(put.headers.get('access-control-allow-origin')).toBe(pageOrigin)
  expect(await get.text()).toBe(body)
  expect(get.headers.get('content-type')).toBe(type)
})

test.each<[string, (url: string) => string]>([
  ['another key', (url) => url.replace('/uploads/card?', '/uploads/other?')],
  ['a longer life', (url) => url.replace('X-Amz-Expires=60', 'X-Amz-Expires=600')],
  ['another time', (url) => url.replace(/(X-Amz-Date=\d{8}T)\d{6}/, '$1000000')],
  [
    'another signature',
    (url) => url.replace(/Signature=(.)/, (_, digit) => `Signature=${digit === '0' ? 1 : 0}`),
  ],
  ['fewer signed headers', (url) => url.replace('content-length%3B', '')],
  ['one parameter more', (url) => `${url}&prefix=x`],
])('a URL changed to have %s is refused', async (_, change) => {
  const url = change(await uploadUrl('card'))

  const put = await send(url)

  expect(put.status).toBe(403)
  expect(await put.text()).toContain('<Code>')
})

test.each<[string, RequestInit]>([
  ['another type', { headers: { 'content-type': 'text/html' } }],
  ['a longer body', { body: `${body}!` }],
  ['a shorter body', { body: body.slice(1) }],
  ['another method', { method: 'POST' }],
  ['no body, reading', { method: 'GET', body: null }],
])('an upload with %s than was signed is refused', async (_, change) => {
  const url = await uploadUrl('card')

  const answer = await send(url, change)

  expect(answer.status).toBe(403)
  expect(await answer.text()).toContain('SignatureDoesNotMatch')
})

test('an x-amz- header that was not signed is refused', async () => {
  const url = await uploadUrl('card')

  const put = await send(url, {
    headers: { 'content-type': type, 'x-amz-server-side-encryption': 'AES256' },
  })

  expect(put.status).toBe(403)
  expect(await put.text()).toContain('AccessDenied')
})

test('a URL is refused once it has expired, and before its time', async () => {
  const hour = 3_600_000
  const late = await uploadUrl('card', { signingDate: new Date(Date.now() - 61_000) })
  const early = await uploadUrl('card', { signingDate: new Date(Date.now() + hour) })

  const answers = [await send(late), await send(early)]

  expect(answers.map(({ status }) => status)).toEqual([403, 403])
})

test.each(['X-Amz-Expires=604801', 'X-Amz-Expires=0', 'X-Amz-Expires=-5', 'X-Amz-Expires='])(
  'a life of %s is malformed',
  async (life) => {
    const url = (await uploadUrl('card')).replace('X-Amz-Expires=60', life)

    const put = await send(url)

    expect(put.status).toBe(400)
    expect(await put.text()).toContain('AuthorizationQueryParametersError')
  },
)

test('a URL signed by somebody without the right, or with a wrong secret, is refused', async () => {
  const byWorker = await uploadUrl('card', { client: worker })
  const guessed = await uploadUrl('card', {
    client: s3Client(s3.url, 'web', { ...settings, credentials: { secretAccessKey: 'guess' } }),
  })

  const answers = [await (await send(byWorker)).text(), await (await send(guessed)).text()]

  expect(answers[0]).toContain('<Code>AccessDenied')
  expect(answers[1]).toContain('<Code>SignatureDoesNotMatch')
})

test('an encryption header that was signed must be sent, and is kept', async () => {
  const url = await getSignedUrl(
    web,
    new PutObjectCommand({ Bucket: 'uploads', Key: 'sse', ServerSideEncryption: 'AES256' }),
  )

  const without = await fetch(url, { method: 'PUT', body })
  const given = await fetch(url, {
    method: 'PUT',
    body,
    headers: { 'x-amz-server-side-encryption': 'AES256' },
  })

  expect(without.status).toBe(403)
  expect(given.status).toBe(200)
  expect(given.headers.get('x-amz-server-side-encryption')).toBe('AES256')
})

test('a second upload to a URL that must create is refused', async () => {
  const url = await getSignedUrl(
    web,
    new PutObjectCommand({ Bucket: 'uploads', Key: 'once', IfNoneMatch: '*' }),
    { signableHeaders: new Set(['if-none-match']) },
  )
  const put = () => fetch(url, { method: 'PUT', body, headers: { 'if-none-match': '*' } })

  const answers = [(await put()).status, (await put()).status]

  expect(answers).toEqual([200, 412])
})

test('two mechanisms at once, no signature at all, and a broken path are refused', async () => {
  const url = await uploadUrl('card')

  const both = await send(url, {
    headers: { 'content-type': type, authorization: 'AWS4-HMAC-SHA256 x' },
  })
  const none = await fetch(`${s3.url}/uploads/card`)
  const broken = await fetch(`${s3.url}/uploads/%FF`)

  expect([both.status, none.status, broken.status]).toEqual([400, 403, 400])
})

test.each([
  ['our page', { origin: pageOrigin, method: 'PUT', headers: 'content-type' }, 200],
  ['another origin', { origin: 'http://127.0.0.1:3001', method: 'PUT', headers: '' }, 403],
  ['another method', { origin: pageOrigin, method: 'GET', headers: '' }, 403],
  ['another header', { origin: pageOrigin, method: 'PUT', headers: 'x-amz-acl' }, 403],
])('a preflight for %s is answered', async (_, { origin, method, headers }, status) => {
  const preflight = await fetch(`${s3.url}/uploads/card`, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      ...(headers && { 'access-control-request-headers': headers }),
    },
  })

  expect(preflight.status).toBe(status)
})

interface UploadOptions {
  readonly client?: S3Client
  readonly signingDate?: Date
}

/** As the web makes them: exact key, type and length, good for a minute. */
function uploadUrl(Key: string, { client = web, signingDate = new Date() }: UploadOptions = {}) {
  const command = new PutObjectCommand({
    Bucket: 'uploads',
    Key,
    ContentType: type,
    ContentLength: body.length,
  })
  return getSignedUrl(client, command, {
    expiresIn: 60,
    signingDate,
    signableHeaders: new Set(['content-type', 'content-length']),
  })
}

function send(url: string, change: RequestInit = {}): Promise<Response> {
  return fetch(url, {
    method: 'PUT',
    body,
    ...change,
    headers: { origin: pageOrigin, 'content-type': type, ...change.headers },
  })
}
