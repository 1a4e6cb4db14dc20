import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDestinations } from './read-destinations.ts'

let directory: string
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'destinations-'))
})
afterAll(() => rmSync(directory, { recursive: true, force: true }))

function written(text: string): string {
  const file = join(directory, 'destinations.yaml')
  writeFileSync(file, text)
  return file
}

const read = (text: string) => readDestinations(written(text), { isProduction: false })

/** What the operator is told. */
function complaint(text: string): string {
  try {
    read(text)
  } catch (error) {
    return String(error)
  }
  return 'nothing'
}

const https = `
  - name: court
    type: https
    url: https://files.court.example/in`

const all = `destinations:${https}
    authorization: sealed
  - name: archive
    type: s3
    bucket: agency-archive
  - name: county-records
    type: graph
    tenant: t
    client_id: c
    client_secret: sealed
    drive_id: d
    folder: Incoming/2026
  - name: clerk
    type: sftp
    host: sftp.clerk.example
    username: anteroom
    private_key: sealed
    host_key: SHA256:${'k'.repeat(43)}
    folder: /incoming
`

test('a file with one destination of each type is read, and what it leaves out has its default', () => {
  const entries = read(all)

  expect([...entries.keys()]).toEqual(['court', 'archive', 'county-records', 'clerk'])
  expect(entries.get('archive')).toEqual({
    ...{ name: 'archive', type: 's3', bucket: 'agency-archive', prefix: '' },
  })
  expect(entries.get('clerk')).toMatchObject({ port: 22 })
  expect(entries.get('county-records')).toMatchObject({
    login_url: 'https://login.microsoftonline.com',
    graph_url: 'https://graph.microsoft.com/v1.0',
  })
})

test.each([
  ['is no YAML', 'destinations: [', 'transfer_destinations_file, : invalid_type'],
  ['is empty', '', 'transfer_destinations_file, : invalid_type'],
  ['has no destinations', 'destinations: []', 'destinations: too_small'],
  ['has a member that is none', `destinations:${https}\nothers: 1`, ': unrecognized_keys'],
  [
    'has an unknown type',
    'destinations: [{ name: court, type: ftp }]',
    'destinations.0.type: invalid_union',
  ],
  ['has a name twice', `destinations:${https}${https}`, 'destinations: custom'],
  [
    'has a name that no request can say',
    'destinations: [{ name: The Court, type: s3, bucket: b-1 }]',
    'destinations.0.name: invalid_format',
  ],
  [
    'leads over http',
    `destinations:${https.replace('https://', 'http://')}`,
    'destinations.0.url: invalid_format',
  ],
  [
    'has a folder that leads upwards',
    'destinations: [{ name: archive, type: s3, bucket: b-1, prefix: ../x }]',
    'destinations.0.prefix: custom',
  ],
  [
    'has a key of a host that nobody can compare',
    all.replace(`SHA256:${'k'.repeat(43)}`, 'MD5:aa'),
    'destinations.3.host_key: invalid_format',
  ],
  [
    'has an option that is of another type',
    `destinations:${https}\n    bucket: b-1`,
    'destinations.0: unrecognized_keys',
  ],
])('a file that %s is refused, and where it is wrong is said', (_what, text, place) => {
  expect(complaint(text)).toContain(place)
})

test('no value of a file that is wrong is quoted, neither a secret nor an address', () => {
  const wrong = all.replaceAll('sealed', 'quackenbush').replace('type: s3', 'type: tape')

  const said = complaint(wrong.replace('https://files', 'gopher://quackenbush'))

  expect(said).toContain('transfer_destinations_file')
  expect(said).not.toMatch(/quackenbush|gopher|tape|court\.example|agency-archive/)
})

test('aliases, by which a small file could become an endless one, are refused at once', () => {
  const levels = Array.from({ length: 9 }, (_, level) => {
    const before = level === 0 ? '"lol"' : `*a${level - 1}`
    return `a${level}: &a${level} [${Array.from({ length: 9 }, () => before).join(', ')}]`
  })
  const begun = performance.now()

  expect(complaint(`${levels.join('\n')}\ndestinations: *a8`)).toContain('invalid_type')
  expect(performance.now() - begun).toBeLessThan(1_000)
})

test('a file that is not there is one that is wrong', () => {
  expect(() => readDestinations(join(directory, 'none.yaml'), { isProduction: false })).toThrow(
    'transfer_destinations_file',
  )
})
