import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { rm } from 'node:fs/promises'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { type Destination, TransferError } from '@anteroom/vendor-clients'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { localDirectory } from '../support/root.ts'
import { startTransferBed, type TransferBed } from '../support/transfer-bed.ts'
import { kinds, openDoor, sftpHost } from '../support/transfer-door.ts'
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

  test('a credential that came with its job arrives, and goes on where an earlier start broke off', async () => {
    const given = {
      ...order({ path, filename: 'credential-x.pdf', sha256: sha256Of(file) }),
      source: { type: 'credential' as const, pdf: file.toString('base64') },
      steps: stepsInMemory(),
    }
    const { destination } = bed.landings[kind]
    let opened = 0
    // The connection breaks with the last bytes of the first start.
    const breaking = {
      ...destination,
      open: async (...asked: Parameters<typeof destination.open>) => {
        const upload = await destination.open(...asked)
        opened += 1
        const cut = () => Promise.reject(new TransferError('destination-unreachable'))
        return opened > 1 ? upload : { ...upload, commit: cut }
      },
    }

    await expect(move(bed, kind, { ...given, to: breaking })).rejects.toMatchObject({
      code: 'destination-unreachable',
    })
    const moved = await move(bed, kind, { ...given, to: breaking })

    expect(moved).toMatchObject({ filename: 'credential-x.pdf', mediaType: 'application/pdf' })
    expect(await standing()).toEqual({ 'credential-x.pdf': sha256Of(file) })
  })

  test('bytes that came before a source broke off are in no file unless they belong to it', async () => {
    const steps = stepsInMemory()
    const given = { ...order({ path }), steps }
    const evil = randomBytes(file.length)
    const written: (typeof steps)['kept'][] = []
    const save = steps.save
    steps.save = async (step) => {
      written.push(structuredClone(step))
      return save(step)
    }
    // Cut whenever it is taken up again.
    const half = fileServer(evil, { etag, at: { bytes: 9_500_000, act: () => 'cut' } })
    bed.serve((request, response) => {
      if (request.headers.range === undefined) half(request, response)
      else response.destroy()
    })
    await expect(move(bed, kind, given)).rejects.toThrow()
    // As a worker leaves it that was killed before it wrote down how far it was.
    steps.kept = written[0]
    bed.serve(fileServer(file, { etag }))

    await move(bed, kind, given)

    expect(await standing()).toEqual({ 'permit.pdf': sha256Of(file) })
  })

  test('a file of the same length that was there before is not taken for the one that replaces it', async () => {
    const before = randomBytes(file.length)
    const given = { ...order({ path, conflict: 'replace' }), steps: stepsInMemory() }
    bed.serve(fileServer(before))
    await move(bed, kind, { path })
    bed.serve(fileServer(file, { etag }))
    await expect(move(bed, kind, { ...given, to: breaking('before') })).rejects.toThrow()

    await move(bed, kind, given)

    expect(await standing()).toEqual({ 'permit.pdf': sha256Of(file) })
  })

  test('what another transfer put in its place is left there, and the file is sent again', async () => {
    const given = { ...order({ path, conflict: 'replace' }), steps: stepsInMemory() }
    const other = Buffer.from('what another transfer put there')
    const replaced = async () => {
      bed.serve(fileServer(other))
      await move(bed, kind, { path, conflict: 'replace' })
    }

    await expect(move(bed, kind, { ...given, to: breaking(replaced) })).rejects.toMatchObject({
      retryable: true,
    })

    expect(await standing()).toEqual({ 'permit.pdf': sha256Of(other) })
    bed.serve(fileServer(file))
    await move(bed, kind, given)
    expect(await standing()).toEqual({ 'permit.pdf': sha256Of(file) })
  })

  test('a start that has lost the job takes nothing back', async () => {
    const steps = { ...stepsInMemory(), holds: async () => isHeld }
    let isHeld = true
    let aborts = 0
    let takeBack: (() => Promise<void>) | undefined
    const { destination } = bed.landings[kind]
    const to: Destination = {
      ...destination,
      async open(...asked) {
        const upload = await destination.open(...asked)
        isHeld = false
        takeBack = () => upload.abort()
        return {
          ...upload,
          async abort() {
            aborts += 1
          },
        }
      },
    }

    const moving = move(bed, kind, { path, steps, to, sha256: '0'.repeat(64) })

    await expect(moving).rejects.toMatchObject({ code: 'hash-mismatch' })
    expect(aborts).toBe(0)
    await takeBack?.()
  })

  /** This destination, where a worker breaks off before it shows a file, or something happens right after that. */
  function breaking(when: 'before' | (() => Promise<void>)): Destination {
    const { destination } = bed.landings[kind]
    return {
      ...destination,
      async open(...asked) {
        const upload = await destination.open(...asked)
        return {
          ...upload,
          async commit(...last) {
            if (when === 'before') throw new Error('broken off')
            await upload.commit(...last)
            await when()
          },
        }
      },
    }
  }

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

test.each([
  ['nothing but the length', 'nothing'],
  ['that the file is older', { ageMs: 60_000 }],
] as const)(
  'a server that tells %s is not believed that a file is there which nobody heard of',
  async (_what, tells) => {
    const path = randomBytes(6).toString('hex')
    const given = { ...order({ path, conflict: 'rename' }), steps: stepsInMemory() }
    bed.serve(fileServer(file))
    await expect(move(bed, 'https', { ...given, to: neverSent() })).rejects.toThrow()
    // Somebody else's, which was put there meanwhile, of the same length.
    const other = randomBytes(file.length)
    put(`/in/${path}/permit.pdf`, other)
    bed.receiver.tells = tells

    await expect(move(bed, 'https', given)).rejects.toMatchObject({
      cause: { message: 'NAME_TAKEN' },
    })
    const moved = await move(bed, 'https', given).finally(() => {
      bed.receiver.tells = 'hash'
    })

    expect(moved.filename).toBe('permit (1).pdf')
  },
)

test('a server that tells how old a file is is believed that it is the one that nobody heard of', async () => {
  const path = randomBytes(6).toString('hex')
  const given = { ...order({ path }), steps: stepsInMemory() }
  bed.serve(fileServer(file))
  bed.receiver.tells = { ageMs: 0 }
  await move(bed, 'https', given)

  const again = await move(bed, 'https', given).finally(() => {
    bed.receiver.tells = 'hash'
  })

  expect(again.filename).toBe('permit.pdf')
})

test('what a server says without an end after it took a file is not listened to', async () => {
  let said = 0
  bed.serve(fileServer(Buffer.from('x')))
  bed.receiver.thanks = () => {
    said += 16_384
    return Buffer.alloc(16_384)
  }

  await move(bed, 'https', { path: randomBytes(6).toString('hex') }).finally(() => {
    bed.receiver.thanks = undefined
  })

  await expect
    .poll(
      isQuiet(() => said),
      { interval: 300 },
    )
    .toBe(true)
  expect(said).toBeLessThan(20_000_000)
})

test('what an S3 server says is read to a megabyte', async () => {
  let said = 0
  const server = http.createServer((request, response) => {
    if (request.method === 'HEAD') return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'application/xml' })
    const write = () => {
      said += 65_536
      if (!response.destroyed) response.write(Buffer.alloc(65_536, ' '), write)
    }
    write()
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const to = bed.door.s3({ ...inBucket, endpoint })

  await expect(move(bed, 's3', { to })).rejects.toMatchObject({ code: 'destination-unreachable' })

  expect(said).toBeLessThan(20_000_000)
  server.closeAllConnections()
  server.close()
})

test('a file that would take more parts than S3 has is refused before a byte is sent', async () => {
  const { destination } = bed.landings.s3
  const place = { path: 'large', filename: 'large.bin' }
  const call = { signal: new AbortController().signal, traceparent: '', correlationId: 'c-1' }
  const plan = { place, transferId: 't', mustBeNew: true, sha256: undefined, mediaType: 'x/y' }

  const opening = destination.open({ ...plan, size: 100_000_000_000 }, call)

  await expect(opening).rejects.toMatchObject({ code: 'source-too-large', retryable: false })
  expect(bed.landings.s3.unfinished()).toBe(0)
})

test.each(['signed-in', 'served'] as const)(
  'an SFTP server that falls silent when we are %s is given up',
  async (silent) => {
    const { door, destinations } = openDoor(bed.facts, { idleMs: 1_000 })
    bed.serve(fileServer(Buffer.from('x')))
    bed.sftp.silent = silent

    const moving = move(bed, 'sftp', { to: destinations.sftp }).finally(() => {
      bed.sftp.silent = undefined
      door.close()
    })

    await expect(moving).rejects.toMatchObject({ code: 'destination-unreachable' })
  },
)

test('an SFTP destination without a folder has its files below the root', async () => {
  const path = randomBytes(6).toString('hex')
  bed.serve(fileServer(Buffer.from('x')))
  const { sftpClientKey: privateKey, sftpHostKey: hostKey } = bed.facts
  const at = { host: sftpHost, port: 22, username: 'anteroom', folder: '' }

  await move(bed, 'sftp', {
    path: `${path}/deep`,
    to: bed.door.sftp({ ...at, privateKey, hostKey }),
  })

  expect([...bed.sftp.files.keys()].filter((name) => name.includes(path))).toEqual([
    `/${path}/deep/permit.pdf`,
  ])
})

const inBucket = {
  ...{ bucket: 'county', region: 'us-east-1', prefix: 'in' },
  credentials: { accessKeyId: 'AKIAWORKER', secretAccessKey: 'secret' },
}

/** HTTPS, where a worker breaks off before it sends anything. */
function neverSent(): Destination {
  const { destination } = bed.landings.https
  return {
    ...destination,
    open: async (...asked) => ({
      ...(await destination.open(...asked)),
      write: async () => undefined,
      commit: () => Promise.reject(new Error('broken off')),
    }),
  }
}

function put(url: string, bytes: Buffer): void {
  const digest = `sha-256=:${Buffer.from(sha256Of(bytes), 'hex').toString('base64')}:`
  const stored = { bytes, size: bytes.length, digest, headers: {}, trailers: {} }
  bed.receiver.files.set(url, stored)
}

/** Whether a figure has stayed as it was since it was last looked at. */
function isQuiet(figure: () => number): () => boolean {
  let before = -1
  return () => {
    const isSame = figure() === before
    before = figure()
    return isSame
  }
}
