import { randomBytes } from 'node:crypto'
import { DocumentReaderError } from '@anteroom/document-reader'
import { VendorError } from '@anteroom/vendor-clients'
import { expect, test } from 'vitest'
import type { Documents } from './documents.ts'
import { isForVendor, readByChoice } from './read-by-choice.ts'
import type { Reading } from './reading.ts'

const jobIds = Array.from({ length: 4_000 }, () => randomBytes(32).toString('base64url'))

test('about as many jobs go to the vendor as the percentage says', () => {
  const settings = { reader: 'own', vendorPercent: 25 } as const

  const share = jobIds.filter((jobId) => isForVendor(jobId, settings)).length / jobIds.length

  expect(share).toBeGreaterThan(0.21)
  expect(share).toBeLessThan(0.29)
})

test('a job that goes to the vendor at some percentage goes there at every higher one', () => {
  const at = (jobId: string, vendorPercent: number) =>
    isForVendor(jobId, { reader: 'own', vendorPercent })

  for (const jobId of jobIds) {
    if (at(jobId, 10)) expect(at(jobId, 50)).toBe(true)
  }
})

test('none goes there at nothing, all at a hundred, and all if it is the reader', () => {
  for (const jobId of jobIds.slice(0, 500)) {
    expect(isForVendor(jobId, { reader: 'own', vendorPercent: 0 })).toBe(false)
    expect(isForVendor(jobId, { reader: 'own', vendorPercent: 100 })).toBe(true)
    expect(isForVendor(jobId, { reader: 'vendor', vendorPercent: 0 })).toBe(true)
  }
})

const other: Reading = { state: 'refused', problems: [{ side: 'both', reason: 'expired' }] }

/** What comes of it when the first reader throws this, and the other one would answer. */
function whenFirstFails(reader: 'own' | 'vendor', error: Error): Promise<Reading> {
  const fails = () => Promise.reject(error)
  const answers = () => Promise.resolve(other)
  const log = { debug() {}, info() {}, warn() {}, error() {} }
  const settings = { reader, vendorPercent: 0, fallback: true }
  // The choice looks at nothing else of them.
  const documents = { settings, log } as unknown as Documents
  return readByChoice(
    { type: 'passport', images: [] },
    reader === 'own' ? { own: fails, vendor: answers } : { own: answers, vendor: fails },
    { jobId: 'j', signal: new AbortController().signal, documents },
  )
}

test.each(['VENDOR_UNAVAILABLE', 'PROXY_UNAVAILABLE'] as const)(
  'after %s our own reader reads in place of the vendor',
  async (code) => {
    expect(await whenFirstFails('vendor', new VendorError(code))).toBe(other)
  },
)

test.each([
  new VendorError('VENDOR_REFUSED'),
  new VendorError('VENDOR_TIMEOUT'),
  new VendorError('VENDOR_REPLY_INVALID'),
  new DocumentReaderError('READING_FAILED'),
])('after $code nobody else reads: a photo might bring that about', async (error) => {
  await expect(whenFirstFails('vendor', error)).rejects.toBe(error)
})

test('after our own reader has failed the vendor reads', async () => {
  expect(await whenFirstFails('own', new DocumentReaderError('READING_FAILED'))).toBe(other)
})
