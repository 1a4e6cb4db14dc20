import { specimens } from '@anteroom/infra/specimens/index.ts'
import { type DocumentQuestion, VendorError } from '@anteroom/vendor-clients'
import sharp from 'sharp'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ReadingSettings } from '../../apps/worker/src/documents/documents.ts'
import { readByVendor } from '../../apps/worker/src/documents/read-by-vendor.ts'
import type { Files } from '../support/document-desk.ts'
import { type DocumentWorker, startDocumentWorker } from '../support/document-worker.ts'

let worker: DocumentWorker
let card: Required<Files>
beforeAll(async () => {
  const [clean] = specimens
  const { front, back } = (await clean?.files()) ?? {}
  if (!front || !back) throw new Error('The first specimen has two sides')
  card = { front, back }
  worker = await startDocumentWorker()
})
afterAll(() => worker.stop())
beforeEach(() => {
  worker.logLines.length = 0
})
afterEach(() => worker.stored().then(worker.deps.documents.store.remove))

const logged = (event: string) =>
  worker.logLines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === event)

const withSettings = (settings: Partial<ReadingSettings>) => {
  const { documents } = worker.deps
  return { documents: { ...documents, settings: { ...documents.settings, ...settings } } }
}
const byVendor = () => withSettings({ reader: 'vendor' })
const yaml = (text: string) => ({ front: Buffer.from(text), back: Buffer.from(text) })

/** The vendors as they are, but the one of documents has only so much time. */
function vendorWithin(timeoutMs: number) {
  const { documents, ...others } = worker.deps.vendors
  return documents ? { ...others, documents: { ...documents, timeoutMs } } : others
}

const callsOf = (jobId: string) => worker.stack.vendors.calls().filter(({ key }) => key === jobId)

/** Uploads, runs, and says how the job ended, what the vendor was asked, and whether the images are still there. */
async function outcomeOf(files: Files, changes: Parameters<DocumentWorker['runDue']>[0]) {
  const { payload } = await worker.upload(files)
  const id = await worker.enqueue(payload)
  await worker.runDue(changes)
  const images = await worker.stored()
  return { outcome: await worker.outcomeOf(id), calls: callsOf(id), images: images.length }
}

async function resultOf(files: Files, changes: Parameters<DocumentWorker['runDue']>[0]) {
  const { payload } = await worker.upload(files)
  return worker.check(payload, changes)
}

describe('a vendor', () => {
  test('reads a photo in place of our own reader, and is billed once', async () => {
    const { payload } = await worker.upload(card)
    const id = await worker.enqueue(payload)

    await worker.runDue(byVendor())

    expect(await worker.resultOf(id)).toEqual({
      verdict: 'read',
      toConfirm: false,
      reference: expect.stringMatching(/^documents-/),
      document: {
        type: 'drivers-license',
        firstName: 'Fakey',
        lastName: 'McFakerson',
        dateOfBirth: '1938-10-06',
        number: '1111111111111',
        issuer: 'ND',
        expiresOn: '2099-12-31',
        address: {
          address1: '1 Fake Road',
          city: 'Great Falls',
          state: 'MT',
          zipCode: '59010',
        },
      },
    })
    expect(callsOf(id)).toMatchObject([{ vendor: 'documents', count: 1, billed: 1 }])
    expect(await worker.stored()).toEqual([])
  })

  test('gets images that were encoded anew, without what else was in the files', async () => {
    const asked: DocumentQuestion[] = []
    const withExif = await sharp(card.front)
      .withExif({ IFD0: { Copyright: 'Testmark' }, IFD3: { GPSLatitude: '1/1 2/1 3/1' } })
      .jpeg()
      .toBuffer()
    const { reader, settings } = worker.deps.documents
    const read = readByVendor({
      reader,
      signal: AbortSignal.timeout(20_000),
      fixtures: settings.fixtures,
      minimumAge: 13,
      today: '2026-11-23',
      async ask(question) {
        asked.push(question)
        return {
          state: 'refused',
          problems: [{ side: 'front', reason: 'blurred' }],
          reference: 'r',
        }
      },
    })

    const reading = await read({
      type: 'passport',
      images: [{ documentType: 'passport', side: 'front', bytes: withExif }],
    })

    expect(reading).toMatchObject({ problems: [{ side: 'front', reason: 'blurred' }] })
    const [image] = asked[0]?.images ?? []
    const metadata = await sharp(image?.bytes).metadata()
    expect(image?.contentType).toBe('image/jpeg')
    expect(metadata).toMatchObject({ format: 'jpeg' })
    expect(metadata.exif).toBeUndefined()
    expect(Buffer.from(image?.bytes ?? []).includes('Testmark')).toBe(false)
  })

  test.each([
    [true, 16 * 1024 * 1024],
    [false, 0],
  ])(
    'may be asked: %s, and so two small images take %i bytes of memory more',
    async (mayAskVendor, more) => {
      const { documents } = withSettings({ mayAskVendor })
      const taken: number[] = []
      const memory: typeof documents.memory = {
        take(bytes, signal) {
          taken.push(bytes)
          return documents.memory.take(bytes, signal)
        },
      }
      const text = 'http_status: 439'

      await resultOf(yaml(text), { documents: { ...documents, memory } })

      const once = 2 * (text.length + 16)
      expect(taken).toEqual([once + (more || once)])
    },
  )

  test.each([
    ['broken', () => Buffer.from(card.back).subarray(0, 30_000), 'damaged'],
    ['no image', () => Buffer.from([0, 1, 2, 3]), 'wrong-file'],
  ])('is not asked about a file that is %s', async (_what, back, reason) => {
    const { payload } = await worker.upload({ front: card.front, back: back() })
    const id = await worker.enqueue(payload)

    await worker.runDue(byVendor())

    expect(await worker.resultOf(id)).toMatchObject({ problems: [{ side: 'back', reason }] })
    expect(callsOf(id)).toEqual([])
  })

  test.each([
    ['does not answer', 'vendor: time', 'VENDOR_TIMEOUT'],
    ['answers with an error', 'vendor: fail', 'VENDOR_UNAVAILABLE'],
    ['cannot be reached', 'vendor: unreachable', 'VENDOR_UNAVAILABLE'],
    ['answers 503', 'http_status: 503', 'VENDOR_UNAVAILABLE'],
    ['answers in no known form', 'document: { first_name: Misfit }', 'VENDOR_REPLY_INVALID'],
  ])('that %s gives the attempt back, and the images stay', async (_what, text, code) => {
    const ended = await outcomeOf(yaml(text), { vendors: vendorWithin(1_000) })

    expect(ended.outcome).toEqual({ state: 'failed', reason: 'vendor-unavailable' })
    expect(logged('job.failed')).toEqual([expect.objectContaining({ code })])
    expect(ended.images).toBe(2)
  })

  test('that refuses the question keeps the attempt, and the images go', async () => {
    const ended = await outcomeOf(yaml('http_status: 422'), {})

    expect(ended.outcome).toEqual({ state: 'failed', reason: 'rejected-input' })
    expect(ended.images).toBe(0)
  })
})

describe('when one reader fails', () => {
  const noVendor = () => vendorWithin(0)
  const brokenVendor = () => {
    const { documents, ...others } = worker.deps.vendors
    const read = () => Promise.reject(new VendorError('VENDOR_UNAVAILABLE'))
    return documents ? { ...others, documents: { ...documents, client: { read } } } : others
  }
  const noReader = () => {
    const { reader } = worker.deps.documents
    const read = () => reader.read({ type: 'passport', images: [], signal: AbortSignal.abort() })
    return { ...reader, read }
  }

  test('the vendor, our own reader reads', async () => {
    const changes = withSettings({ reader: 'vendor', fallback: true })

    const result = await resultOf(card, { ...changes, vendors: brokenVendor() })

    expect(result).toMatchObject({ verdict: 'read' })
    expect(result).not.toHaveProperty('reference')
    expect(logged('document.read-by-other')).toEqual([
      expect.objectContaining({ code: 'VENDOR_UNAVAILABLE' }),
    ])
  })

  test('the vendor, but only by taking too long, nobody else reads', async () => {
    const changes = withSettings({ reader: 'vendor', fallback: true })

    const ended = await outcomeOf(card, { ...changes, vendors: noVendor() })

    expect(ended.outcome).toEqual({ state: 'failed', reason: 'vendor-unavailable' })
    expect(logged('document.read-by-other')).toEqual([])
  })

  test('our own, the vendor reads', async () => {
    const { documents } = withSettings({ fallback: true })

    const result = await resultOf(card, { documents: { ...documents, reader: noReader() } })

    expect(result).toMatchObject({ verdict: 'read', document: { firstName: 'Fakey' } })
    expect(logged('document.read-by-other')).toEqual([
      expect.objectContaining({ code: 'READING_ABORTED' }),
    ])
  })

  test('and the settings do not name the other one, the attempt is given back', async () => {
    const ended = await outcomeOf(card, { ...byVendor(), vendors: noVendor() })

    expect(ended.outcome).toEqual({ state: 'failed', reason: 'vendor-unavailable' })
    expect(ended.images).toBe(2)
  })
})

describe('a fixture', () => {
  test('of Login.gov says who is read', async () => {
    const text = `document:
  first_name: Jane
  last_name: Doe
  address1: 1800 F Street
  address2: Apt 3
  city: Bayside
  state: NY
  zipcode: '11364'
  dob: 10/06/1938
  state_id_jurisdiction: 'ND'
  state_id_number: 'S59397998'
`

    expect(await resultOf(yaml(text), {})).toMatchObject({
      verdict: 'read',
      document: {
        firstName: 'Jane',
        lastName: 'Doe',
        dateOfBirth: '1938-10-06',
        number: 'S59397998',
        issuer: 'ND',
        address: { address1: '1800 F Street', address2: 'Apt 3', zipCode: '11364' },
      },
    })
  })

  test.each([
    ['dob:', 'incomplete'],
    ['id_doc_type: passport', 'wrong-type'],
    ['state_id_expiration: 2020-01-01', 'expired'],
    ['dob: 2020-01-01', 'under-age'],
  ])('with %s is refused as %s by our own rules', async (line, reason) => {
    const result = await resultOf(yaml(`document:\n  ${line}\n`), {})

    expect(result).toMatchObject({ problems: [{ side: 'both', reason }] })
  })

  test('whose barcode alone wants attention is read, for the person to confirm', async () => {
    const text = `failed_alerts:\n  - name: 2D Barcode Read\n    result: Attention\n`

    expect(await resultOf(yaml(text), {})).toMatchObject({ verdict: 'read', toConfirm: true })
  })

  test('without a whole address is read without one', async () => {
    const result = await resultOf(yaml(`document:\n  address1: null\n`), {})

    expect(result).toMatchObject({ verdict: 'read', document: { firstName: 'Fakey' } })
    expect(result).not.toHaveProperty('document.address')
  })

  test('is no photo where the settings do not say so, and nobody is asked about it', async () => {
    const { payload } = await worker.upload(yaml('document: {}'))
    const id = await worker.enqueue(payload)

    await worker.runDue(withSettings({ reader: 'vendor', fixtures: false }))

    expect(await worker.resultOf(id)).toMatchObject({ problems: [{ reason: 'wrong-file' }, {}] })
    expect(callsOf(id)).toEqual([])
  })
})
