import { documentType, sidesOf } from '@anteroom/job-contracts'
import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { WebDeps } from '../deps.ts'
import { parseForm } from '../plugins/forms.ts'
import { HttpError } from '../plugins/http-error.ts'
import { photosHeaders } from '../plugins/security.ts'
import { countedAs } from '../proofing/counted-as.ts'
import { limitedPage } from '../proofing/pages/limited.ts'
import { sendPausedPage } from '../proofing/paused.ts'
import type { SealedImages } from '../proofing/person-data.ts'
import { sessionAt } from '../proofing/steps.ts'
import { submit } from '../proofing/submit.ts'
import { waitingPartner } from '../proofing/waiting-partner.ts'
import { maxUploads, type Session, type Submission } from '../session/session.ts'
import { beginSubmission } from './begin-submission.ts'
import { busyPage } from './pages/busy.ts'
import { choosePage } from './pages/choose.ts'
import { type PhotoErrors, photosPage } from './pages/photos.ts'
import { readPage } from './pages/read.ts'
import { parsePhotos } from './photos-form.ts'
import { receivePhotos } from './receive-photos.ts'
import { createSlots } from './slots.ts'
import { uploadRoutes } from './upload-routes.ts'

/** Files and JSON are taken here and nowhere else. */
const jsonBytes = 1_024
/** Photos that are sealed here hold memory while they come in. */
const formsAtOnce = { atOnce: 16, inLine: 32 } as const

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
    const paused = sendPausedPage(deps, reply, 'document-proofing')
    if (paused) return paused
    return (await sendLimitedPage(deps, reply, session)) ?? reply.page(choosePage)
  })

  app.post('/verify/document', async (request, reply) => {
    const session = sessionAt('document', deps.config, { request, reply })
    if (!session) return reply
    const { documentType } = parseForm(chooseForm, request)
    return beginSubmission(deps, { request, reply, session, documentType })
  })
}

/** Nobody takes photos that cannot be handed in. Undefined while there are tries left. */
async function sendLimitedPage(
  deps: WebDeps,
  reply: FastifyReply,
  session: Session,
): Promise<FastifyReply | undefined> {
  const { attempts, limits, fingerprints } = deps
  const check = 'document-proofing' as const
  const { left, retryAt } = await attempts.usesLeft(
    limits.person(check, countedAs(fingerprints, session)),
  )
  if (left > 0 || retryAt === undefined) return undefined
  const partner = await waitingPartner(deps, session)
  return reply.page((view) => limitedPage(view, { check, retryAt, isOver: false, partner }))
}

const chooseForm = z.strictObject({ documentType })

function photosRoutes(app: FastifyInstance, deps: WebDeps): void {
  const slots = createSlots(formsAtOnce)

  app.get('/verify/document/photos', async (request, reply) => {
    const session = sessionAt('photos', deps.config, { request, reply })
    if (!session?.submission) return reply
    const paused = sendPausedPage(deps, reply, 'document-proofing')
    if (paused) return paused
    const limited = await sendLimitedPage(deps, reply, session)
    if (limited) return limited
    const { submission } = session
    if (hasRoom(submission)) return sendPhotosPage(deps, reply, { session, submission, errors: {} })
    const { documentType } = submission
    return beginSubmission(deps, { request, reply, session, documentType })
  })

  const takesFiles = { config: { takesFiles: true } } as const
  app.post('/verify/document/photos', takesFiles, async (request, reply) => {
    const session = sessionAt('photos', deps.config, { request, reply })
    if (!session?.submission) return reply
    const paused = sendPausedPage(deps, reply, 'document-proofing')
    if (paused) return paused
    const { submission } = session
    const photos = request.isMultipart()
      ? await receivePhotos(deps, { request, reply, session, submission, slots })
      : parsePhotos(request.body, submission)
    if (photos.ok === 'malformed') throw new HttpError(400, 'FORM_MALFORMED')
    if (photos.ok === 'busy') return reply.code(503).header('retry-after', '60').page(busyPage)
    if (photos.ok === 'full') return reply.redirect('/verify/document/photos', 303)
    if (!photos.ok) {
      const errors = withOthers(submission, photos.errors)
      return sendPhotosPage(deps, reply.code(422), { session, submission, errors })
    }
    return handIn(deps, { request, reply, session, images: photos.images })
  })
}

/** Each side once more, at least. */
function hasRoom({ documentType, uploads }: Submission): boolean {
  return uploads.length + sidesOf(documentType).length <= maxUploads
}

/** A browser forgets every photo of a form that it sent, so those with nothing wrong are to be chosen again as well. */
function withOthers({ documentType }: Submission, errors: PhotoErrors): PhotoErrors {
  const sides = sidesOf(documentType)
  return Object.fromEntries(sides.map((side) => [side, errors[side] ?? ('again' as const)]))
}

interface ShownPhotos {
  readonly session: Session
  readonly submission: Submission
  readonly errors: PhotoErrors
}

async function sendPhotosPage(
  { config, images, personData }: WebDeps,
  reply: FastifyReply,
  { session, submission, errors }: ShownPhotos,
): Promise<FastifyReply> {
  const { submissionId, documentType } = submission
  const presigned = config.docAuthEnablePresignedS3Urls
  const problems = await personData.openProblems(session)
  if (presigned) reply.headers(photosHeaders(await images.origin()))
  return reply.page((view) =>
    photosPage(view, {
      documentType,
      sides: sidesOf(documentType),
      submissionId,
      fixtures: config.documentFixtures,
      presigned,
      problems,
      errors,
    }),
  )
}

interface HandIn {
  readonly request: FastifyRequest
  readonly reply: FastifyReply
  readonly session: Session
  readonly images: SealedImages
}

/** The key stays in the session for a while, so that a check that came to nothing can be repeated as it was. */
async function handIn(
  deps: WebDeps,
  { request, reply, session, images }: HandIn,
): Promise<FastifyReply> {
  const changes = {
    imageKey: await deps.personData.sealImages(session, images),
    imagesSubmittedAt: deps.now(),
  }
  const going = {
    ...{ request, reply },
    check: 'document-proofing',
    otherwise: '/verify/document/photos',
  } as const
  if (await deps.sessions.patch(session, changes, 'no-attempt')) {
    return submit(deps, { ...going, session: { ...session, ...changes } })
  }
  // A check is on its way: of another click, or of a process that died over it. That one goes on, as it was.
  const current = await deps.sessions.load(session.id)
  if (!current || current.attempt) return reply.redirect('/verify/wait', 303)
  return submit(deps, { ...going, session: current })
}

function readRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.get('/verify/document/read', async (request, reply) => {
    const session = sessionAt('read', deps.config, { request, reply })
    const document = session && (await deps.personData.openDocument(session))
    if (!document || !session.documentPass) return reply
    const { attemptId, toConfirm } = session.documentPass
    // Not before: a session that is lost on the way to this page must find the attempt open.
    await deps.attempts.close(attemptId)
    return reply.page((view) => readPage(view, { document, attemptId, toConfirm }))
  })

  app.post('/verify/document/read', async (request, reply) => {
    const session = sessionAt('read', deps.config, { request, reply })
    if (!session) return reply
    const { attemptId: confirmedDocument } = parseForm(yesForm, request)
    // A page left open from an earlier reading says nothing of the one there is now.
    if (confirmedDocument !== session.documentPass?.attemptId) {
      return reply.redirect('/verify/document/read', 303)
    }
    await deps.sessions.patch(session, { confirmedDocument }, 'no-attempt')
    return reply.redirect('/verify/details', 303)
  })
}

const yesForm = z.strictObject({ attemptId: z.string().max(100) })
