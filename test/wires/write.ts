import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Job, jobs, packJob } from '@anteroom/job-contracts'
import { fixedSealer } from '../support/fixed-keys.ts'
import { samplePayloads, sampleResults } from '../support/payloads.ts'

/** Writes the golden wires of the current version where there are none yet. */

const id = Buffer.alloc(32, 7).toString('base64url')
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
const seal = (slot: { name: string; id: string }, text: string) =>
  fixedSealer.seal({ purpose: 'payload', ...slot }, text)

for (const [key, job] of Object.entries(jobs) as [keyof typeof jobs, Job][]) {
  await writeJob(job, { file: 'v1.json', payload: samplePayloads[key], result: sampleResults[key] })
}
const { source: _url, ...ofTransfer } = samplePayloads.documentTransfer
const source = { type: 'credential', pdf: Buffer.from('%PDF-1.7').toString('base64') }
await writeJob(jobs.documentTransfer, {
  file: 'v1-credential.json',
  payload: { ...ofTransfer, source, deadLetter: 'never' },
  result: sampleResults.documentTransfer,
})
write('outcomes/done-v1.json', { state: 'done', sealed: 'a.b.c.d.e' })
write('outcomes/failed-v1.json', { state: 'failed', reason: 'timed-out' })
const settled = {
  v: 1,
  jobId: id,
  job: 'resolution-proofing',
  seq: 1,
  attempt: 1,
  nextTry: null,
  billed: 2,
  bytes: 0,
}
write('reports/done-v1.json', { ...settled, state: 'done', reason: null })
write('reports/failed-v1.json', { ...settled, state: 'failed', reason: 'vendor-unavailable' })
write('reports/waiting-v1.json', {
  ...settled,
  state: 'waiting',
  reason: 'internal',
  nextTry: 1_795_392_001_000,
})

interface Sample {
  readonly file: string
  readonly payload: Readonly<Record<string, unknown>>
  readonly result: unknown
}

async function writeJob(job: Job, { file, payload, result }: Sample): Promise<void> {
  const packed = await packJob(job, payload, { id, traceparent, seal })
  const row = { ...packed, enqueuedAt: 1_795_392_000_000, deadlineAt: 1_795_392_060_000 }
  const sealedResult = await fixedSealer.seal(
    { purpose: job.resultPurpose ?? 'result', name: job.name, id },
    JSON.stringify(result),
  )
  write(join(job.name, file), { row, payload, result, sealedResult })
}

function write(file: string, content: object): void {
  const path = join(import.meta.dirname, file)
  if (existsSync(path)) return
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`)
  console.log(`wrote ${file}`)
}
