import type { DocumentProblem } from '@anteroom/job-contracts'
import type { DocumentFile, DocumentQuestion, VendorReading } from '@anteroom/vendor-clients'
import type { Documents, ShownImage } from './documents.ts'
import { judgeVendorReading, type Rules } from './judge-vendor-reading.ts'
import type { Read } from './reading.ts'
import { isTooSlow } from './too-slow.ts'

export interface VendorReaderOptions extends Rules {
  readonly reader: Documents['reader']
  readonly signal: AbortSignal
  /** Whether a text file is sent as it is, for a vendor that is scripted by it. */
  readonly fixtures: boolean
  readonly ask: (question: DocumentQuestion) => Promise<VendorReading>
}

/** A vendor. It gets images that we have decoded and encoded anew, and is not asked about what is none. */
export function readByVendor({ ask, ...options }: VendorReaderOptions): Read {
  return async ({ type, images }) => {
    const files = await Promise.all(images.map((image) => toFile(image, options)))
    const problems = files.filter((file) => 'reason' in file)
    if (problems.length > 0) return { state: 'refused', problems }
    if (isOneFileTwice(images, options)) {
      return { state: 'refused', problems: [{ side: 'both', reason: 'same-image' }] }
    }
    const reading = await ask({ type, images: files.filter((file) => 'bytes' in file) })
    return judgeVendorReading(reading, type, options)
  }
}

/** A text small enough to script a pretend reading. What it says is the vendor's to understand. */
export function isFixture(bytes: Uint8Array): boolean {
  return bytes.length <= maxFixtureBytes && readableText.test(Buffer.from(bytes).toString('utf8'))
}

const maxFixtureBytes = 16 * 1024
const readableText = /^[\t\n\r\u0020-\u007e\u00a0-\ufffc]*$/

/** A fixture says what both sides hold. */
function isOneFileTwice(
  [first, second]: readonly ShownImage[],
  { fixtures }: Pick<VendorReaderOptions, 'fixtures'>,
): boolean {
  if (!first || !second || Buffer.compare(first.bytes, second.bytes) !== 0) return false
  return !(fixtures && isFixture(first.bytes))
}

async function toFile(
  { side, bytes }: ShownImage,
  { reader, signal, fixtures }: Omit<VendorReaderOptions, 'ask'>,
): Promise<DocumentFile | DocumentProblem> {
  if (fixtures && isFixture(bytes)) return { side, contentType: 'text/yaml', bytes }
  const vetted = await reader.vet({ bytes, signal }).catch((error: unknown): 'damaged' => {
    if (isTooSlow(error)) return 'damaged'
    throw error
  })
  if (typeof vetted === 'string') return { side, reason: vetted }
  return { side, contentType: 'image/jpeg', bytes: vetted.bytes }
}
