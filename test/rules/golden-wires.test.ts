import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Job, jobs, outcome, readWire, report, unpackJob } from '@anteroom/job-contracts'
import { describe, expect, test } from 'vitest'
import { openFixed } from '../support/fixed-keys.ts'
import { root } from '../support/root.ts'

/**
 * Queue rows, outcomes and reports as earlier versions wrote them. A row may lie in the queue across a deployment, so
 * the current version and the one before it must be readable. Files are only ever added (see CONTRIBUTING.md).
 */
const folder = join(root, 'test/wires')
const read = (file: string): unknown => JSON.parse(readFileSync(join(folder, file), 'utf8'))
const filesIn = (name: string): string[] =>
  readdirSync(join(folder, name)).map((file) => `${name}/${file}`)

describe.each(Object.values(jobs).map((job): [string, Job] => [job.name, job]))(
  '%s',
  (name, job) => {
    test.each(filesIn(name))('%s is still read, opened and understood', async (file) => {
      const golden = read(file) as {
        row: unknown
        payload: unknown
        result: unknown
        sealedResult: string
      }
      const wire = readWire(golden.row)

      const payload = await unpackJob(job, wire, (slot, message) =>
        openFixed('payload', slot, message),
      )
      const result = JSON.parse(
        await openFixed(job.resultPurpose ?? 'result', { name, id: wire.id }, golden.sealedResult),
      )

      expect(payload).toEqual(golden.payload)
      expect(job.result.parse(result)).toEqual(golden.result)
    })
  },
)

test.each(filesIn('outcomes'))('the outcome %s is still understood', (file) => {
  const golden = read(file)

  expect(outcome.parse(golden)).toEqual(golden)
})

test.each(filesIn('reports'))('the report %s is still understood', (file) => {
  const golden = read(file)

  expect(report.parse(golden)).toEqual(golden)
})
