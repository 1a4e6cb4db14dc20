import { randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createQuickXorHash } from '@anteroom/vendor-clients'
import type { Arrival, ConflictBehaviour } from './drive.ts'
import { GraphError } from './graph-error.ts'

/** Every fragment but the last is a multiple of this long (Graph, `createUploadSession`). */
const fragmentUnit = 320 * 1024
const largestFragment = 60 * 1024 * 1024

export interface SessionPlan {
  readonly folder: string
  readonly name: string
  readonly conflict: ConflictBehaviour
  readonly directory: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

export interface UploadSession {
  /** What its address ends with: whoever has it may write here. */
  readonly secret: string
  readonly plan: SessionPlan
  /** As Graph says it: where the next fragment begins. */
  nextExpected(): string
  /** Takes one fragment. Undefined as long as others are missing; then the whole file. @throws GraphError */
  take(contentRange: string | undefined, body: Readable): Promise<Arrival | undefined>
  drop(): Promise<void>
}

/** One file that comes in fragments, in order, each exactly once. Nothing of it is in the drive before the last. */
export function createUploadSession(plan: SessionPlan): UploadSession {
  const secret = randomBytes(24).toString('base64url')
  const file = join(plan.directory, `upload-${secret}`)
  const hash = createQuickXorHash()
  let received = 0
  let total: number | undefined
  let busy = false

  async function write(range: Range, body: Readable): Promise<void> {
    const parts: Uint8Array[] = []
    let bytes = 0
    const counted = async function* (chunks: AsyncIterable<Uint8Array>) {
      for await (const chunk of chunks) {
        bytes += chunk.length
        if (bytes > range.length) throw new GraphError(400, 'invalidRequest')
        parts.push(chunk)
        yield chunk
      }
    }
    try {
      await pipeline(body, counted, createWriteStream(file, { flags: 'a' }))
      if (bytes !== range.length) throw new GraphError(400, 'invalidRequest')
    } catch (error) {
      // Half a fragment counts as none.
      await truncate(file, received).catch(() => undefined)
      throw error
    }
    for (const part of parts) hash.update(part)
    received += bytes
  }

  return {
    secret,
    plan,
    nextExpected: () => `${received}-`,
    async take(contentRange, body) {
      const range = readRange(contentRange)
      if (busy || range.from !== received || (total !== undefined && range.total !== total)) {
        throw new GraphError(416, 'invalidRange')
      }
      const isLast = range.from + range.length === range.total
      if (!isLast && range.length % fragmentUnit !== 0) throw new GraphError(400, 'invalidRequest')
      busy = true
      try {
        await write(range, body)
        total = range.total
      } finally {
        busy = false
      }
      if (!isLast) return undefined
      const { folder, name, conflict } = plan
      return { folder, name, conflict, size: received, quickXorHash: hash.digest(), file }
    },
    drop: () => rm(file, { force: true }),
  }
}

interface Range {
  readonly from: number
  readonly length: number
  readonly total: number
}

function readRange(header: string | undefined): Range {
  const [, from, to, total] = (/^bytes (\d+)-(\d+)\/(\d+)$/.exec(header ?? '') ?? []).map(Number)
  if (from === undefined || to === undefined || total === undefined || to < from || to >= total) {
    throw new GraphError(400, 'invalidRequest')
  }
  const length = to - from + 1
  if (length > largestFragment) throw new GraphError(413, 'requestEntityTooLarge')
  return { from, length, total }
}
