import { randomBytes } from 'node:crypto'
import { readFile, rm } from 'node:fs/promises'
import https from 'node:https'
import { join } from 'node:path'
import { issueCertificates } from '@anteroom/infra/local/certificates.ts'
import { GraphError } from '@anteroom/infra/sandbox/graph/graph-error.ts'
import {
  type GraphServer,
  type GraphTrouble,
  graphHosts,
  startGraphServer,
} from '@anteroom/infra/sandbox/graph/graph-server.ts'
import { createQuickXorHash } from '@anteroom/vendor-clients'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { localDirectory } from '../support/root.ts'

const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
const unit = 320 * 1024
const trouble: GraphTrouble = {}
let graph: GraphServer
let ca: string
let token: string

beforeAll(async () => {
  const certificates = await issueCertificates(join(directory, 'certificates'), graphHosts)
  ca = certificates.ca
  graph = await startGraphServer({
    ...{ port: 0, certificates, directory: join(directory, 'drive'), trouble },
    ...{ tenant: 'tenant', clientId: 'client', clientSecret: 'secret', driveId: 'drive' },
  })
  token = (await signIn('secret')).json.access_token
})
afterEach(() => {
  trouble.refuse = undefined
  delete trouble.sessionMs
})
afterAll(async () => {
  await graph.stop()
  await rm(directory, { recursive: true, force: true })
})

interface Asked {
  readonly method: string
  readonly url: string
  readonly headers?: Record<string, string>
  readonly body?: Buffer | string
}

// biome-ignore lint/suspicious/noExplicitAny: whatever Graph says is looked at by each test
type Answer = { status: number; headers: https.RequestOptions['headers']; json: any }

function ask({ method, url, headers = {}, body }: Asked): Promise<Answer> {
  const { hostname, pathname } = new URL(url)
  return new Promise((resolve, reject) => {
    const request = https.request(
      {
        ...{ host: '127.0.0.1', port: graph.port, servername: hostname, ca, method },
        path: pathname,
        headers: { host: hostname, ...headers },
      },
      async (response) => {
        let text = ''
        for await (const chunk of response) text += chunk
        const json = text === '' ? undefined : JSON.parse(text)
        resolve({ status: response.statusCode ?? 0, headers: response.headers, json })
      },
    )
    request.on('error', reject)
    request.end(body)
  })
}

function signIn(secret: string): Promise<Answer> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: 'client',
    client_secret: secret,
    scope: 'https://graph.microsoft.com/.default',
  })
  return ask({
    method: 'POST',
    url: 'https://login.vendors.test/tenant/oauth2/v2.0/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: form.toString(),
  })
}

function begin(path: string, conflict?: string): Promise<Answer> {
  return ask({
    method: 'POST',
    url: `https://graph.vendors.test/v1.0/drives/drive/root:/${path}:/createUploadSession`,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify(
      conflict ? { item: { '@microsoft.graph.conflictBehavior': conflict } } : {},
    ),
  })
}

function send(
  url: string,
  bytes: Buffer,
  [from, total]: readonly [number, number],
): Promise<Answer> {
  return ask({
    method: 'PUT',
    url,
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(bytes.length),
      'content-range': `bytes ${from}-${from + bytes.length - 1}/${total}`,
    },
    body: bytes,
  })
}

function hashOf(bytes: Buffer): string {
  const hash = createQuickXorHash()
  hash.update(bytes)
  return hash.digest()
}

test('who does not know the secret gets no token, and without one nothing is begun', async () => {
  expect((await signIn('another')).status).toBe(401)
  expect(
    await ask({
      method: 'POST',
      url: 'https://graph.vendors.test/v1.0/drives/drive/root:/a.txt:/createUploadSession',
    }),
  ).toMatchObject({ status: 401, json: { error: { code: 'InvalidAuthenticationToken' } } })
})

test('a file that comes in fragments is there once the last has come, whole and with its hash', async () => {
  const bytes = randomBytes(unit + 1_000)
  const { uploadUrl } = (await begin('inbox/2026/letter.pdf')).json

  const first = await send(uploadUrl, bytes.subarray(0, unit), [0, bytes.length])
  expect(first).toMatchObject({ status: 202, json: { nextExpectedRanges: [`${unit}-`] } })
  expect(graph.drive.find('inbox/2026', 'letter.pdf')).toBeUndefined()

  const last = await send(uploadUrl, bytes.subarray(unit), [unit, bytes.length])
  expect(last).toMatchObject({
    status: 201,
    json: {
      name: 'letter.pdf',
      size: bytes.length,
      file: { hashes: { quickXorHash: hashOf(bytes) } },
    },
  })
  const item = graph.drive.find('inbox/2026', 'letter.pdf')
  expect((await readFile(item?.file ?? '')).equals(bytes)).toBe(true)
})

test.each([
  { what: 'is no multiple of 320 KiB', length: 1_000, from: 0, refusal: [400, 'invalidRequest'] },
  { what: 'is not the next', length: unit, from: unit, refusal: [416, 'invalidRange'] },
])('a fragment that $what is refused, and nothing of it stays', async (fragment) => {
  const { length, from, refusal } = fragment
  const { uploadUrl } = (await begin(`refused-${from}.bin`)).json

  const { status, json } = await send(uploadUrl, randomBytes(length), [from, 3 * unit])

  expect([status, json.error.code]).toEqual(refusal)
  expect((await ask({ method: 'GET', url: uploadUrl })).json.nextExpectedRanges).toEqual(['0-'])
})

test('a name that is taken is refused, given a number, or replaced, as was wished', async () => {
  async function put(conflict: string): Promise<Answer> {
    const started = await begin('taken.txt', conflict)
    if (started.status !== 200) return started
    return send(started.json.uploadUrl, Buffer.from(conflict), [0, conflict.length])
  }

  expect(await put('fail')).toMatchObject({ status: 201 })
  expect(await put('fail')).toMatchObject({
    status: 409,
    json: { error: { code: 'nameAlreadyExists' } },
  })
  expect(await put('rename')).toMatchObject({ status: 201, json: { name: 'taken 1.txt' } })
  expect(await put('replace')).toMatchObject({ status: 201, json: { name: 'taken.txt', size: 7 } })
})

test('a session that has expired, or was given up, is gone', async () => {
  trouble.sessionMs = 1
  const expired = (await begin('late.txt')).json.uploadUrl
  delete trouble.sessionMs
  const dropped = (await begin('dropped.txt')).json.uploadUrl
  await ask({ method: 'DELETE', url: dropped })

  for (const url of [expired, dropped]) {
    expect((await send(url, Buffer.from('x'), [0, 1])).status).toBe(404)
  }
})

test('who is told to wait is told for how long', async () => {
  trouble.refuse = () => new GraphError(429, 'activityLimitReached', 7)

  const answer = await begin('throttled.txt')

  expect(answer).toMatchObject({ status: 429, headers: { 'retry-after': '7' } })
})
