import { type OpenedSource, TransferError, type Upload } from '@anteroom/vendor-clients'
import { freeName, safeFileName } from './file-names.ts'
import { jobLost, type Moving, saveOrThrow, takeBack } from './moving.ts'
import type { Step } from './transfer-steps.ts'

export interface Beginning {
  readonly opened: OpenedSource
  readonly kept: Step | undefined
  /** Of the whole file, if it is known before. */
  readonly sha256: string | undefined
  readonly mediaType: string
}

export interface Begun {
  readonly upload: Upload
  readonly filename: string
  readonly before: Step | undefined
}

/** Goes on with the upload of an earlier start if the source still has the same file, or begins one. */
export async function beginUpload(
  moving: Moving,
  { opened, kept, sha256, mediaType }: Beginning,
): Promise<Begun> {
  const { payload, destination, call, steps } = moving
  const { path, transferId, conflict } = payload
  // Two starts with one upload would each write over what the other has sent.
  if (!(await steps.holds())) throw jobLost()
  const plan = {
    transferId,
    mustBeNew: conflict !== 'replace',
    size: opened.size,
    sha256,
    mediaType,
  }
  if (kept && kept.upload !== undefined) {
    const { filename, upload: resume } = kept
    const place = { path, filename }
    const going = { ...plan, place, resume, resumeAtMost: kept.read }
    const upload = await destination.open(going, call)
    const isSame = kept.etag === opened.etag && kept.size === opened.size
    if ((isSame || kept.phase === 'committing') && canGoOn(upload, kept)) {
      return { upload, filename, before: kept }
    }
    await takeBack(moving, upload)
  }
  const filename = kept?.filename ?? (await chooseName(moving, opened, mediaType))
  const upload = await destination.open({ ...plan, place: { path, filename } }, call)
  const state = upload.state()
  // What may still arrive under this name is not forgotten for an upload that has nothing to go on with.
  if (kept?.phase === 'committing' && state === undefined) {
    return { upload, filename, before: undefined }
  }
  const { size, etag } = opened
  await saveOrThrow(steps, {
    ...{ phase: 'moving', filename, upload: state, size, etag, read: 0, sha256: '' },
  })
  return { upload, filename, before: undefined }
}

/**
 * Whether an upload stands where everything in it is known by its hash. Behind what was written down lies what nobody has checked. A
 * piece before it, and the next would be sent before the source has been seen to be the same. Between, the first byte that is sent
 * comes after that.
 */
function canGoOn({ offset, pieceBytes }: Upload, { read }: Step): boolean {
  return read - pieceBytes <= offset && offset <= read
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
