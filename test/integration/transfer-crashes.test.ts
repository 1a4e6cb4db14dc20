import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { jobs } from '@anteroom/job-contracts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { localDirectory, root } from '../support/root.ts'
import { startTransferBed, type TransferBed } from '../support/transfer-bed.ts'
import type { Kind } from '../support/transfer-door.ts'
import { fileServer, order, sha256Of } from '../support/transfer-files.ts'
import { runTransfers } from '../support/transfer-runner.ts'
import { startTestWorker, type TestWorker } from '../support/worker.ts'

const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
// Two fragments of Graph, and two parts of S3.
const file = randomBytes(9_000_000)
let bed: TransferBed
let worker: TestWorker

beforeAll(async () => {
  bed = await startTransferBed(directory)
  worker = await startTestWorker()
})
afterAll(async () => {
  await bed.stop()
  await worker.stop()
  await rm(directory, { recursive: true, force: true })
})

/** Each step is told before and after. Graph keeps the most between requests: there every one of them is tried. */
test.each<[Kind, number]>([
  ['graph', 2],
  ['s3', 5],
  ['https', 9],
  ['sftp', 7],
])(
  'a worker that is killed at any step of a transfer to %s leaves one whole file or none, and the next one file',
  async (kind, stride) => {
    bed.serve(fileServer(file))
    for (let killAt = 1; ; killAt += stride) {
      const path = `${kind}/${killAt}`
      const jobId = await worker.enqueue(jobs.documentTransfer, order({ path }))

      const survived = await runVictim(kind, killAt)
      const between = await standing(kind, path)
      await free()
      await runTransfers({ ...places(), kind })

      const whole = [`${path}/permit.pdf ${sha256Of(file)}`]
      if (between.length > 0) expect(between, `after the kill at ${killAt}`).toEqual(whole)
      expect(await standing(kind, path), `after the kill at ${killAt}`).toEqual(whole)
      expect(await worker.openResult('document-transfer', jobId)).toMatchObject({
        filename: 'permit.pdf',
        sha256: sha256Of(file),
      })
      if (survived) {
        expect(killAt).toBeGreaterThan(20)
        return
      }
    }
  },
  600_000,
)

const places = () => ({
  databaseUrl: worker.database.urls.worker,
  redisUrl: worker.redisUrl,
  facts: bed.facts,
})

/** Whether it came to its end before it was to be killed. */
async function runVictim(kind: Kind, killAt: number): Promise<boolean> {
  const victim = spawn(
    process.execPath,
    [join(root, 'test/support/transfer-victim.ts'), JSON.stringify({ ...places(), kind, killAt })],
    { stdio: ['ignore', 'inherit', 'inherit'] },
  )
  const [code, signal] = await once(victim, 'exit')
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`The victim ended with ${code}`)
  return code === 0
}

/** As the sweep of leases does with what a dead worker had. */
async function free(): Promise<void> {
  await worker.database
    .pool('admin')
    .query('update graphile_worker._private_jobs set locked_at = null, locked_by = null')
}

async function standing(kind: Kind, path: string): Promise<string[]> {
  return [...(await bed.landings[kind].visible())]
    .filter(([name]) => name.startsWith(`${path}/`))
    .map(([name, bytes]) => `${name} ${sha256Of(bytes)}`)
}
