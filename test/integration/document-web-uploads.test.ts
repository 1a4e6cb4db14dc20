import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import { imageContext, openImage } from '@anteroom/crypto'
import { documentBucket } from '@anteroom/infra/local/policies.ts'
import { imageObjectKey } from '@anteroom/job-contracts'
import {
  DeleteObjectCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, describe, expect, onTestFinished, test } from 'vitest'
import {
  createDocumentVisitor,
  type DocumentVisitor,
  type FilePart,
  multipartOf,
  photo,
  sessionKeyOf,
} from '../support/document-visitor.ts'
import { startDocumentWeb } from '../support/document-web.ts'

const site = await startDocumentWeb()
const { web } = site
const port = web.app
  .listen({ port: 0, host: '127.0.0.1' })
  .then((address) => Number(new URL(address).port))
afterAll(() => site.stop())

const visitor = () => createDocumentVisitor(site)
const limit = 15 * 1024 * 1024

const jpeg = (name: string, bytes: Uint8Array = photo): FilePart => ({
  name,
  file: { bytes, type: 'image/jpeg', name: 'IMG 1.jpg' },
})
const nothingChosen = (name: string): FilePart => ({
  name,
  file: { bytes: new Uint8Array(), type: 'application/octet-stream', name: '' },
})
const token = (person: DocumentVisitor): FilePart => ({ name: 'csrf', text: person.token() })

describe('photos that a browser sends itself', () => {
  async function roomFor(bytes: number) {
    const person = visitor()
    const page = await person.reachPhotos()
    const asked = await person.askFor({ side: 'front', contentType: 'image/jpeg', bytes })
    const { url, headers, uploadId } = asked.json()
    return { person, page, url: String(url), headers, uploadId: String(uploadId) }
  }
  const put = (url: string, init: RequestInit) => fetch(url, { method: 'PUT', ...init })

  test('may go to S3 and nowhere else, and only from the page that sends them', async () => {
    const person = visitor()

    const page = await person.reachPhotos()
    const before = await person.get('/verify/document')

    const { origin } = new URL(site.s3.url)
    const policy = String(page.headers['content-security-policy'])
    expect(policy).toContain(`connect-src 'self' ${origin};`)
    expect(policy).toContain("img-src 'self' data: blob:;")
    expect(page.headers['permissions-policy']).toContain('camera=(self)')
    expect(before.headers['content-security-policy']).toContain("connect-src 'self';")
    expect(before.headers['permissions-policy']).toContain('camera=()')
  })

  test('have an address that is good for as long as the session can last', async () => {
    const { url } = await roomFor(5)

    const seconds = Number(new URL(url).searchParams.get('X-Amz-Expires'))

    expect(seconds).toBeGreaterThan(43_200 - 60)
    expect(seconds).toBeLessThanOrEqual(43_200)
  })

  test('must be as long as was said, to the byte, and of the type that was signed', async () => {
    const { url, headers } = await roomFor(84)

    const longer = await put(url, { headers, body: new Uint8Array(101) })
    const shorter = await put(url, { headers, body: new Uint8Array(99) })
    const other = await put(url, {
      headers: { ...headers, 'content-type': 'text/html' },
      body: new Uint8Array(100),
    })
    const over = await put(url, {
      headers: { 'content-type': headers['content-type'] },
      body: new Uint8Array(100),
    })

    expect([longer.status, shorter.status, other.status, over.status]).toEqual([403, 403, 403, 403])
    expect(await site.stored()).toEqual([])
  })

  test('arrive once: a second time is told that it is there', async () => {
    const { url, headers } = await roomFor(84)
    const body = new Uint8Array(100)

    const answers = [await put(url, { headers, body }), await put(url, { headers, body })]

    expect(answers.map(({ status }) => status)).toEqual([200, 412])
  })

  test('can have their address signed anew, for the same place', async () => {
    const { person, url, uploadId } = await roomFor(84)

    const again = await person.askFor({ uploadId })

    expect(again.statusCode).toBe(200)
    expect(again.json().uploadId).toBe(uploadId)
    expect(new URL(again.json().url).pathname).toBe(new URL(url).pathname)
  })

  test('cannot be read with what signed their way', async () => {
    const { url, headers } = await roomFor(84)
    await put(url, { headers, body: new Uint8Array(100) })

    expect((await fetch(url)).status).toBe(403)
  })
})

describe('photos that come with the form', () => {
  test('lie sealed in S3, as a browser would have sealed them, and are handed in', async () => {
    const person = visitor()
    await person.reachPhotos()

    const sent = await person.sendFiles([token(person), jpeg('front'), jpeg('back')])

    expect(sent.headers.location).toBe('/verify/wait')
    const payload = await site.lastPayload()
    for (const { side, uploadId, iv, contentType } of payload.images) {
      const sealed = await site.read(imageObjectKey(payload.submissionId, uploadId))
      const slot = { submissionId: payload.submissionId, side, contentType }
      const opened = openImage(
        Buffer.from(payload.imageKey, 'base64url'),
        { iv: Buffer.from(iv, 'base64url'), context: imageContext(slot) },
        sealed,
      )
      expect(opened).toEqual(Buffer.from(photo))
      expect(Buffer.from(sealed).includes(Buffer.from(photo))).toBe(false)
    }
    expect(new Set(payload.images.map(({ iv }) => iv)).size).toBe(2)
  })

  test('may be as large as the limit, and then come in parts', async () => {
    const person = visitor()
    await person.reachPhotos('passport')
    const large = randomBytes(limit)

    const sent = await person.sendFiles([token(person), jpeg('front', large)])

    expect(sent.headers.location).toBe('/verify/wait')
    const { submissionId, images, imageKey } = await site.lastPayload()
    const [image] = images
    const sealed = await site.read(imageObjectKey(submissionId, image?.uploadId ?? ''))
    const opened = openImage(
      Buffer.from(imageKey, 'base64url'),
      {
        iv: Buffer.from(image?.iv ?? '', 'base64url'),
        context: imageContext({ submissionId, side: 'front', contentType: 'image/jpeg' }),
      },
      sealed,
    )
    expect(large.equals(opened)).toBe(true)
  })

  test.each<[string, FilePart, string]>([
    ['nothing chosen', nothingChosen('back'), 'Choose or take a photo of this side'],
    [
      'a file of another type',
      { name: 'back', file: { bytes: photo, type: 'application/pdf', name: 'scan.pdf' } },
      'Choose a photo that is a JPEG or PNG file',
    ],
    ['a file that is too large', jpeg('back', new Uint8Array(limit + 1)), 'at most 15 MB'],
    ['an empty file', jpeg('back', new Uint8Array()), 'We could not open this one'],
  ])('with %s show the page again, and leave nothing in S3', async (_what, back, words) => {
    const person = visitor()
    await person.reachPhotos()
    const stored = await site.stored()
    const before = await site.jobCount()

    const response = await person.sendFiles([token(person), jpeg('front'), back])

    expect(response.statusCode).toBe(422)
    expect(response.payload).toContain(words)
    expect(await site.stored()).toEqual(stored)
    expect(openParts()).toBe(0)
    expect(await site.jobCount()).toBe(before)
  })

  test('of which one is good and one is not are both asked for again', async () => {
    const person = visitor()
    await person.reachPhotos()

    const large = jpeg('back', new Uint8Array(limit + 1))
    const response = await person.sendFiles([token(person), jpeg('front'), large])

    expect(response.payload).toContain('Front: Choose this photo again as well.')
    expect(response.payload).toContain('Back: Choose a photo of at most 15 MB')
  })

  test.each(['image/jpg', 'image/pjpeg', 'application/octet-stream', ''])(
    'and are called "%s" are taken for what their first bytes say',
    async (type) => {
      const person = visitor()
      await person.reachPhotos('passport')
      const bytes = Buffer.concat([Buffer.from('ffd8ffe0', 'hex'), photo])
      const file = (content: Uint8Array) => ({
        name: 'front',
        file: { bytes: content, type, name: 'IMG 1.jpg' },
      })

      const refused = await person.sendFiles([token(person), file(photo)])
      const sent = await person.sendFiles([token(person), file(bytes)])

      expect(refused.payload).toContain('Choose a photo that is a JPEG or PNG file')
      expect(sent.headers.location).toBe('/verify/wait')
      const { images, submissionId, imageKey } = await site.lastPayload()
      const [image] = images
      expect(image?.contentType).toBe('image/jpeg')
      const opened = openImage(
        Buffer.from(imageKey, 'base64url'),
        {
          iv: Buffer.from(image?.iv ?? '', 'base64url'),
          context: imageContext({ submissionId, side: 'front', contentType: 'image/jpeg' }),
        },
        await site.read(imageObjectKey(submissionId, image?.uploadId ?? '')),
      )
      expect(opened).toEqual(bytes)
    },
  )

  test('count among the twenty of a document, also once they were handed in', async () => {
    const person = visitor()
    await person.reachPhotos()

    await person.sendFiles([token(person), jpeg('front'), jpeg('back')])

    const { images } = await site.lastPayload()
    const submission = await web.redis.hget(sessionKeyOf(person), 'submission')
    const { uploads } = JSON.parse(submission ?? '{}')
    expect(uploads).toMatchObject(images.map(({ uploadId }) => ({ uploadId })))
  })

  test('are asked for anew, under a new id, when a document has had twenty', async () => {
    const person = visitor()
    await person.reachPhotos()
    for (let count = 0; count < 20; count += 1) {
      await person.askFor({ side: 'front', contentType: 'image/jpeg', bytes: photo.length })
    }

    const sent = await person.sendFiles([token(person), jpeg('front'), jpeg('back')])
    await person.get('/verify/document/photos')
    await person.get('/verify/document/photos')
    const again = await person.sendFiles([token(person), jpeg('front'), jpeg('back')])

    expect(sent.headers.location).toBe('/verify/document/photos')
    expect(openParts()).toBe(0)
    expect(again.headers.location).toBe('/verify/wait')
  })

  test.each<[string, (person: DocumentVisitor) => FilePart[], number]>([
    ['no token', () => [jpeg('front'), jpeg('back')], 403],
    ['a wrong token', () => [{ name: 'csrf', text: 'x'.repeat(43) }, jpeg('front')], 403],
    ['the token last', (person) => [jpeg('front'), jpeg('back'), token(person)], 403],
    ['no files and no token', () => [], 403],
    ['a side twice', (person) => [token(person), jpeg('front'), jpeg('front')], 400],
    ['a side that is none', (person) => [token(person), jpeg('top')], 400],
    [
      'a field that only scripts fill in',
      (person) => [token(person), { name: 'imageKey', text: 'k'.repeat(43) }],
      400,
    ],
    ['a third file', (person) => [token(person), jpeg('front'), jpeg('back'), jpeg('front')], 413],
  ])('with %s are no form of ours, and leave nothing in S3', async (_what, parts, status) => {
    const person = visitor()
    await person.reachPhotos()
    const stored = await site.stored()
    const before = await site.jobCount()

    const response = await person.sendFiles(parts(person))

    expect(response.statusCode).toBe(status)
    expect(response.headers['content-type']).toContain('text/html')
    expect(await site.stored()).toEqual(stored)
    expect(openParts()).toBe(0)
    expect(await site.jobCount()).toBe(before)
  })

  test.each<[string, (form: Buffer) => Buffer, string]>([
    ['cut short', (form) => form.subarray(0, form.length - 60), 'boundary=----a-boundary'],
    ['without an end', (form) => form.subarray(0, form.length - 8), 'boundary=----a-boundary'],
    ['with no boundary named', (form) => form, 'charset=utf-8'],
    ['with another boundary than named', (form) => form, 'boundary=other'],
    ['of nothing', () => Buffer.alloc(0), 'boundary=----a-boundary'],
  ])('in a body %s are no form either', async (_what, change, parameter) => {
    const person = visitor()
    await person.reachPhotos()
    const stored = await site.stored()
    const { body } = multipartOf([token(person), jpeg('front'), jpeg('back')])

    const response = await person.send('/verify/document/photos', change(body), {
      'content-type': `multipart/form-data; ${parameter}`,
    })

    expect([400, 403]).toContain(response.statusCode)
    expect(await site.stored()).toEqual(stored)
    expect(openParts()).toBe(0)
  })

  test('from another site are refused before any of them is read', async () => {
    const person = visitor()
    await person.reachPhotos()
    const { body, type } = multipartOf([token(person), jpeg('front'), jpeg('back')])

    const response = await person.send('/verify/document/photos', body, {
      'content-type': type,
      'sec-fetch-site': 'cross-site',
    })

    expect(response.statusCode).toBe(403)
  })

  test('are taken nowhere else', async () => {
    const person = visitor()
    await person.reachPhotos()
    const { body, type } = multipartOf([token(person), jpeg('front')])

    for (const url of ['/verify/document', '/verify/details', '/session/end']) {
      expect((await person.send(url, body, { 'content-type': type })).statusCode).toBe(415)
    }
  })

  test('whose connection breaks leave nothing behind', async () => {
    const person = visitor()
    await person.reachPhotos()
    const stored = await site.stored()

    const socket = await beginForm(person, [token(person), jpeg('front', randomBytes(2_000_000))])
    await expect.poll(openParts, { timeout: 5_000 }).toBeGreaterThan(0)
    socket.destroy()

    await expect.poll(openParts, { timeout: 10_000 }).toBe(0)
    expect(await site.stored()).toEqual(stored)
  })

  test('of one person, in many forms that stall, keep nobody else out', async () => {
    const slow = visitor()
    await slow.reachPhotos()
    const large = jpeg('front', randomBytes(200_000))
    const withoutToken = Array.from({ length: 20 }, () => beginForm(slow, [large]))
    const withToken = Array.from({ length: 20 }, () => beginForm(slow, [token(slow), large]))
    const sockets = await Promise.all([...withoutToken, ...withToken])
    await expect.poll(openParts, { timeout: 5_000 }).toBe(1)
    const person = visitor()
    await person.reachPhotos()

    const sent = await person.sendFiles([token(person), jpeg('front'), jpeg('back')])
    const oneTooMany = await slow.sendFiles([token(slow), jpeg('front'), jpeg('back')])

    expect(sent.headers.location).toBe('/verify/wait')
    expect(oneTooMany.statusCode).toBe(503)
    expect(oneTooMany.headers['retry-after']).toBe('60')
    expect(oneTooMany.payload).toContain('We cannot take your photos right now')
    for (const socket of sockets) socket.destroy()
    await expect.poll(openParts, { timeout: 10_000 }).toBe(0)
    const atLast = await slow.sendFiles([token(slow), jpeg('front'), jpeg('back')])
    expect(atLast.headers.location).toBe('/verify/wait')
  })

  test('whose sender hangs up before they are looked at take nobody’s turn', async () => {
    const person = visitor()
    await person.reachPhotos()
    const hangUps = () => web.logLines.filter((line) => line.includes('REQUEST_GONE')).length
    const form = [token(person), jpeg('front')]
    await web.redis.client('PAUSE', 500)
    const sockets = await Promise.all(Array.from({ length: 20 }, () => beginForm(person, form)))
    // By then the server has begun with them, and waits for the session.
    await new Promise((resolve) => setTimeout(resolve, 200))
    for (const socket of sockets) socket.destroy()
    await expect.poll(hangUps, { timeout: 5_000 }).toBe(20)

    const sent = await person.sendFiles([token(person), jpeg('front'), jpeg('back')])

    expect(sent.headers.location).toBe('/verify/wait')
    expect(openParts()).toBe(0)
  })

  /** The first half of a form, over a connection of its own. */
  async function beginForm(person: DocumentVisitor, parts: readonly FilePart[]): Promise<Socket> {
    const { body, type } = multipartOf(parts)
    const cookie = [...person.cookies].map(([name, value]) => `${name}=${value}`).join('; ')
    const socket = connect(await port, '127.0.0.1').on('error', () => undefined)
    socket.write(
      `POST /verify/document/photos HTTP/1.1\r\nhost: x\r\ncookie: ${cookie}\r\ncontent-type: ${type}\r\ncontent-length: ${body.length}\r\n\r\n`,
    )
    socket.write(body.subarray(0, body.length / 2))
    return socket
  }

  /** Uploads that were begun and are neither objects nor dropped. */
  function openParts(): number {
    return site.s3.openUploads()
  }
})

describe('without presigned addresses', () => {
  test('the page loads no script that sends photos, opens nothing to S3, and the form works', async () => {
    const plain = await startDocumentWeb({ ANTEROOM_DOC_AUTH_ENABLE_PRESIGNED_S3_URLS: 'false' })
    onTestFinished(() => plain.stop())
    const person = createDocumentVisitor(plain)

    const page = await person.reachPhotos()
    const sent = await person.sendFiles([token(person), jpeg('front'), jpeg('back')])

    expect(page.payload).not.toContain('document-capture')
    expect(page.headers['content-security-policy']).toContain("connect-src 'self';")
    expect(sent.headers.location).toBe('/verify/wait')
  })
})

test('the web may put images where they belong, and nothing else', async () => {
  const s3 = new S3Client({
    endpoint: site.s3.url,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
  })
  onTestFinished(() => s3.destroy())
  const Bucket = documentBucket
  const inside = { Bucket, Key: 'documents/of-a-test/1' }
  const refused = { name: 'AccessDenied' }

  await s3.send(new PutObjectCommand({ ...inside, Body: 'x' }))

  const elsewhere = new PutObjectCommand({ Bucket, Key: 'other/1', Body: 'x' })
  await expect(s3.send(elsewhere)).rejects.toMatchObject(refused)
  await expect(s3.send(new GetObjectCommand(inside))).rejects.toMatchObject(refused)
  await expect(s3.send(new DeleteObjectCommand(inside))).rejects.toMatchObject(refused)
  const list = new ListObjectsV2Command({ Bucket, Prefix: 'documents/' })
  await expect(s3.send(list)).rejects.toMatchObject(refused)
})

describe('fixtures', () => {
  test('are taken instead of photos where the sandbox is told to', async () => {
    const sandbox = await startDocumentWeb({ ANTEROOM_DOCUMENT_FIXTURES: 'true' })
    onTestFinished(() => sandbox.stop())
    const person = createDocumentVisitor(sandbox)
    const yaml = (name: string): FilePart => ({
      name,
      file: { bytes: photo, type: 'application/octet-stream', name: 'fail.yml' },
    })

    await person.reachPhotos()
    const sent = await person.sendFiles([token(person), yaml('front'), yaml('back')])

    expect(sent.headers.location).toBe('/verify/wait')
    expect((await sandbox.lastPayload()).images[0]?.contentType).toBe('text/yaml')
  })
})

describe('without S3', () => {
  test('a person gets an honest page, and no job is made', async () => {
    const without = await startDocumentWeb()
    onTestFinished(() => without.stop())
    const person = createDocumentVisitor(without)
    await person.reachPhotos()
    await without.s3.stop()

    const response = await person.sendFiles([token(person), jpeg('front'), jpeg('back')])

    expect(response.statusCode).toBe(503)
    expect(response.headers['retry-after']).toBe('5')
    expect(await without.jobCount()).toBe(0)
  })
})
