import { DocumentReaderError } from '@anteroom/document-reader'
import { createMetrics } from '@anteroom/runtime'
import { expect, test } from 'vitest'
import type { Documents } from './documents.ts'
import { readByUs } from './read-by-us.ts'
import { readByVendor } from './read-by-vendor.ts'

const { signal } = new AbortController()
const bytes = Buffer.from([1])

function readerThat(error: Error): Documents['reader'] {
  const fails = () => Promise.reject(error)
  return { read: fails, vet: fails, close: async () => {} }
}

function ours(error: Error) {
  // Our own reader needs nothing else of them.
  const documents = { reader: readerThat(error), metrics: createMetrics('worker') } as Documents
  return readByUs(documents, signal)
}

const tooSlow = new DocumentReaderError('READING_TIMED_OUT')

test.each([
  ['passport', 'front'],
  ['drivers-license', 'both'],
] as const)('a %s that takes too long to read is refused: it would again', async (type, side) => {
  expect(await ours(tooSlow)({ type, images: [] })).toEqual({
    state: 'refused',
    problems: [{ side, reason: 'damaged' }],
  })
})

test('an image that takes too long to encode anew is refused, and no vendor is asked', async () => {
  const read = readByVendor({
    reader: readerThat(tooSlow),
    signal,
    fixtures: false,
    minimumAge: 13,
    today: '2026-06-01',
    ask: () => expect.unreachable(),
  })

  const images = [{ documentType: 'passport', side: 'front', bytes }] as const
  const reading = await read({ type: 'passport', images })

  expect(reading).toEqual({ state: 'refused', problems: [{ side: 'front', reason: 'damaged' }] })
})

test('a reading that fails for another reason is no answer about the images', async () => {
  const error = new DocumentReaderError('READING_FAILED')

  await expect(ours(error)({ type: 'passport', images: [] })).rejects.toBe(error)
})
