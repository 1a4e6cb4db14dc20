import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { RequestListener } from 'node:http'
import { setImmediate } from 'node:timers/promises'
import { createBytesSource, type Destination, type Source } from '@anteroom/vendor-clients'
import { moveFile } from '../../apps/worker/src/transfers/move-file.ts'
import type { Step, Steps } from '../../apps/worker/src/transfers/transfer-steps.ts'
import type { TransferPayload } from '../../apps/worker/src/transfers/transfers.ts'
import type { TransferBed } from './transfer-bed.ts'
import { type Kind, sourceHost } from './transfer-door.ts'

export const sha256Of = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/** What a consumer may ask for, with these changes. */
export function order(changes: Partial<TransferPayload> = {}): TransferPayload {
  return {
    transferId: randomBytes(16).toString('base64url'),
    destination: 'county-records',
    consumer: 'permits-office',
    source: {
      type: 'url',
      url: `https://${sourceHost}/permit.pdf?signature=abc`,
      hosts: [sourceHost],
    },
    path: 'permits/2026',
    conflict: 'fail',
    maxBytes: 100_000_000,
    correlationId: 'c-1',
    ...changes,
  }
}

/** What is written down between starts, in this process. */
export function stepsInMemory(): Steps & { kept: Step | undefined; stopped: boolean } {
  const steps = {
    kept: undefined as Step | undefined,
    stopped: false,
    read: async () => steps.kept,
    async save(step: Step) {
      steps.kept = JSON.parse(JSON.stringify(step))
      return true
    },
    async forget() {
      steps.kept = undefined
    },
    holds: async () => true,
    mustStop: async () => steps.stopped,
  }
  return steps
}

/** Moves a file from the bed's source to one of its destinations. */
export function move(
  bed: TransferBed,
  kind: Kind,
  {
    steps = stepsInMemory(),
    to = bed.landings[kind].destination,
    ...changes
  }: Partial<TransferPayload> & { steps?: Steps; to?: Destination } = {},
) {
  const payload = order(changes)
  return moveFile({
    payload,
    source: sourceOf(bed, payload),
    destination: to,
    call: { signal: new AbortController().signal, traceparent: '', correlationId: 'c-1' },
    steps,
    progress: async () => undefined,
    now: Date.now,
    taken: () => undefined,
  })
}

/** As a worker finds it. */
export function sourceOf(
  { door, facts }: Pick<TransferBed, 'door' | 'facts'>,
  { source }: Pick<TransferPayload, 'source'>,
): Source {
  switch (source.type) {
    case 'url':
      return door.urlSource(source)
    case 's3':
      return door.s3Sources({
        region: 'us-east-1',
        endpoint: facts.s3Url,
        credentials: { accessKeyId: 'AKIAWORKER', secretAccessKey: 'secret' },
      })(source)
    case 'credential':
      return createBytesSource(Buffer.from(source.pdf, 'base64'))
  }
}

export interface ServeOptions {
  readonly etag?: string
  /** As if it did not know how long the file is. */
  readonly chunked?: boolean
  readonly disposition?: string
  /** Called when so much has been sent; its connection is cut if this says so. */
  readonly at?: {
    readonly bytes: number
    readonly act: () => Promise<'cut' | 'on'> | 'cut' | 'on'
  }
}

/** A source with a file of so many bytes that nobody holds. */
export function longFile(bytes: number): RequestListener {
  const chunk = randomBytes(256 * 1024)
  return async (_request, response) => {
    response.writeHead(200, { 'content-length': bytes })
    response.on('error', () => undefined)
    const closed = once(response, 'close').catch(() => undefined)
    for (let left = bytes; left > 0 && !response.destroyed; left -= chunk.length) {
      const isRoom = response.write(chunk.subarray(0, Math.min(left, chunk.length)))
      if (!isRoom) await Promise.race([once(response, 'drain'), closed])
    }
    response.end()
  }
}

/** A source with this file, which knows ranges if it has an ETag. */
export function fileServer(file: Uint8Array, options: ServeOptions = {}): RequestListener {
  const { etag, chunked = false, disposition, at } = options
  return async (request, response) => {
    const [, text] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? []
    const isRest = text !== undefined && etag !== undefined && request.headers['if-range'] === etag
    const from = isRest ? Number(text) : 0
    response.writeHead(isRest ? 206 : 200, {
      ...(etag && { etag }),
      ...(disposition && { 'content-disposition': disposition }),
      ...(!chunked && { 'content-length': file.length - from }),
      ...(isRest && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
    })
    response.on('error', () => undefined)
    const closed = once(response, 'close').catch(() => undefined)
    for (let sent = from; sent < file.length && !response.destroyed; sent += 65_536) {
      const end = Math.min(sent + 65_536, file.length)
      const isHere = at !== undefined && sent <= at.bytes && at.bytes < end
      if (isHere && (await at.act()) === 'cut') {
        // What was sent before arrives.
        setTimeout(() => response.destroy(), 200)
        return
      }
      if (!response.write(file.subarray(sent, end))) {
        await Promise.race([once(response, 'drain'), closed])
      }
      await setImmediate()
    }
    response.end()
  }
}
