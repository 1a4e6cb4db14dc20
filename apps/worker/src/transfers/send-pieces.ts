import { type OpenedSource, release, TransferError, type Upload } from '@anteroom/vendor-clients'
import { createPrefixHash, type PrefixHash } from './prefix-hash.ts'
import { TransferProblemError } from './transfer-problem-error.ts'
import type { Step, Steps } from './transfer-steps.ts'

export interface Piecewise {
  /** What has not been sent: it is sent with the commit. May be empty. */
  readonly last: Uint8Array
  readonly size: number
  readonly sha256: string
  readonly etag: string | undefined
}

export interface Sending {
  readonly bytes: AsyncIterable<Uint8Array>
  readonly opened: OpenedSource
  readonly upload: Upload
  readonly filename: string
  /** What an earlier start wrote down. */
  readonly before: Step | undefined
  readonly payload: { readonly maxBytes: number }
  readonly steps: Steps
  readonly progress: (bytes: number) => Promise<void>
  /** The destination has taken a piece. */
  readonly taken: () => void
}

/** How often it is written down how far it is, told, and asked whether to stop. */
const lookEveryMs = 2_000

/**
 * Sends a file piece by piece, and keeps the last one back. It holds one piece in memory, and reads on when that has been sent.
 */
export async function sendPieces(sending: Sending): Promise<Piecewise> {
  const { bytes, opened, upload, before, payload } = sending
  const hash = createPrefixHash(before)
  const piece = Buffer.allocUnsafeSlow(upload.pieceBytes)
  const look = lookNowAndThen(sending, hash)
  let filled = 0
  let size = 0

  try {
    for await (const chunk of bytes) {
      hash.update(chunk)
      upload.see?.(chunk)
      // What is there already is only read.
      let fresh = chunk.subarray(Math.min(Math.max(upload.offset - size, 0), chunk.length))
      size += chunk.length
      if (size > payload.maxBytes) throw new TransferError('source-too-large')
      while (fresh.length > 0) {
        if (filled === piece.length) {
          await upload.write(piece)
          sending.taken()
          filled = 0
        }
        const taken = fresh.subarray(0, piece.length - filled)
        piece.set(taken, filled)
        filled += taken.length
        fresh = fresh.subarray(taken.length)
      }
      release(chunk)
      if (look.isDue()) await look.now(size)
    }
  } catch (error) {
    // What was sent since the last look is of use to the next start only if it is written down.
    await look.save().catch(() => undefined)
    throw error
  }

  if (opened.size !== undefined && size !== opened.size)
    throw new TransferError('source-incomplete')
  if (size < upload.offset) throw new TransferError('source-changed')
  return { last: piece.subarray(0, filled), size, sha256: hash.end(), etag: opened.etag }
}

function lookNowAndThen(sending: Sending, hash: PrefixHash) {
  const { upload, filename, opened, before, steps, progress } = sending
  let lookedAt = performance.now()

  async function save(): Promise<void> {
    const { size, etag } = opened
    const state = upload.state()
    // That a file was about to be shown is not forgotten: all that is to be sent of it then is its end, with the commit.
    if (state === undefined || before?.phase === 'committing') return
    const step = { phase: 'moving', filename, upload: state, size, etag, ...hash.prefix() } as const
    if (!(await steps.save(step))) {
      throw new TransferError('destination-unreachable', { cause: 'JOB_LOST' })
    }
  }

  async function now(bytes: number): Promise<void> {
    await save()
    if (await steps.mustStop()) throw new TransferProblemError('cancelled')
    await progress(bytes)
    lookedAt = performance.now()
  }

  return { isDue: () => performance.now() - lookedAt >= lookEveryMs, now, save }
}
