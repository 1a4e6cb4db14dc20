import { documentType, sidesOf } from '@anteroom/job-contracts'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { WebDeps } from '../deps.ts'
import { rejectFields } from '../plugins/forms.ts'
import { HttpError } from '../plugins/http-error.ts'
import { photosHeaders } from '../plugins/security.ts'
import { limitedPage } from '../proofing/pages/limited.ts'
import type { SealedImages } from '../proofing/person-data.ts'
import { sessionAt } from '../proofing/steps.ts'
import { submit } from '../proofing/submit.ts'
import { maxUploads, type Session, type Submission } from '../session/session.ts'
import { choosePage } from './pages/choose.ts'
import { type PhotoErrors, photosPage } from './pages/photos.ts'
import { readPage } from './pages/read.ts'
import { parsePhotos } from './photos-form.ts'
import { receivePhotos } from './receive-photos.ts'
import { createSlots } from './slots.ts'
import { newSubmission, withoutDocument } from './submission.ts'
import { uploadRoutes } from './upload-routes.ts'

/** Files and JSON are taken here and nowhere else. */
const jsonBytes = 1_024
/** Photos that are sealed here hold memory while they come in. */
const uploadsAtOnce = 16

/** Choosing a document, photographing it, and saying whether it was read right. */
export async function documentRoutes(app: FastifyInstance, deps: WebDeps): Promise<void> {
  if (deps.config.documentProofing === 'off') return
  chooseRoutes(app, deps)
  readRoutes(app, deps)
  await app.register((scope, _options, done) => {
    // A file that is too large is cut, and the person is told; it is no error of the request.
    scope.register(multipart, { throwFileSizeLimit: false })
    const asJson = { parseAs: 'string', bodyLimit: jsonBytes } as const
    const parseJson = scope.getDefaultJsonParser('error', 'error')
    scope.addContentTypeParser('application/json', asJson, parseJson)
    photosRoutes(scope, deps)
    uploadRoutes(scope, deps)
    done()
  })
}

function chooseRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/verify/document', async (request, reply) => {
    const session = sessionAt('document', deps.config, { request, reply })
    if (!session) return reply
    return (await sendLimitedPage(deps, reply, session)) ?? reply.page(choosePage)
  })

  app.post('/verify/document', async (request, reply) => {
    const session = sessionAt('document', deps.config, { request, reply })
    if (!session) return reply
    const chosen = chooseForm.safeParse(request.body)
    if (!chosen.success) throw new HttpError(400, 'FORM_MALFORMED')
    await renewSubmission(deps, session, newSubmission(chosen.data.documentType))
    return reply.redirect('/verify/document/photos', 303)
  })
}

/** Nobody takes photos that cannot be handed in. Undefined while there are tries left. */
async function sendLimitedPage(
  { attempts, limits, fingerprints }: WebDeps,
  reply: FastifyReply,
  { device }: Session,
): Promise<FastifyReply | undefined> {
  const check = 'document-proofing' as const
  const { left, retryAt } = await attempts.usesLeft(
    limits.person(check, fingerprints.person(device)),
  )
  if (left > 0 || retryAt === undefined) return undefined
  return reply.page((view) => limitedPage(view, { check, retryAt, isOver: false }))
}

const chooseForm = z.strictObject({ documentType })

/** Another document, or the same one anew: nothing of the one before holds for it. Not while a check is under way. */
function renewSubmission(
  deps: WebDeps,
  session: Session,
  submission: Submission,
): Promise<boolean> {
  const patch = { ...withoutDocument, submission, imageKey: undefined, answer: undefined }
  return deps.sessions.patch(session, patch, 'no-attempt')
}

function photosRoutes(app: FastifyInstance, deps: WebDeps): void {
  const slots = createSlots(uploadsAtOnce)

  app.get('/verify/document/photos', async (request, reply) => {
    const session = sessionAt('photos', deps.config, { request, reply })
    if (!session?.submission) return reply
    const limited = await sendLimitedPage(deps, reply, session)
    if (limited) return limited
    const { submission } = session
    if (hasRoom(submission)) return sendPhotosPage(deps, reply, { submission, errors: {} })
    await renewSubmission(deps, session, newSubmission(submission.documentType))
    return reply.redirect('/verify/document/photos', 303)
  })

  const takesFiles = { config: { takesFiles: true } } as const
  app.post('/verify/document/photos', takesFiles, async (request, reply) => {
    const session = sessionAt('photos', deps.config, { request, reply })
    if (!session?.submission) return reply
    const { submission } = session
    const photos = request.isMultipart()
      ? await slots.run(() => receivePhotos(deps, request, { session, submission }))
      : parsePhotos(request.body, submission)
    if (photos.ok === 'malformed') throw new HttpError(400, 'FORM_MALFORMED')
    if (!photos.ok) {
      return sendPhotosPage(deps, reply.code(422), { submission, errors: photos.errors })
    }
    return handIn(deps, { request, reply, session, submission, images: photos.images })
  })
}

/** Each side once more, at least. */
function hasRoom({ documentType, uploads }: Submission): boolean {
  return uploads.length + sidesOf(documentType).length <= maxUploads
}

interface ShownPhotos {
  readonly submission: Submission
  readonly errors: PhotoErrors
}

async function sendPhotosPage(
  { config, images }: WebDeps,
  reply: FastifyReply,
  { submission, errors }: ShownPhotos,
): Promise<FastifyReply> {
  const { submissionId, documentType } = submission
  const presigned = config.docAuthEnablePresignedS3Urls
  if (presigned) reply.headers(photosHeaders(await images.origin()))
  return reply.page((view) =>
    photosPage(view, {
      documentType,
      sides: sidesOf(documentType),
      submissionId,
      fixtures: config.documentFixtures,
      presigned,
      errors,
    }),
  )
}

interface HandIn {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly session: Session
  readonly submission: Submission
  readonly images: SealedImages
}

/** The key stays in the session for a while, so that a check that came to nothing can be repeated as it was. */
async function handIn(
  deps: WebDeps,
  { request, reply, session, submission, images }: HandIn,
): Promise<FastifyReply> {
  const changes = {
    imageKey: await deps.personData.sealImages(session, images),
    submission: { ...submission, submittedAt: deps.now() },
  }
  const check = 'document-proofing' as const
  if (await deps.sessions.patch(session, changes, 'no-attempt')) {
    return submit(deps, { request, reply, session: { ...session, ...changes }, check })
  }
  // A check is on its way: of another click, or of a process that died over it. That one goes on, as it was.
  const current = await deps.sessions.load(session.id)
  if (!current || current.attempt) return reply.redirect('/verify/wait', 303)
  return submit(deps, { request, reply, session: current, check })
}

function readRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/verify/document/read', async (request, reply) => {
    const session = sessionAt('read', deps.config, { request, reply })
    const document = session && (await deps.personData.openDocument(session))
    if (!document) return reply
    const toConfirm = session.documentPass?.toConfirm ?? false
    return reply.page((view) => readPage(view, { document, toConfirm }))
  })

  app.post('/verify/document/read', async (request, reply) => {
    const session = sessionAt('read', deps.config, { request, reply })
    if (!session) return reply
    rejectFields(request)
    const confirmedDocument = session.documentPass?.attemptId
    await deps.sessions.patch(session, { confirmedDocument }, 'no-attempt')
    return reply.redirect('/verify/details', 303)
  })
}
