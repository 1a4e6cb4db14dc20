import { randomBytes } from 'node:crypto'
import { pipeline } from 'node:stream/promises'
import {
  type DocumentImage,
  imageObjectKey,
  maxImageBytes,
  type Side,
  sidesOf,
} from '@anteroom/job-contracts'
import type { Multipart, MultipartFile } from '@fastify/multipart'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { WebDeps } from '../deps.ts'
import { hasToken } from '../plugins/csrf.ts'
import { HttpError } from '../plugins/http-error.ts'
import type { SealedImages } from '../proofing/person-data.ts'
import { randomId } from '../random-id.ts'
import type { Session, Submission } from '../session/session.ts'
import { headOf } from './head-of.ts'
import { type HeldImage, ImageStoreError } from './image-store.ts'
import { keepPace } from './pace.ts'
import type { PhotoErrors } from './pages/photos.ts'
import { contentTypeOf, headBytes, isContentType } from './photo-types.ts'
import type { Slots } from './slots.ts'
import { addUpload } from './upload-routes.ts'

export type ReceivedPhotos =
  | { readonly ok: true; readonly images: SealedImages }
  | { readonly ok: false; readonly errors: PhotoErrors }
  /** Too many forms with photos are coming in. */
  | { readonly ok: 'busy' }
  /** This submission has as many photos as it may have. */
  | { readonly ok: 'full' }

interface Receiving {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly session: Session
  readonly submission: Submission
  /** Photos that come in hold memory. */
  readonly slots: Slots
}

/**
 * The photos of a form without scripts: each is sealed as it comes in, and lies in S3 as an object only once all of them
 * are there and none is at fault.
 */
export async function receivePhotos(
  deps: WebDeps,
  { request, reply, session, submission, slots }: Receiving,
): Promise<ReceivedPhotos> {
  // The parser learns of the end of a connection only if it comes later, and would wait for ever.
  if (request.raw.destroyed) throw new HttpError(400, 'REQUEST_GONE')
  const key = randomBytes(32)
  const received = new Map<Side, ReceivedFile>()
  const turn = createTurn(slots, { reply, session })
  keepPace(request.raw)
  try {
    for await (const file of filesOf(request, session)) {
      // Only now: whoever has not shown the token holds up nobody.
      if (!(await turn.begin())) {
        forgetRest(request)
        return { ok: 'busy' }
      }
      const side = sidesOf(submission.documentType).find((name) => name === file.fieldname)
      if (!side || received.has(side)) throw new HttpError(400, 'FORM_MALFORMED')
      received.set(side, await receiveFile(deps, session, { submission, side, file, key }))
    }
    const errors = errorsOf(submission, received)
    const files = [...received.values()]
    if (Object.keys(errors).length > 0) {
      await dropAll(files)
      return { ok: false, errors }
    }
    for (const { held } of files) await held?.keep()
    const images = files.flatMap(({ image }) => image ?? [])
    return { ok: true, images: { key: key.toString('base64url'), images } }
  } catch (error) {
    await dropAll([...received.values()]).catch(() => undefined)
    forgetRest(request)
    if (error instanceof HttpError && error.code === 'TOO_MANY_UPLOADS') return { ok: 'full' }
    throw error
  } finally {
    turn.end()
  }
}

/** Reads what is still coming, so that the answer can be read. */
function forgetRest({ raw }: FastifyRequest): void {
  raw.unpipe()
  raw.resume()
}

/** The turn of one form: begun once, when its first file comes, and ended whether it had begun or not. */
function createTurn(slots: Slots, { reply, session }: Pick<Receiving, 'reply' | 'session'>) {
  const gone = new AbortController()
  const leaving: (() => void)[] = []
  return {
    async begin(): Promise<boolean> {
      if (leaving.length > 0) return true
      reply.raw.once('close', () => gone.abort())
      if (reply.raw.destroyed) gone.abort()
      const leave = await slots.enter(session.slot, gone.signal)
      if (leave) leaving.push(leave)
      return leave !== undefined
    },
    end() {
      for (const leave of leaving) leave()
    },
  }
}

interface ReceivedFile {
  readonly error?: PhotoErrors[Side]
  readonly image?: DocumentImage
  readonly held?: HeldImage
}

const limits = {
  fileSize: maxImageBytes,
  files: 2,
  fields: 10,
  fieldSize: 200,
  fieldNameSize: 50,
  parts: 12,
  headerPairs: 20,
} as const

/** The files of our own form: its token comes before them. What only scripts fill in is empty. */
async function* filesOf(request: FastifyRequest, session: Session): AsyncGenerator<MultipartFile> {
  let isOurs = false
  for await (const part of partsOf(request)) {
    if (part.type === 'file') {
      if (!isOurs) throw new HttpError(403, 'CSRF_TOKEN_WRONG')
      yield part
    } else if (part.fieldname === 'csrf') {
      isOurs = hasToken({ csrf: part.value }, session.csrf)
    } else if (part.value !== '') {
      throw new HttpError(400, 'FORM_MALFORMED')
    }
  }
  if (!isOurs) throw new HttpError(403, 'CSRF_TOKEN_WRONG')
}

async function* partsOf(request: FastifyRequest): AsyncGenerator<Multipart> {
  try {
    yield* request.parts({ limits })
  } catch (error) {
    throw orMalformed(error)
  }
}

async function ofForm<T>(work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    throw orMalformed(error)
  }
}

/** The parser's own errors have no code. Those of the plugin, of S3 and of ours have one, and stay what they are. */
function orMalformed(error: unknown): unknown {
  const isKnown = error instanceof HttpError || error instanceof ImageStoreError
  const hasStatus = error instanceof Error && 'statusCode' in error
  return isKnown || hasStatus ? error : new HttpError(400, 'FORM_MALFORMED')
}

interface Incoming {
  readonly submission: Submission
  readonly side: Side
  readonly file: MultipartFile
  readonly key: Uint8Array
}

async function receiveFile(
  deps: WebDeps,
  session: Session,
  { submission: { submissionId }, side, file, key }: Incoming,
): Promise<ReceivedFile> {
  const { mimetype, filename } = file
  const { head, whole } = await ofForm(headOf(file.file, headBytes))
  // A browser sends an empty file without a name where none was chosen.
  if (!filename) return skip(whole, 'missing')
  if (head.length === 0) return { error: 'damaged' }
  const contentType = contentTypeOf({ mimetype, filename, head })
  if (!isContentType(contentType, deps.config)) return skip(whole, 'wrong-file')

  const image = {
    side,
    uploadId: randomId(),
    iv: randomBytes(12).toString('base64url'),
    contentType,
  }
  await addUpload(deps, session, { ...image, bytes: maxImageBytes })
  const seal = deps.createImageSeal(key, { iv: image.iv, submissionId, side, contentType })
  const objectKey = imageObjectKey(submissionId, image.uploadId)
  const held = await ofForm(
    pipeline(whole, seal, (sealed: AsyncIterable<Uint8Array>) =>
      deps.images.hold(objectKey, sealed),
    ),
  )
  return file.file.truncated ? { error: 'too-large', held } : { image, held }
}

async function skip(
  file: AsyncIterable<Uint8Array>,
  error: NonNullable<PhotoErrors[Side]>,
): Promise<ReceivedFile> {
  await ofForm(readToEnd(file))
  return { error }
}

async function readToEnd(file: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _chunk of file);
}

function errorsOf(
  { documentType }: Submission,
  received: ReadonlyMap<Side, ReceivedFile>,
): PhotoErrors {
  const errors = sidesOf(documentType).map((side) => {
    const file = received.get(side)
    return [side, file ? file.error : ('missing' as const)] as const
  })
  return Object.fromEntries(errors.filter(([, error]) => error !== undefined))
}

async function dropAll(files: readonly ReceivedFile[]): Promise<void> {
  await Promise.all(files.map(({ held }) => held?.drop()))
}
