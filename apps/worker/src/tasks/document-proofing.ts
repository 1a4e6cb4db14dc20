import { type DocumentProblem, jobs, type ResultOf } from '@anteroom/job-contracts'
import { defineTask, type TaskContext } from '../define-task.ts'
import type { Documents, ShownImage } from '../documents/documents.ts'
import { fingerprintsOfFailed, problemsOfBefore } from '../documents/failed-images.ts'
import { type DocumentPayload, fetchImages } from '../documents/fetch-images.ts'
import { ImageStoreError } from '../documents/image-store.ts'
import { lastDayAt } from '../documents/last-day.ts'
import { readByChoice } from '../documents/read-by-choice.ts'
import { readByUs } from '../documents/read-by-us.ts'
import { isFixture, readByVendor } from '../documents/read-by-vendor.ts'
import type { Read, Reading } from '../documents/reading.ts'

export const documentProofing = defineTask(
  jobs.documentProofing,
  ['documents'],
  async (payload, { documents, ...rest }) => {
    if (!documents) throw new ImageStoreError()
    const context = { ...rest, documents }
    const { signal } = context
    context.onceAnswered(() => documents.store.removeSubmission(payload.submissionId))

    const fetched = await fetchImages(payload, documents, signal)
    if (fetched.state === 'refused') return refused(fetched.problems)
    const { images, share } = fetched
    try {
      const known = problemsOfBefore(images, payload.failedImages, documents.fingerprint)
      if (known.length > 0) return refused(known)
      return toResult(await read(payload, images, context), images, context)
    } finally {
      share.giveBack()
    }
  },
)

type Context = TaskContext & { readonly documents: Documents }

type Result = ResultOf<typeof jobs.documentProofing>

function refused(problems: readonly DocumentProblem[]): Result {
  return { verdict: 'refused', problems: [...problems], failedImages: [] }
}

function read(
  { documentType: type }: DocumentPayload,
  images: readonly ShownImage[],
  context: Context,
): Promise<Reading> {
  const { documents, signal, jobId } = context
  const vendor = vendorReader(context)
  const own = readByUs(documents, signal)
  // Nobody but a scripted vendor understands a fixture.
  const isScripted = documents.settings.fixtures && images.some(({ bytes }) => isFixture(bytes))
  if (vendor && isScripted) return vendor({ type, images })
  return readByChoice({ type, images }, { own, vendor }, { jobId, signal, documents })
}

function vendorReader({ ask, signal, vendors, documents }: Context): Read | undefined {
  const { documents: vendor } = vendors
  if (!vendor) return undefined
  const { reader, settings, now } = documents
  return readByVendor({
    reader,
    signal,
    fixtures: settings.fixtures,
    minimumAge: settings.minimumAge,
    today: lastDayAt(now()),
    async ask(question) {
      const { reading } = await ask({
        reading: {
          vendor: 'documents',
          timeoutMs: vendor.timeoutMs,
          call: (options) => vendor.client.read(question, options),
        },
      })
      return reading
    },
  })
}

function toResult(reading: Reading, images: readonly ShownImage[], { documents }: Context): Result {
  if (reading.state === 'read') {
    const { state: _, ...said } = reading
    return { verdict: 'read', ...said }
  }
  const { problems } = reading
  const failedImages = fingerprintsOfFailed(images, problems, documents.fingerprint)
  return { verdict: 'refused', problems: [...problems], failedImages }
}
