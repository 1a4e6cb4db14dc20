import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { isForVendor } from './read-by-choice.ts'

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
