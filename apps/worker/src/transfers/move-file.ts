import { isSameFile, type OpenedSource, TransferError, type Upload } from '@anteroom/vendor-clients'
import { type Beginning, type Begun, beginUpload } from './begin-upload.ts'
import { atLeastPace } from './least-pace.ts'
import { beginLooking, type Shown } from './look-again.ts'
import { measure } from './measure.ts'
import { mediaTypeOf } from './media-type.ts'
import { type Moved, type Moving, movedAs, saveOrThrow, takeBack } from './moving.ts'
import { type Piecewise, sendPieces } from './send-pieces.ts'
import { TransferProblemError } from './transfer-problem-error.ts'
import type { Committing, Step } from './transfer-steps.ts'

/**
 * Moves one file. However often it is begun, the whole file stands at its destination once, under one name, or nothing does: the
 * last bytes leave when the rest was found right, and before that it is written down what will then stand there.
 */
export async function moveFile(moving: Moving): Promise<Moved> {
  const { payload, steps } = moving
  const kept = await steps.read()
  const shown = kept?.phase === 'committing' ? await beginLooking(moving, kept) : undefined
  const late = await shown?.()
  if (late) return late
  if (await steps.mustStop()) return await stop(moving, kept)

  const known = payload.sha256
  const opened = await openSource(moving)
  try {
    if ((opened.size ?? 0) > payload.maxBytes) throw new TransferError('source-too-large')
    if (opened.size === undefined && moving.destination.needsSize) {
      const { size, sha256 } = await measure(opened, payload.maxBytes)
      const again = await openSource(moving)
      return await moveOpened(moving, { opened: { ...again, size }, kept, shown, sha256 })
    }
    return await moveOpened(moving, { opened, kept, shown, sha256: known })
  } finally {
    opened.close()
  }
}

async function openSource({ source, payload, call }: Moving): Promise<OpenedSource> {
  const opened = await source.open(call)
  if (opened.mayBeCut && payload.sha256 === undefined) {
    opened.close()
    throw new TransferError('source-refused', { cause: 'LENGTH' })
  }
  return { ...opened, bytes: atLeastPace(opened.bytes) }
}

interface Given extends Omit<Beginning, 'mediaType'> {
  /** Looks once more whether an earlier start's file stands there, if one was about to. */
  readonly shown: Shown | undefined
}

async function moveOpened(moving: Moving, given: Given): Promise<Moved> {
  const { opened } = given
  const chunks = opened.bytes[Symbol.asyncIterator]()
  const first = await chunks.next()
  const mediaType = mediaTypeOf(first.done ? new Uint8Array() : first.value)
  const bytes = startingWith(first, chunks)
  let upload: Upload | undefined
  try {
    const begun = await beginUpload(moving, { ...given, mediaType })
    upload = begun.upload
    const sent = await sendPieces({ ...moving, ...begun, bytes, opened })
    return await finish(moving, { ...begun, ...sent, mediaType })
  } catch (error) {
    // What an earlier start sent may have been on its way still when this one looked for it: then it is what is in the way now.
    const late = moving.call.signal.aborted ? undefined : await given.shown?.()
    if (late) await takeBack(moving, upload)
    else await giveUp(moving, upload, error)
    if (late) return late
    throw error
  } finally {
    opened.close()
  }
}

async function* startingWith(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value
}

type Sent = Omit<Piecewise, 'upload'> & Begun & { readonly mediaType: string }

/** Writes down what is about to stand there, has it shown, and looks whether it does. */
async function finish(moving: Moving, sent: Sent): Promise<Moved> {
  const { payload, steps, destination, call } = moving
  const { upload, filename, last, size, sha256, mediaType } = sent
  if (payload.sha256 !== undefined && payload.sha256 !== sha256) {
    throw new TransferProblemError('hash-mismatch')
  }
  if (await steps.mustStop()) throw new TransferProblemError('cancelled')
  const proof = upload.proof(last)
  const proofs = [`sha256:${sha256}`, ...(proof === undefined ? [] : [proof])]
  const step: Committing = {
    ...{ phase: 'committing', filename, size, sha256, read: size, proofs, mediaType },
    ...{ upload: upload.state(), etag: sent.etag, at: moving.now() },
  }
  await saveOrThrow(steps, step)
  await upload.commit(last, sha256)
  const place = { path: payload.path, filename }
  const found = await destination.find(place, call)
  if (!found || !isSameFile(found, step)) {
    // What is wrong there is nobody's file, unless others may replace it as well.
    if (payload.conflict !== 'replace') {
      await saveOrThrow(steps, step)
      await destination.remove(place, call)
    }
    await steps.forget()
    throw new TransferError('destination-unreachable', { cause: 'NOT_THE_SAME' })
  }
  return movedAs(step)
}

/** Ends what an earlier start has begun, as far as it can be ended, and says that it was stopped. */
async function stop(moving: Moving, kept: Step | undefined): Promise<never> {
  const { payload, destination, steps, call } = moving
  if (kept && kept.upload !== undefined) {
    const { path, transferId } = payload
    const place = { path, filename: kept.filename }
    const plan = { place, transferId, mustBeNew: true, size: kept.size, sha256: undefined }
    const resume = { ...plan, mediaType: 'application/octet-stream', resume: kept.upload }
    const upload = await destination.open(resume, call).catch(() => undefined)
    await takeBack(moving, upload)
  }
  await steps.forget()
  throw new TransferProblemError('cancelled')
}

/** After trouble that passes the upload stays for the next start. What nobody will go on with is taken back. */
async function giveUp(moving: Moving, upload: Upload | undefined, error: unknown): Promise<void> {
  const { payload, steps, call } = moving
  if (call.signal.aborted) return
  const { code, retryable, startOver } = troubleOf(error)
  const isTaken = code === 'file-exists' && payload.conflict === 'rename'
  if (retryable && !startOver) return
  await takeBack(moving, upload)
  await steps.forget()
  // Somebody was quicker with this name; the next start takes another.
  if (isTaken) throw new TransferError('destination-busy', { cause: 'NAME_TAKEN' })
}

interface Trouble {
  readonly code?: string
  readonly retryable: boolean
  readonly startOver: boolean
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof TransferError) return error
  return { retryable: !(error instanceof TransferProblemError), startOver: false }
}
