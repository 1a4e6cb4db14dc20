import {
  createDocumentReader,
  type DocumentReader,
  type SideImage,
} from '@anteroom/document-reader'
import {
  describeExpected,
  describeReading,
  wrongFields,
} from '@anteroom/infra/specimens/compare.ts'
import { type Specimen, specimens } from '@anteroom/infra/specimens/index.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** One of each kind; `pnpm specimens` reads them all. */
const selection = [
  'drivers-license',
  'state-id',
  'never-expires',
  'license-of-2000',
  'tilted-17',
  'upside-down',
  'exif-rotated',
  'barcode-scratched-with-zone',
  'passport-tilted',
  'blurred',
  'glare-on-barcode',
  'sides-swapped',
  'expired',
  'under-age',
  'another-persons-back',
  'passport-as-license',
  'passport-card',
  'zone-without-barcode',
  'passport-forged',
  'passport-of-last-century',
  'polyglot',
  'pixel-bomb',
]

let reader: DocumentReader
beforeAll(() => {
  reader = startReader()
})
afterAll(() => reader.close())

function startReader(options: { threads?: number; timeLimitMs?: number } = {}): DocumentReader {
  return createDocumentReader({ threads: 2, today: () => '2026-06-01', minimumAge: 13, ...options })
}

function specimenNamed(name: string): Specimen {
  const found = specimens.find((specimen) => specimen.name === name)
  if (!found) throw new Error(`No specimen is named ${name}`)
  return found
}

async function imagesOf(specimen: Specimen): Promise<SideImage[]> {
  const { front, back } = await specimen.files()
  const first: SideImage = { side: 'front', bytes: front }
  return back ? [first, { side: 'back', bytes: back }] : [first]
}

async function requestFor(name: string, signal = AbortSignal.timeout(50_000)) {
  const specimen = specimenNamed(name)
  return { type: specimen.documentType, images: await imagesOf(specimen), signal }
}

test.each(selection)('%s is answered as it should be', async (name) => {
  const { expected } = specimenNamed(name)

  const reading = await reader.read(await requestFor(name))

  expect(describeReading(reading)).toBe(describeExpected(expected))
  expect(wrongFields(reading, expected)).toEqual([])
})

test('every specimen has a name of its own', () => {
  const names = specimens.map(({ name }) => name)

  expect(new Set(names).size).toBe(names.length)
})

test('a specimen is drawn the same each time', async () => {
  const specimen = specimenNamed('dim')

  const [one, other] = [await specimen.files(), await specimen.files()]

  expect(one.front.equals(other.front)).toBe(true)
})

test('what takes too long is stopped, and the thread is replaced', async () => {
  const impatient = startReader({ threads: 1, timeLimitMs: 50 })
  const request = await requestFor('drivers-license')

  const failures = [impatient.read(request), impatient.read(request)].map((reading) =>
    reading.catch((error: { code: string }) => error.code),
  )

  expect(await Promise.all(failures)).toEqual(['READING_TIMED_OUT', 'READING_TIMED_OUT'])
  await impatient.close()
})

test('a reading that is called off ends at once, while it runs and while it waits for a thread', async () => {
  const single = startReader({ threads: 1 })
  const [first, second] = [new AbortController(), new AbortController()]
  const running = single.read(await requestFor('drivers-license', first.signal))
  const waiting = single.read(await requestFor('drivers-license', second.signal))

  second.abort()
  await expect(waiting).rejects.toMatchObject({ code: 'READING_ABORTED' })
  first.abort()
  await expect(running).rejects.toMatchObject({ code: 'READING_ABORTED' })

  const next = await requestFor('text-file')
  expect(describeReading(await single.read(next))).toBe('front: wrong-file')
  await single.close()
})

test('an image can be vetted in a thread', async () => {
  const [photo] = await imagesOf(specimenNamed('phone-extras'))
  const bytes = photo?.bytes ?? new Uint8Array()

  const vetted = await reader.vet({ bytes, signal: AbortSignal.timeout(20_000) })

  expect(vetted).toMatchObject({ width: 1880, height: 1249 })
})
