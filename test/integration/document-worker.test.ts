import { randomBytes } from 'node:crypto'
import { specimens } from '@anteroom/infra/specimens/index.ts'
import { imageObjectKey } from '@anteroom/job-contracts'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createByteBudget } from '../../apps/worker/src/documents/byte-budget.ts'
import type { Documents } from '../../apps/worker/src/documents/documents.ts'
import {
  createImageStore,
  type ImageStore,
  ImageStoreError,
} from '../../apps/worker/src/documents/image-store.ts'
import { sweepImages } from '../../apps/worker/src/documents/image-sweep.ts'
import type { Files } from '../support/document-desk.ts'
import { type DocumentWorker, startDocumentWorker } from '../support/document-worker.ts'

let worker: DocumentWorker
let card: Required<Files>
beforeAll(async () => {
  const [clean] = specimens
  const { front, back } = (await clean?.files()) ?? {}
  if (!front || !back) throw new Error('The first specimen has two sides')
  card = { front, back }
  worker = await startDocumentWorker({ ANTEROOM_DOCUMENT_FIXTURES: 'false' })
})
afterAll(() => worker.stop())
beforeEach(() => {
  worker.logLines.length = 0
})
afterEach(async () => {
  await worker.deps.documents.store.remove(await worker.stored())
  // Nothing in this file is worth asking the vendor about.
  expect(worker.stack.vendors.calls()).toEqual([])
})

const logged = (event: string) =>
  worker.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === event)

/** Checks documents with one of the readers. */
function checksBy(reader: 'own' | 'vendor') {
  const check = (payload: Payload, changes: Partial<Documents> = {}) => {
    const { documents } = worker.deps
    const settings = { ...documents.settings, reader }
    return worker.check(payload, { documents: { ...documents, ...changes, settings } })
  }
  return {
    check,
    /** Uploads what is given, spoils it, and says what becomes of it. The images must be gone afterwards. */
    async refusalOf(files: Files, spoil: Spoil = (payload) => payload) {
      const { payload } = await worker.upload(files)
      const result = await check(await spoil(payload))
      expect(await worker.stored()).toEqual([])
      return result.verdict === 'refused' ? result.problems : result
    },
  }
}

type Payload = Awaited<ReturnType<DocumentWorker['upload']>>['payload']
type Spoil = (payload: Payload) => Payload | Promise<Payload>

const newId = () => randomBytes(32).toString('base64url')

describe('a document', () => {
  test('is read, and then its images are gone', async () => {
    const { payload, keys } = await worker.upload(card)
    expect((await worker.stored()).toSorted()).toEqual(keys.toSorted())

    const result = await worker.check(payload)

    const [clean] = specimens
    const expected = clean && 'read' in clean.expected ? clean.expected.read : {}
    expect(result).toMatchObject({ verdict: 'read', toConfirm: false, document: expected })
    expect(await worker.stored()).toEqual([])
  })

  test('leaves nothing of it in any log line', async () => {
    const { payload } = await worker.upload(card)

    const result = await worker.check(payload)

    const { document } = result.verdict === 'read' ? result : {}
    const lines = worker.logLines.join('\n')
    expect(logged('job.done')).toHaveLength(1)
    for (const secret of [
      document?.lastName,
      document?.number,
      payload.imageKey,
      payload.submissionId,
    ]) {
      expect(secret).toBeTruthy()
      expect(lines).not.toContain(secret)
    }
  })

  test('that is refused is refused at once the next time, by the image that was to blame', async () => {
    const frontAgain = await sharp(card.front).jpeg({ quality: 80 }).toBuffer()
    const first = await worker.upload({ front: card.front, back: frontAgain })
    const refused = await worker.check(first.payload)
    if (refused.verdict !== 'refused') return expect.unreachable()
    expect(refused.problems).toMatchObject([{ side: 'back' }])

    const again = await worker.upload({ front: card.front, back: frontAgain })
    const { failedImages } = refused
    const result = await worker.check({ ...again.payload, failedImages })

    expect(result).toEqual({
      verdict: 'refused',
      problems: [{ side: 'back', reason: 'same-image' }],
      failedImages: [],
    })
    expect(await worker.stored()).toEqual([])
  })

  test('of which the images failed as other sides is looked at anew', async () => {
    const first = await worker.upload({ front: card.back, back: card.front })
    const refused = await worker.check(first.payload)
    if (refused.verdict !== 'refused') return expect.unreachable()
    const { failedImages } = refused
    expect(failedImages).toHaveLength(2)

    const again = await worker.upload(card)
    const result = await worker.check({ ...again.payload, failedImages })

    expect(result.verdict).toBe('read')
  })

  test('of which one photo came for both sides is read once the other one is there', async () => {
    const first = await worker.upload({ front: card.front, back: card.front })
    const refused = await worker.check(first.payload)
    if (refused.verdict !== 'refused') return expect.unreachable()
    const { problems, failedImages } = refused
    expect(problems).toEqual([{ side: 'both', reason: 'same-image' }])

    const again = await worker.upload(card)
    const result = await worker.check({ ...again.payload, failedImages })

    expect(result.verdict).toBe('read')
  })

  test('takes the photos that were replaced with it, and nobody else’s', async () => {
    const { payload } = await worker.upload(card)
    await worker.put(imageObjectKey(payload.submissionId, newId()), randomBytes(1_000))
    const others = await worker.upload({ front: Buffer.of(1) })

    const result = await worker.check(payload)

    expect(result.verdict).toBe('read')
    expect(await worker.stored()).toEqual(others.keys)
  })

  test('that is sent again finds its images gone, and no vendor is asked', async () => {
    const { payload } = await worker.upload(card)
    await worker.check(payload)

    const result = await worker.check(payload)

    expect(result).toMatchObject({
      problems: [
        { side: 'front', reason: 'missing' },
        { side: 'back', reason: 'missing' },
      ],
    })
  })

  test('of which the queue row comes twice is answered once', async () => {
    const { payload } = await worker.upload(card)
    const id = await worker.enqueue(payload)
    await worker.runDue()
    const first = await worker.outcomeOf(id)

    await worker.requeue(id)
    await worker.runDue()

    expect(await worker.outcomeOf(id)).toEqual(first)
    expect(logged('job.done')).toHaveLength(1)
  })
})

describe.each(['own', 'vendor'] as const)('bad input, where the reader is %s,', (reader) => {
  const { refusalOf, check } = checksBy(reader)

  test('a side that was never uploaded is missing', async () => {
    expect(await refusalOf({ front: card.front })).toEqual([{ side: 'back', reason: 'missing' }])
  })

  test('an upload id that nothing was uploaded to is missing', async () => {
    const problems = await refusalOf({ front: card.front }, (payload) => ({
      ...payload,
      images: [
        ...payload.images,
        { side: 'back', uploadId: newId(), iv: 'a'.repeat(16), contentType: 'image/jpeg' },
      ],
    }))

    expect(problems).toEqual([{ side: 'back', reason: 'missing' }])
  })

  test('another person’s upload id does not open, nor is it theirs that is taken away', async () => {
    const theirs = await worker.upload(card)
    const [theirFront] = theirs.payload.images
    const ours = await worker.upload(card)
    const images = ours.payload.images.map((image) =>
      image.side === 'front' && theirFront ? { ...image, uploadId: theirFront.uploadId } : image,
    )

    const result = await check({ ...ours.payload, images })

    expect(result).toMatchObject({ problems: [{ side: 'front', reason: 'missing' }] })
    expect(await worker.stored()).toEqual(expect.arrayContaining([...theirs.keys]))
  })

  test.each([
    ['cut short', (sealed: Buffer) => sealed.subarray(0, 20_000)],
    ['without its tag', (sealed: Buffer) => sealed.subarray(0, -16)],
    ['shorter than a tag', (sealed: Buffer) => sealed.subarray(0, 16)],
    ['with one bit turned', (sealed: Buffer) => flipped(sealed, 12_345)],
    ['with one bit of its tag turned', (sealed: Buffer) => flipped(sealed, sealed.length - 1)],
    ['of random bytes', (sealed: Buffer) => randomBytes(sealed.length)],
  ])('ciphertext %s is damaged', async (_what, spoil) => {
    const { payload } = await worker.upload(card)
    const back = payload.images.find(({ side }) => side === 'back')
    await worker.replace(imageObjectKey(payload.submissionId, back?.uploadId ?? ''), spoil)

    const result = await check(payload)

    expect(result).toMatchObject({ problems: [{ side: 'back', reason: 'damaged' }] })
    expect(await worker.stored()).toEqual([])
  })

  test('a key that did not seal the images opens none of them', async () => {
    const problems = await refusalOf(card, (payload) => ({ ...payload, imageKey: newId() }))

    expect(problems).toEqual([
      { side: 'front', reason: 'damaged' },
      { side: 'back', reason: 'damaged' },
    ])
  })

  test('an IV that did not seal the image does not open it', async () => {
    const problems = await refusalOf(card, (payload) => ({
      ...payload,
      images: payload.images.map((image) => ({ ...image, iv: 'A'.repeat(16) })),
    }))

    expect(problems).toHaveLength(2)
  })

  test('images that changed sides after they were sealed do not open', async () => {
    const problems = await refusalOf(card, (payload) => ({
      ...payload,
      images: payload.images.map((image) => ({
        ...image,
        side: image.side === 'front' ? 'back' : 'front',
      })),
    }))

    expect(problems).toEqual([
      { side: 'front', reason: 'damaged' },
      { side: 'back', reason: 'damaged' },
    ])
  })

  test('an image that is called of another type than it was sealed as does not open', async () => {
    const problems = await refusalOf(card, (payload) => ({
      ...payload,
      images: payload.images.map((image) => ({ ...image, contentType: 'image/png' })),
    }))

    expect(problems).toHaveLength(2)
  })

  test('more bytes than an image may have are too large, and are not fetched', async () => {
    const { payload } = await worker.upload({
      front: card.front,
      back: randomBytes(15 * 1024 * 1024 + 1),
    })
    const { store } = worker.deps.documents
    const fetched: number[] = []
    const watched = {
      store: {
        ...store,
        read: (key: string, bytes: number, signal: AbortSignal) => {
          fetched.push(bytes)
          return store.read(key, bytes, signal)
        },
      },
    }

    const result = await check(payload, watched)

    expect(result).toMatchObject({ problems: [{ side: 'back', reason: 'too-large' }] })
    expect(fetched).toEqual([])
  })

  test.each([
    ['a text file named .jpg', () => Buffer.from('This is no photo. '.repeat(50)), 'wrong-file'],
    ['an image with a ZIP archive behind it', () => polyglot(), 'wrong-file'],
    ['a PNG that says it is 1 × 500 million', () => hugePng(), 'too-large'],
    ['an animated PNG', () => animatedPng(), 'animated'],
    [
      'an animated GIF',
      () => Buffer.from('GIF89a\x01\x00\x01\x00\x80\x00\x00', 'latin1'),
      'wrong-file',
    ],
    ['a photo that breaks off', () => Buffer.from(card.back).subarray(0, 30_000), 'damaged'],
    ['one byte', () => Buffer.of(0xff), 'wrong-file'],
  ])('%s is refused by name', async (_what, file, reason) => {
    const problems = await refusalOf({ front: card.front, back: file() })

    expect(problems).toEqual([{ side: 'back', reason }])
  })

  test('one photo for both sides is refused as what it is', async () => {
    const problems = await refusalOf({ front: card.front, back: card.front })

    expect(problems).toEqual([{ side: 'both', reason: 'same-image' }])
  })
})

describe('when something of ours is away', () => {
  test('S3, the attempt is given back and the images stay', async () => {
    const { payload, keys } = await worker.upload(card)
    const id = await worker.enqueue(payload)
    const store = createImageStore({
      bucket: 'x',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9',
    })

    await worker.runDue({ documents: { ...worker.deps.documents, store } })

    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'internal' })
    expect(logged('job.failed')).toEqual([
      expect.objectContaining({ code: 'IMAGE_STORE_UNAVAILABLE' }),
    ])
    expect((await worker.stored()).toSorted()).toEqual(keys.toSorted())
  })

  test('S3 after the answer, the answer stands and a line says so', async () => {
    const { payload, keys } = await worker.upload(card)
    const broken = createImageStore({
      bucket: 'x',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9',
    })
    const { store } = worker.deps.documents

    const result = await worker.check(payload, {
      documents: {
        ...worker.deps.documents,
        store: { ...store, removeSubmission: broken.removeSubmission },
      },
    })

    expect(result.verdict).toBe('read')
    expect(logged('job.clean-up-failed')).toHaveLength(1)
    expect((await worker.stored()).toSorted()).toEqual(keys.toSorted())
  })

  test('the setting that names the bucket, every check fails and says why', async () => {
    const { payload } = await worker.upload(card)
    const id = await worker.enqueue(payload)

    await worker.runDue({ documents: undefined })

    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'internal' })
  })

  test('a reader that dies over every document, the images stay for another attempt', async () => {
    const { payload, keys } = await worker.upload(card)
    const id = await worker.enqueue(payload)
    const { reader } = worker.deps.documents
    const read = () => reader.read({ type: 'passport', images: [], signal: AbortSignal.abort() })

    await worker.runDue({ documents: { ...worker.deps.documents, reader: { ...reader, read } } })

    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'internal' })
    expect((await worker.stored()).toSorted()).toEqual(keys.toSorted())
  })
})

describe('when the process has no memory to give', () => {
  test('a check waits until there is some', async () => {
    const memory = createByteBudget(1_000, () => undefined)
    const taken = await memory.take(1_000, new AbortController().signal)
    setTimeout(taken.giveBack, 500)
    const { payload } = await worker.upload({ front: Buffer.of(1), back: Buffer.of(2) })
    const startedAt = performance.now()

    const result = await worker.check(payload, { documents: { ...worker.deps.documents, memory } })

    expect(result.verdict).toBe('refused')
    expect(performance.now() - startedAt).toBeGreaterThan(500)
  })

  test('a check waits no longer than its deadline, and leaves its images', async () => {
    const memory = createByteBudget(1_000, () => undefined)
    await memory.take(1_000, new AbortController().signal)
    const { payload } = await worker.upload(card)
    const id = await worker.enqueue(payload)
    await worker.setDeadline(id, 2_800)

    await worker.runDue({ documents: { ...worker.deps.documents, memory } })

    expect(await worker.outcomeOf(id)).toEqual({ state: 'failed', reason: 'timed-out' })
    expect(await worker.storedCount()).toBe(2)
  })
})

describe('the sweep', () => {
  const sweep = (aheadMs: number) =>
    sweepImages({
      ...worker.deps,
      store: worker.deps.documents.store,
      keepSeconds: 2_700,
      now: () => Date.now() + aheadMs,
    })

  test('takes what is old and leaves what is not, over many pages', async () => {
    const keys = Array.from({ length: 1_100 }, () => imageObjectKey(newId(), newId()))
    for (let at = 0; at < keys.length; at += 50) {
      await Promise.all(keys.slice(at, at + 50).map((key) => worker.put(key, Buffer.of(1))))
    }

    await sweep(2_600_000)
    const kept = await worker.storedCount()
    await sweep(2_800_000)

    expect(kept).toBe(1_100)
    expect(await worker.storedCount()).toBe(0)
    expect(logged('images.swept')).toEqual([expect.objectContaining({ count: 1_100 })])
  })

  test('goes on after a page that cannot be removed, and not in a circle', async () => {
    const pages = ['first', 'second', 'third', undefined]
    const removed: (readonly string[])[] = []
    const store: ImageStore = {
      ...worker.deps.documents.store,
      async page(after) {
        const at = after === undefined ? 0 : pages.indexOf(after) + 1
        // The third page says that it is followed by itself.
        return { images: [{ key: `documents/${at}`, storedAt: 0 }], next: pages[Math.min(at, 2)] }
      },
      async remove(keys) {
        if (keys.includes('documents/1')) throw new ImageStoreError()
        removed.push(keys)
      },
    }

    await sweepImages({ ...worker.deps, store, keepSeconds: 2_700 })

    expect(removed).toEqual([['documents/0'], ['documents/2'], ['documents/3']])
    expect(logged('images.swept')).toEqual([expect.objectContaining({ count: 3 })])
    expect(logged('images.sweep-failed')).toHaveLength(1)
  })

  test('that cannot reach S3 says so and ends', async () => {
    const store = createImageStore({
      bucket: 'x',
      region: 'us-east-1',
      endpoint: 'http://127.0.0.1:9',
    })

    await sweepImages({ ...worker.deps, store, keepSeconds: 2_700 })

    expect(logged('images.sweep-failed')).toHaveLength(1)
  })
})

test('the worker can take nothing from the bucket but what lies in its folder, and put nothing there', async () => {
  const { store } = worker.deps.documents
  const { signal } = new AbortController()

  await expect(store.sizeOf('elsewhere/a', signal)).rejects.toMatchObject({
    code: 'IMAGE_STORE_UNAVAILABLE',
  })
  await expect(store.remove(['elsewhere/a'])).rejects.toMatchObject({
    code: 'IMAGE_STORE_UNAVAILABLE',
  })
  await expect(worker.putAsWorker(imageObjectKey(newId(), newId()))).rejects.toMatchObject({
    name: 'AccessDenied',
  })
})

function flipped(sealed: Buffer, at: number): Buffer {
  const spoilt = Buffer.from(sealed)
  spoilt.writeUInt8(spoilt.readUInt8(at) ^ 1, at)
  return spoilt
}

/** A photo to one program and an archive to another. */
function polyglot(): Buffer {
  const archive = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), randomBytes(200)])
  const end = Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18)])
  return Buffer.concat([card.back, archive, end])
}

const pngStart = Buffer.from('89504e470d0a1a0a', 'hex')

function pngChunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8)
  head.writeUInt32BE(data.length)
  head.write(name, 4, 'latin1')
  return Buffer.concat([head, data, Buffer.alloc(4)])
}

function pngHeader(width: number, height: number): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width)
  data.writeUInt32BE(height, 4)
  data.set([8, 0, 0, 0, 0], 8)
  return pngChunk('IHDR', data)
}

function hugePng(): Buffer {
  const chunks = [pngHeader(1, 500_000_000), pngChunk('IDAT', randomBytes(100))]
  return Buffer.concat([pngStart, ...chunks, pngChunk('IEND', Buffer.alloc(0))])
}

function animatedPng(): Buffer {
  const chunks = [pngHeader(1_000, 600), pngChunk('acTL', Buffer.alloc(8))]
  return Buffer.concat([pngStart, ...chunks, pngChunk('IEND', Buffer.alloc(0))])
}
