import { randomBytes } from 'node:crypto'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type MovingWorker, startMovingWorker } from '../support/moving-worker.ts'
import { localDirectory } from '../support/root.ts'
import { startTransferBed, type TransferBed } from '../support/transfer-bed.ts'
import { longFile } from '../support/transfer-files.ts'

const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
const bytes = 160_000_000
let bed: TransferBed
let worker: MovingWorker

beforeAll(async () => {
  await mkdir(directory, { recursive: true })
  bed = await startTransferBed(directory, { keepsBytes: false })
  worker = await startMovingWorker(bed, directory)
  bed.serve(longFile(bytes))
})
afterAll(async () => {
  await worker.stop()
  await bed.stop()
  await rm(directory, { recursive: true, force: true })
})

const mostMb = 150

// ssh2 copies what it encrypts, and leaves the copies to the garbage collector.
test.each([
  ['https', mostMb],
  ['graph', mostMb],
  ['sftp', mostMb + 10],
] as const)(
  'a file of 160 MB passes from a URL to %s through a worker that never holds %i MB in all',
  async (kind, most) => {
    const { result, peakMb } = await worker.move(kind)

    expect(result.bytes).toBe(bytes)
    expect(peakMb).toBeLessThan(most)
  },
  180_000,
)

test('so does one from a URL to S3, and from there to another place in S3', async () => {
  const key = 'in/from/permit.bin'
  const there = await worker.move('s3', { path: 'from', filename: 'permit.bin' })

  const again = await worker.move('s3', { source: { type: 's3', bucket: 'county', key } })

  expect([there.result.bytes, again.result.bytes]).toEqual([bytes, bytes])
  expect(there.peakMb).toBeLessThan(mostMb)
  expect(again.peakMb).toBeLessThan(mostMb)
}, 180_000)
