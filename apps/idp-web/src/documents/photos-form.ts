import { type DocumentImage, jobs, type Side, sidesOf } from '@anteroom/job-contracts'
import { z } from 'zod'
import type { SealedImages } from '../proofing/person-data.ts'
import type { Submission } from '../session/session.ts'

/** A side without a photo of this submission. */
export type NotSent = Partial<Readonly<Record<Side, 'missing' | 'not-sent'>>>

export type PhotosForm =
  | { readonly ok: true; readonly images: SealedImages }
  | { readonly ok: false; readonly errors: NotSent }
  /** Not what our page sends. */
  | { readonly ok: 'malformed' }

/**
 * What the script of the capture page hands in: the key, and where each image was sent. An upload counts only if it was
 * given out to this session, for this submission and this side; of any other it is not even said whether there is one.
 */
export function parsePhotos(body: unknown, submission: Submission): PhotosForm {
  const form = formSchema.safeParse(body ?? {})
  if (!form.success) return { ok: 'malformed' }
  const wanted = sidesOf(submission.documentType)
  const found = wanted.map((side) => ({ side, ...imageOf(form.data, submission, side) }))
  const errors = Object.fromEntries(
    found.flatMap(({ side, error }) => (error ? [[side, error]] : [])),
  )
  if (Object.keys(errors).length > 0) return { ok: false, errors }

  const images = found.flatMap(({ image }) => image ?? [])
  const key = imageKey.safeParse(form.data.imageKey)
  const isSound = key.success && images.length === wanted.length && haveDifferentIvs(images)
  return isSound ? { ok: true, images: { key: key.data, images } } : { ok: 'malformed' }
}

const { imageKey, images: imagesSchema } = jobs.documentProofing.payload.shape
const { iv: ivSchema } = imagesSchema.element.shape

const typed = z.string().max(200).optional()
const formSchema = z.strictObject({
  imageKey: typed,
  front_upload: typed,
  front_iv: typed,
  front_type: typed,
  back_upload: typed,
  back_iv: typed,
  back_type: typed,
})

interface Found {
  readonly image?: DocumentImage
  readonly error?: 'missing' | 'not-sent'
}

function imageOf(form: z.output<typeof formSchema>, { uploads }: Submission, side: Side): Found {
  const { [`${side}_upload` as const]: uploadId = '', [`${side}_iv` as const]: given } = form
  if (uploadId === '') return { error: 'missing' }
  const upload = uploads.find((one) => one.uploadId === uploadId && one.side === side)
  if (!upload || upload.contentType !== form[`${side}_type`]) return { error: 'not-sent' }
  const iv = ivSchema.safeParse(given)
  return iv.success
    ? { image: { side, uploadId, iv: iv.data, contentType: upload.contentType } }
    : {}
}

/** AES-GCM under one key with one IV twice gives both images away. */
function haveDifferentIvs(images: readonly DocumentImage[]): boolean {
  return new Set(images.map(({ iv }) => iv)).size === images.length
}
