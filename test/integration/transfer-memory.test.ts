import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { jobs } from '@anteroom/job-contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localDirectory, root } from '../support/root.ts'
import { startTransferBed, type TransferBed } from '../support/transfer-bed.ts'
import { longFile, order } from '../support/transfer-files.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
// Node frees what it has read once 64 MB of it have come together: a file has to be longer than that to be told apart.
const bytes = 160_000_000
let bed: TransferBed
let worker: TestWorker

beforeAll(async () => {
  bed = await startTransferBed(directory, { keepsBytes: false })
  worker = await startTestWorker()
})
afterAll(async () => {
  await bed.stop()
  await worker.stop()
  await rm(directory, { recursive: true, force: true })
})

test.each(['graph', 's3', 'https'] as const)(
  'a file of 160 MB passes through to %s in far less memory than it is long',
  async (kind) => {
    bed.serve(longFile(bytes))
    const jobId = await worker.enqueue(
      jobs.documentTransfer,
      order({ path: kind, maxBytes: bytes }),
    )

    const { beforeMb, peakMb } = await measured(kind)

    expect(await worker.openResult('document-transfer', jobId)).toMatchObject({ bytes })
    expect(peakMb - beforeMb, `of ${beforeMb} before`).toBeLessThan(110)
  },
  180_000,
)

async function measured(kind: string): Promise<{ beforeMb: number; peakMb: number }> {
  const places = {
    databaseUrl: worker.database.urls.worker,
    redisUrl: worker.redisUrl,
    facts: bed.facts,
  }
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(root, 'test/support/transfer-meter.ts'),
    JSON.stringify({ ...places, kind }),
  ])
  return JSON.parse(stdout)
}
