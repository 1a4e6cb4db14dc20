import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDestinations } from './read-destinations.ts'

let directory: string
let file: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'destinations-'))
  file = join(directory, 'destinations.yaml')
  const entry = { name: 'archive', type: 's3', bucket: 'agency', endpoint: 'http://s3.example' }
  await writeFile(file, JSON.stringify({ destinations: [entry] }))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('an S3 server without TLS is one of a local machine, and not in production', () => {
  expect(readDestinations(file, { isProduction: false }).size).toBe(1)
  expect(() => readDestinations(file, { isProduction: true })).toThrow(
    expect.objectContaining({
      problems: [
        {
          setting: 'transfer_destinations_file, destinations.0.endpoint: custom',
          problem: 'wrong',
        },
      ],
    }),
  )
})
