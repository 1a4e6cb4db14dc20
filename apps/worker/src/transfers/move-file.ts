import type { jobs, ResultOf } from '@anteroom/job-contracts'
import {
  type Destination,
  isSameFile,
  type OpenedSource,
  type Source,
  type TransferCall,
  TransferError,
  type Upload,
} from '@anteroom/vendor-clients'
import { freeName, safeFileName } from './file-names.ts'
import { measure } from './measure.ts'
import { mediaTypeOf } from './media-type.ts'
import { type Piecewise, sendPieces } from './send-pieces.ts'
import { TransferProblemError } from './transfer-problem-error.ts'
import type { Committing, Step, Steps } from './transfer-steps.ts'
import type { TransferPayload } from './transfers.ts'

export interface Moving {
  readonly payload: TransferPayload
  readonly source: Source
  readonly destination: Destination
  readonly call: TransferCall
  readonly steps: Steps
  /** Tells how many bytes have been moved. */
  readonly progress: (bytes: number) => Promise<void>
}

export type Moved = ResultOf<typeof jobs.documentTransfer>

/**
 * Moves one file. However often it is begun, the whole file stands at its destination once, under one name, or nothing does: the
 * last bytes leave when the rest was found right, and before that it is written down what will then stand there.
 */
export async function moveFile(moving: Moving): Promise<Moved> {
  const { payload, steps } = moving
  const kept = await steps.read()
  if (kept?.phase === 'committing' && (await standsThere(moving, kept))) return movedAs(kept)
  if (await steps.mustStop()) return await stop(moving, kept)

  const known = payload.sha256
  const opened = await moving.source.open(moving.call)
  try {
    if ((opened.size ?? 0) > payload.maxBytes) throw new TransferError('source-too-large')
    if (opened.size === undefined && moving.destination.needsSize) {
      const { size, sha256 } = await measure(opened, payload.maxBytes)
      const again = await moving.source.open(moving.call)
      return await moveOpened(moving, { opened: { ...again, size }, kept, sha256 })
    }
    return await moveOpened(moving, { opened, kept, sha256: known })
  } finally {
    opened.close()
  }
}

interface Given {
  readonly opened: OpenedSource
  readonly kept: Step | undefined
  /** Of the whole file, if it is known before. */
  readonly sha256: string | undefined
}

async function moveOpened(moving: Moving, given: Given): Promise<Moved> {
  const { opened } = given
  const chunks = opened.bytes[Symbol.asyncIterator]()
  const first = await chunks.next()
  const mediaType = mediaTypeOf(first.done ? new Uint8Array() : first.value)
  const bytes = startingWith(first, chunks)
  let upload: Upload | undefined
  try {
    const begun = await begin(moving, { ...given, mediaType })
    upload = begun.upload
    const sent = await sendPieces({ ...moving, ...begun, bytes, opened })
    return await finish(moving, { ...begun, ...sent, mediaType })
  } catch (error) {
    const late = await cameLate(moving, given.kept)
    if (late) await upload?.abort()
    else await giveUp(moving, upload, error)
    if (late) return late
    throw error
  } finally {
    opened.close()
  }
}

/**
 * What an earlier start sent may have been on its way still when this one looked for it: then it is what is in the way now, and
 * the file that was to stand there.
 */
async function cameLate(moving: Moving, kept: Step | undefined): Promise<Moved | undefined> {
  if (kept?.phase !== 'committing' || moving.call.signal.aborted) return undefined
  return (await standsThere(moving, kept)) ? movedAs(kept) : undefined
}

async function* startingWith(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  for (let next = first; !next.done; next = await rest.next()) yield next.value
}

interface Begun {
  readonly upload: Upload
  readonly filename: string
  readonly before: Step | undefined
}

/** Goes on with the upload of an earlier start if the source still has the same file, or begins one. */
async function begin(
  moving: Moving,
  { opened, kept, sha256, mediaType }: Given & { readonly mediaType: string },
): Promise<Begun> {
  const { payload, destination, call, steps } = moving
  const { path, transferId, conflict } = payload
  const plan = {
    transferId,
    mustBeNew: conflict !== 'replace',
    size: opened.size,
    sha256,
    mediaType,
  }
  if (kept && kept.upload !== undefined) {
    const { filename, upload: resume } = kept
    const upload = await destination.open({ ...plan, place: { path, filename }, resume }, call)
    const isSame = kept.etag === opened.etag && kept.size === opened.size
    if (isSame || kept.phase === 'committing') return { upload, filename, before: kept }
    await upload.abort()
  }
  const filename = kept?.filename ?? (await chooseName(moving, opened, mediaType))
  const upload = await destination.open({ ...plan, place: { path, filename } }, call)
  // What may still arrive under this name is not forgotten for an upload that has nothing to go on with.
  if (kept?.phase === 'committing') return { upload, filename, before: undefined }
  const { size, etag } = opened
  await saveOrThrow(steps, {
    ...{ phase: 'moving', filename, upload: upload.state(), size, etag, read: 0, sha256: '' },
  })
  return { upload, filename, before: undefined }
}

/** That another start has the job is told as any trouble: what this one says is not heard anyway. */
async function saveOrThrow(steps: Steps, step: Step): Promise<void> {
  if (!(await steps.save(step))) {
    throw new TransferError('destination-unreachable', { cause: 'JOB_LOST' })
  }
}

async function chooseName(
  { payload, destination, call }: Moving,
  { suggestedName }: OpenedSource,
  mediaType: string,
): Promise<string> {
  const { path, conflict, transferId } = payload
  const fallback = `file-${transferId}${mediaType === 'application/pdf' ? '.pdf' : ''}`
  const wanted = payload.filename ?? safeFileName(suggestedName, fallback)
  const isFree = async (filename: string) =>
    (await destination.find({ path, filename }, call)) === undefined
  switch (conflict) {
    case 'replace':
      return wanted
    case 'fail':
      if (await isFree(wanted)) return wanted
      throw new TransferError('file-exists')
    case 'rename':
      return await freeName(wanted, isFree)
  }
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
    ...{ upload: upload.state(), etag: sent.etag },
  }
  await saveOrThrow(steps, step)
  await upload.commit(last, sha256)
  if (!(await standsThere(moving, step))) {
    // What is wrong there is nobody's file. What was replaced is gone.
    await destination.remove({ path: payload.path, filename }, call)
    await steps.forget()
    throw new TransferError('destination-unreachable', { cause: 'NOT_THE_SAME' })
  }
  return movedAs(step)
}

async function standsThere(
  { destination, payload: { path }, call }: Moving,
  step: Committing,
): Promise<boolean> {
  const found = await destination.find({ path, filename: step.filename }, call)
  return found !== undefined && isSameFile(found, step)
}

function movedAs({ filename, sha256, size: bytes, mediaType }: Committing): Moved {
  return { filename, sha256, bytes, mediaType }
}

/** Ends what an earlier start has begun, as far as it can be ended, and says that it was stopped. */
async function stop(
  { payload, destination, steps, call }: Moving,
  kept: Step | undefined,
): Promise<never> {
  if (kept && kept.upload !== undefined) {
    const { path, transferId } = payload
    const place = { path, filename: kept.filename }
    const plan = { place, transferId, mustBeNew: true, size: kept.size, sha256: undefined }
    const resume = { ...plan, mediaType: 'application/octet-stream', resume: kept.upload }
    const upload = await destination.open(resume, call).catch(() => undefined)
    await upload?.abort()
  }
  await steps.forget()
  throw new TransferProblemError('cancelled')
}

/** After trouble that passes the upload stays for the next start. What nobody will go on with is taken back. */
async function giveUp(
  { payload, steps, call }: Moving,
  upload: Upload | undefined,
  error: unknown,
): Promise<void> {
  if (call.signal.aborted) return
  const { code, retryable, startOver } = troubleOf(error)
  const isTaken = code === 'file-exists' && payload.conflict === 'rename'
  if (retryable && !startOver) return
  await upload?.abort()
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
