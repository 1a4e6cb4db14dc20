import {
  imageObjectKey,
  imageTagBytes,
  maxImageBytes,
  side,
  sidesOf,
} from '@anteroom/job-contracts'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import type { WebDeps } from '../deps.ts'
import { HttpError } from '../plugins/http-error.ts'
import { sessionAt } from '../proofing/steps.ts'
import { randomId } from '../random-id.ts'
import type { Session, Submission, Upload } from '../session/session.ts'
import type { PresignedUpload } from './image-store.ts'
import { isContentType } from './photo-types.ts'

/** Gives a browser room in S3 for one sealed image, or signs the way to it anew. */
export function uploadRoutes(app: FastifyInstance, deps: WebDeps): void {
  app.post('/verify/document/uploads', { config: { json: true } }, async (request, reply) => {
    const session = sessionAt('photos', deps.config, { request, reply })
    if (!session?.submission) return reply
    const asked = uploadRequest.safeParse(request.body)
    if (!asked.success) throw new HttpError(400, 'FORM_MALFORMED')
    const { submission } = session
    if ('uploadId' in asked.data) {
      const { uploadId } = asked.data
      const known = submission.uploads.find((upload) => upload.uploadId === uploadId)
      // The same for an id of another person and one that nobody has.
      if (!known) throw new HttpError(404, 'UPLOAD_UNKNOWN')
      return { uploadId, ...(await presign(deps, session, { submission, upload: known })) }
    }
    const upload = { uploadId: randomId(), ...asked.data }
    if (!isAcceptable(deps, submission, upload)) throw new HttpError(400, 'FORM_MALFORMED')
    await addUpload(deps, session, upload)
    const presigned = await presign(deps, session, { submission, upload })
    return reply.code(201).send({ uploadId: upload.uploadId, ...presigned })
  })
}

/** Notes in the session that this upload is its own. */
export async function addUpload(deps: WebDeps, session: Session, upload: Upload): Promise<void> {
  const added = await deps.sessions.addUpload(session, upload)
  if (added === 'full') throw new HttpError(429, 'TOO_MANY_UPLOADS')
  if (added === 'changed') throw new HttpError(404, 'SUBMISSION_CHANGED')
}

const uploadRequest = z.union([
  z.strictObject({
    side,
    contentType: z.string().max(100),
    bytes: z.int().min(1).max(maxImageBytes),
  }),
  z.strictObject({ uploadId: z.string().max(100) }),
])

function isAcceptable({ config }: WebDeps, { documentType }: Submission, upload: Upload): boolean {
  return sidesOf(documentType).includes(upload.side) && isContentType(upload.contentType, config)
}

/** Good as long as the session can last; credentials that die earlier make the browser ask again. */
function presign(
  { images, config, now }: WebDeps,
  { createdAt }: Session,
  { submission, upload }: { submission: Submission; upload: Upload },
): Promise<PresignedUpload> {
  const secondsLeft = Math.ceil((createdAt - now()) / 1000) + config.sessionAbsoluteSeconds
  return images.presign(imageObjectKey(submission.submissionId, upload.uploadId), {
    bytes: upload.bytes + imageTagBytes,
    seconds: Math.max(1, secondsLeft),
  })
}
