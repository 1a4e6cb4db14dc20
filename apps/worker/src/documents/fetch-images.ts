import { maxVettedBytes } from '@anteroom/document-reader'
import {
  type DocumentImage,
  type DocumentProblem,
  imageObjectKey,
  imageTagBytes,
  type jobs,
  maxImageBytes,
  type PayloadOf,
  sidesOf,
} from '@anteroom/job-contracts'
import type { Share } from './byte-budget.ts'
import type { Documents, ShownImage } from './documents.ts'

export type DocumentPayload = PayloadOf<typeof jobs.documentProofing>

export type Fetched =
  | { readonly state: 'refused'; readonly problems: readonly DocumentProblem[] }
  | {
      readonly state: 'fetched'
      readonly images: readonly ShownImage[]
      /** Give it back when nobody holds the images any more. */
      readonly share: Share
    }

/** Fetches and opens the images of every side that the document has. What is in them is not looked at. */
export async function fetchImages(
  payload: DocumentPayload,
  documents: Documents,
  signal: AbortSignal,
): Promise<Fetched> {
  const fetching = { payload, documents, signal }
  const found = await Promise.all(
    sidesOf(payload.documentType).map((side) => findImage(fetching, side)),
  )
  const missing = problemsIn(found)
  if (missing.length > 0) return { state: 'refused', problems: missing }

  const sealed = found.filter((one) => 'bytes' in one)
  const bytes = sealed.reduce((sum, image) => sum + heldAtMost(image, documents), 0)
  const share = await documents.memory.take(bytes, signal)
  const opening = sealed.map((image) => openImage(fetching, image))
  try {
    const opened = await Promise.all(opening)
    const problems = problemsIn(opened)
    if (problems.length === 0) {
      return { state: 'fetched', images: opened.filter((one) => 'bytes' in one), share }
    }
    share.giveBack()
    return { state: 'refused', problems }
  } catch (error) {
    await Promise.allSettled(opening)
    share.giveBack()
    throw error
  }
}

/** An image is there twice at a time: opened, and before that as it came, after that as a vendor is given it. */
function heldAtMost({ bytes }: SealedImage, { settings }: Documents): number {
  const forVendor = settings.mayAskVendor ? maxVettedBytes : 0
  return bytes + Math.max(bytes, forVendor)
}

interface Fetching {
  readonly payload: DocumentPayload
  readonly documents: Documents
  readonly signal: AbortSignal
}

interface SealedImage {
  readonly image: DocumentImage
  readonly key: string
  readonly bytes: number
}

async function findImage(
  { payload, documents, signal }: Fetching,
  side: DocumentImage['side'],
): Promise<SealedImage | DocumentProblem> {
  const image = payload.images.find((one) => one.side === side)
  if (!image) return { side, reason: 'missing' }
  const key = imageObjectKey(payload.submissionId, image.uploadId)
  const bytes = await documents.store.sizeOf(key, signal)
  if (bytes === undefined) return { side, reason: 'missing' }
  if (bytes <= imageTagBytes) return { side, reason: 'damaged' }
  if (bytes > maxImageBytes + imageTagBytes) return { side, reason: 'too-large' }
  return { image, key, bytes }
}

async function openImage(
  { payload, documents, signal }: Fetching,
  { image, key, bytes }: SealedImage,
): Promise<ShownImage | DocumentProblem> {
  const { side } = image
  const { documentType, submissionId, imageKey } = payload
  const sealed = await documents.store.read(key, bytes, signal)
  if (!sealed) return { side, reason: 'missing' }
  const opened = documents.openImage({ ...image, submissionId, imageKey }, sealed)
  return opened ? { documentType, side, bytes: opened } : { side, reason: 'damaged' }
}

function problemsIn(found: readonly (object | DocumentProblem)[]): DocumentProblem[] {
  return found.filter((one): one is DocumentProblem => 'reason' in one)
}
