import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { localDirectory } from '../support/root.ts'
import { startTransferBed, type TransferBed } from '../support/transfer-bed.ts'
import { kinds } from '../support/transfer-door.ts'
import { fileServer, move, order, sha256Of, stepsInMemory } from '../support/transfer-files.ts'

/** The contract of all destinations, each against a server that speaks its protocol. */

const directory = join(localDirectory, 'test', randomBytes(6).toString('hex'))
// Three fragments of Graph and two parts of S3, and a little more.
const file = Buffer.concat([Buffer.from('%PDF-1.7\n'), randomBytes(11_000_000)])
const etag = '"v1"'
let bed: TransferBed

beforeAll(async () => {
  bed = await startTransferBed(directory)
})
afterAll(async () => {
  await bed.stop()
  await rm(directory, { recursive: true, force: true })
})

describe.each(kinds)('%s', (kind) => {
  let path: string
  beforeEach(() => {
    path = `permits/${randomBytes(6).toString('hex')}`
    bed.serve(fileServer(file, { etag }))
  })

  /** What stands in this test's folder. */
  async function standing(): Promise<Record<string, string>> {
    const all = [...(await bed.landings[kind].visible())]
    return Object.fromEntries(
      all
        .filter(([name]) => name.startsWith(`${path}/`))
        .map(([name, bytes]) => [name.slice(path.length + 1), sha256Of(bytes)]),
    )
  }

  test('a file arrives whole, and nothing of it is seen before', async () => {
    let seen: Record<string, string> | undefined
    const act = async () => {
      seen = await standing()
      return 'on' as const
    }
    bed.serve(fileServer(file, { at: { bytes: file.length - 1_000, act } }))

    const moved = await move(bed, kind, { path, sha256: sha256Of(file) })

    expect(moved).toEqual({
      filename: 'permit.pdf',
      sha256: sha256Of(file),
      bytes: file.length,
      mediaType: 'application/pdf',
    })
    expect(seen).toEqual({})
    expect(await standing()).toEqual({ 'permit.pdf': sha256Of(file) })
    expect(bed.landings[kind].unfinished()).toBe(0)
  })

  test('a source that does not say how long it is will do', async () => {
    bed.serve(fileServer(file, { chunked: true }))

    await move(bed, kind, { path })

    expect(await standing()).toEqual({ 'permit.pdf': sha256Of(file) })
  })

  test('an empty file and a small one arrive', async () => {
    bed.serve(fileServer(Buffer.alloc(0)))
    await move(bed, kind, { path, filename: 'nothing.txt' })
    bed.serve(fileServer(Buffer.from('x')))
    await move(bed, kind, { path, filename: 'little.txt' })

    const [nothing, little] = [Buffer.alloc(0), Buffer.from('x')].map(sha256Of)
    expect(await standing()).toEqual({ 'nothing.txt': nothing, 'little.txt': little })
  })

  test('a name that is taken fails, is numbered, or is replaced, as was asked', async () => {
    const other = Buffer.from('another file')
    await move(bed, kind, { path })
    bed.serve(fileServer(other))

    await expect(move(bed, kind, { path, conflict: 'fail' })).rejects.toMatchObject({
      code: 'file-exists',
      retryable: false,
    })
    const renamed = await move(bed, kind, { path, conflict: 'rename' })
    expect(renamed.filename).toBe('permit (1).pdf')
    expect(await standing()).toEqual({
      'permit.pdf': sha256Of(file),
      'permit (1).pdf': sha256Of(other),
    })

    await move(bed, kind, { path, conflict: 'replace' })
    expect(await standing()).toEqual({
      'permit.pdf': sha256Of(other),
      'permit (1).pdf': sha256Of(other),
    })
    expect(bed.landings[kind].unfinished()).toBe(0)
  })

  test('a file that is not the one asked for is never seen, and nothing of it stays', async () => {
    const moving = move(bed, kind, { path, sha256: '0'.repeat(64) })

    await expect(moving).rejects.toMatchObject({ code: 'hash-mismatch' })
    expect(await standing()).toEqual({})
    await expect.poll(() => bed.landings[kind].unfinished()).toBe(0)
  })

  test('a file that breaks off is not seen, and the next start brings it whole', async () => {
    const given = { ...order({ path }), steps: stepsInMemory() }
    bed.serve(fileServer(file, { at: { bytes: 9_500_000, act: () => 'cut' } }))

    await expect(move(bed, kind, given)).rejects.toMatchObject({ code: 'source-incomplete' })
    expect(await standing()).toEqual({})
    bed.serve(fileServer(file))
    await move(bed, kind, given)

    expect(await standing()).toEqual({ 'permit.pdf': sha256Of(file) })
    expect(bed.landings[kind].unfinished()).toBe(0)
  })

  test('whoever died before hearing that the file stands there finds it, even if the source is gone', async () => {
    const given = { ...order({ path }), steps: stepsInMemory() }
    const first = await move(bed, kind, given)
    bed.serve((_request, response) => void response.writeHead(410).end())

    const again = await move(bed, kind, given)

    expect(given.steps.kept?.phase).toBe('committing')
    expect(again).toEqual(first)
    expect(await standing()).toEqual({ 'permit.pdf': sha256Of(file) })
  })

  test('what an earlier start sent and nobody heard of is not sent a second time, whenever it comes', async () => {
    const given = { ...order({ path, conflict: 'rename' }), steps: stepsInMemory() }
    await move(bed, kind, given)
    const { destination } = bed.landings[kind]
    let looks = 0
    // The first look comes before the file.
    const late = {
      ...destination,
      find: (...asked: Parameters<typeof destination.find>) => {
        looks += 1
        return looks === 1 ? Promise.resolve(undefined) : destination.find(...asked)
      },
    }

    const again = await move(bed, kind, { ...given, to: late })

    expect(again.filename).toBe('permit.pdf')
    expect(await standing()).toEqual({ 'permit.pdf': sha256Of(file) })
  })

  test('another file on the next start is moved from its beginning', async () => {
    const given = { ...order({ path }), steps: stepsInMemory() }
    const other = randomBytes(9_000_000)
    bed.serve(fileServer(file, { at: { bytes: 9_500_000, act: () => 'cut' } }))
    await expect(move(bed, kind, given)).rejects.toThrow()
    bed.serve(fileServer(other))

    await move(bed, kind, given)

    expect(await standing()).toEqual({ 'permit.pdf': sha256Of(other) })
    await expect.poll(() => bed.landings[kind].unfinished()).toBe(0)
  })

  test('what was stopped leaves nothing', async () => {
    const given = { ...order({ path }), steps: stepsInMemory() }
    bed.serve(fileServer(file, { at: { bytes: 9_500_000, act: () => 'cut' } }))
    await expect(move(bed, kind, given)).rejects.toThrow()
    given.steps.stopped = true

    await expect(move(bed, kind, given)).rejects.toMatchObject({ code: 'cancelled' })

    expect(await standing()).toEqual({})
    await expect.poll(() => bed.landings[kind].unfinished()).toBe(0)
  })
})
